/** The declared recovery: every broker back, every replica in step, and a fence record that proves it. */
import type { Lane } from '../../../model/plan.ts'
import type { TrialContext } from '../context.ts'
import { waitFor } from '../../../model/wait.ts'

export const recoveryLimitMs = 90_000
const fenceLimitMs = 30_000

/** Waits until everything is whole by what was told after `since`. Throws WaitExpired with the state last seen. */
export async function waitForRecovery({ system, signal }: TrialContext, since: number): Promise<string> {
  return waitFor({ what: 'every replica back in step', limitMs: recoveryLimitMs, signal }, async () => {
    const { whole, seen } = system.recovery(since)
    if (!whole) return { seen }
    const missing = await system.missing()
    return missing.length === 0 ? { value: seen, seen } : { seen: `not back: ${missing.join(', ')}` }
  })
}

export type Fences = Map<string, { p: number; fenceOffset: number; topicUnknown?: true }[]>

/**
 * Writes a fence record to every partition, acknowledged by the full ISR, and waits until each replica's own log ends
 * right behind it: from then on the final log cannot grow, and every replica holds all of it. What a broker still had in
 * its queues when the producers ended may come behind a fence: then that partition gets another.
 */
export async function writeFences(context: TrialContext): Promise<Fences> {
  const { observer, trial, signal } = context
  if (trial.recovery === 'slaves') return sealEnds(context)
  const fences: Fences = new Map()
  for (const lane of trial.lanes) {
    const written: { p: number; fenceOffset: number }[] = []
    for (let p = 0; p < lane.topic.partitions; p++) written.push({ p, fenceOffset: await writeFence(context, lane, p) })
    fences.set(lane.id, written)
  }
  await waitFor({ what: 'every replica ends behind its fence', limitMs: fenceLimitMs, signal }, async () => {
    const ends = await observer.replicaEnds()
    const behind = ends.filter(({ lane, partition, ends: at }) => {
      const fence = fences.get(lane)?.find(known => known.p === partition)
      const view = observer.partitions([lane]).find(({ p }) => p === partition)?.view
      const replicas = trial.recovery === 'masters' ? [view?.leader ?? -1] : (view?.replicas ?? [])
      return !fence || replicas.some(id => at[id] !== fence.fenceOffset + 1)
    })
    const seen = behind.map(({ lane, partition, ends: at }) => `${lane}-${partition}: ${JSON.stringify(at)}`).join('; ')
    if (ends.length > 0 && behind.length === 0) return { value: true, seen }
    for (const { lane, partition, leader, ends: at } of behind) {
      const known = fences.get(lane)?.find(fence => fence.p === partition)
      const laneOf = trial.lanes.find(({ id }) => id === lane)
      if (known && laneOf && (at[leader] ?? 0) > known.fenceOffset + 1)
        known.fenceOffset = await writeFence(context, laneOf, partition)
    }
    return { seen }
  })
  return fences
}

/**
 * No fence can be written where nobody takes messages any more. The end of each partition is then final by itself: it is
 * told twice alike, with the engine's word in between that every master is down. Where every broker that serves says twice
 * that it does not know the topic, nothing can be read: that is an end too, at 0.
 */
async function sealEnds({ system, observer, trial, log, signal }: TrialContext): Promise<Fences> {
  const look = async () =>
    Promise.all(
      (await observer.replicaEnds()).map(async ({ lane, partition, ends }) => {
        const laneOf = trial.lanes.find(({ id }) => id === lane)
        return {
          lane,
          partition,
          ends: Object.entries(ends),
          unknown: laneOf && (await system.topicUnknown(laneOf, partition)),
        }
      }),
    )
  const sealed = await waitFor(
    { what: 'the ends of what the slaves serve', limitMs: fenceLimitMs, signal },
    async () => {
      const before = await look()
      const unsealed = await system.unsealed()
      const after = await look()
      const seen = JSON.stringify(after)
      if (unsealed.length > 0) return { seen: unsealed.join(', ') }
      const stable =
        seen === JSON.stringify(before) &&
        after.every(({ ends }) => ends.length > 0 && new Set(ends.map(([, end]) => end)).size === 1)
      return stable ? { value: after, seen } : { seen }
    },
  )
  const fences: Fences = new Map(trial.lanes.map(({ id }) => [id, []]))
  for (const { lane, partition, ends, unknown } of sealed) {
    const end = ends[0]?.[1] ?? 0
    const seen = `by ${ends.map(([id]) => `broker-${id}`).join(', ')}, every master down`
    if (unknown === undefined) log.write({ kind: 'sealed', lane, p: partition, o: end, seen })
    else
      log.write({
        kind: 'sealed',
        lane,
        p: partition,
        o: 0,
        topicUnknown: true,
        seen: `${seen}; ${unknown}, although the queue ends at ${end}`,
      })
    fences
      .get(lane)
      ?.push(
        unknown === undefined
          ? { p: partition, fenceOffset: end - 1 }
          : { p: partition, fenceOffset: -1, topicUnknown: true },
      )
  }
  return fences
}

async function writeFence({ system, log, signal }: TrialContext, lane: Lane, p: number): Promise<number> {
  const offset = await waitFor({ what: `fence in ${lane.id}-${p}`, limitMs: fenceLimitMs, signal }, async () =>
    system.writeFence(lane, p),
  )
  log.write({ kind: 'fence', lane: lane.id, p, o: offset })
  return offset
}
