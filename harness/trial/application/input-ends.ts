/** Where the topics that applications read end, once the producers have stopped. */
import { waitFor } from '../../../model/wait.ts'
import type { TrialContext } from '../context.ts'
import type { Fences } from '../finish/fences.ts'

const limitMs = 30_000

/**
 * By lane, each as the offset of the last record. An application would take a fence for a message, so fences are written
 * when it is gone.
 */
export async function inputEnds({
  observer,
  trial,
  signal,
}: Pick<TrialContext, 'observer' | 'trial' | 'signal'>): Promise<Fences> {
  const lanes = new Set(trial.lanes.map(({ id }) => id))
  const partitions = trial.lanes.reduce((sum, { topic }) => sum + topic.partitions, 0)
  return waitFor({ what: 'the ends of what the applications read', limitMs, signal }, async () => {
    const found = await observer.replicaEnds()
    // The observer also follows lanes that dropped out before the load began.
    const known = found.flatMap(({ lane, partition: p, leader, ends }) => {
      const end = ends[leader]
      return end === undefined || !lanes.has(lane) ? [] : [{ lane, p, fenceOffset: end - 1 }]
    })
    const byLane = new Map(Map.groupBy(known, ({ lane }) => lane))
    const seen = `${known.length} of ${partitions} ends`
    return known.length === partitions ? { value: byLane, seen } : { seen }
  })
}
