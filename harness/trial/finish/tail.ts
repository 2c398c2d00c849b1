/** The tail of the load: after the heal it goes on until every lane has seen further messages acknowledged. */
import type { TrialContext } from '../context.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'

const graceMs = 15_000

/** A lane that gets none within the limit is noted, not failed: its expectations decide whether that matters. */
export async function waitForTail(
  context: Pick<TrialContext, 'trial' | 'producers' | 'log' | 'signal'>,
  grace = graceMs,
): Promise<void> {
  const { trial, producers, log, signal } = context
  const before = new Map(trial.lanes.map(lane => [lane.id, producers.status(lane.id).acked]))
  const sendingMs = Math.max(
    ...trial.lanes.map(({ workload }) => ((workload.messages ?? 0) * 1000) / workload.ratePerSec),
  )
  const limitMs = grace + sendingMs
  try {
    await waitFor({ what: `${trial.tail} more acked in each lane`, limitMs, intervalMs: 20, signal }, () => {
      producers.assertAlive()
      const short = trial.lanes.filter(lane => {
        const { acked, sent } = producers.status(lane.id)
        // A lane with a fixed number of messages is done when it has sent them.
        return lane.workload.messages === undefined
          ? acked - (before.get(lane.id) ?? 0) < trial.tail
          : sent < lane.workload.messages
      })
      return short.length === 0
        ? { value: true, seen: '' }
        : { seen: `not yet in: ${short.map(lane => lane.id).join(', ')}` }
    })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    log.write({ kind: 'note', text: error.message })
  }
}
