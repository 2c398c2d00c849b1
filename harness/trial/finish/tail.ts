/** After the heal, load goes on until every lane has seen further messages acknowledged: a cluster is healed when it works. */
import type { TrialContext } from '../context.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'

const besidesMs = 15_000

/** A lane whose client does not come back is noted; whether that matters is for its expectations to say. */
export async function waitForTail(context: TrialContext): Promise<void> {
  const { trial, producers, log, signal } = context
  const before = new Map(trial.lanes.map(lane => [lane.id, producers.status(lane.id).acked]))
  const sendingMs = Math.max(
    ...trial.lanes.map(({ workload }) => ((workload.messages ?? 0) * 1000) / workload.ratePerSec),
  )
  const limitMs = besidesMs + sendingMs
  try {
    await waitFor({ what: `${trial.tail} more acked in each lane`, limitMs, intervalMs: 20, signal }, () => {
      producers.assertAlive()
      const short = trial.lanes.filter(lane => {
        const { acked, sent } = producers.status(lane.id)
        // A lane that has a number of messages to send sends them all.
        return lane.workload.messages === undefined
          ? acked - (before.get(lane.id) ?? 0) < trial.tail
          : sent < lane.workload.messages
      })
      return short.length === 0
        ? { value: true, seen: '' }
        : { seen: `short: ${short.map(lane => lane.id).join(', ')}` }
    })
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    log.write({ kind: 'note', text: error.message })
  }
}
