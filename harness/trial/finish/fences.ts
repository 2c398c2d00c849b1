/**
 * Fence records: one in each partition, acknowledged by all replicas in sync. Once every replica ends with its fence, the
 * final log cannot grow any more, and every replica holds all of it.
 */
import pLimit from 'p-limit'
import type { Lane } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { ReplicaEnds } from '../../../faults/fault.ts'
import type { TrialContext } from '../context.ts'
import { sealEnds } from './sealed-ends.ts'

const limits = { laneMs: 30_000, allMs: 120_000, leastMs: 1000, replicasMs: 30_000 }
const lanesAtOnce = 4

export interface Fence {
  p: number
  fenceOffset: number
  topicUnknown?: true
}
/** By lane. A lane without an entry has no fence: its final log cannot be read to a known end. */
export type Fences = Map<string, Fence[]>

type FenceContext = Pick<TrialContext, 'system' | 'observer' | 'trial' | 'log' | 'signal'>

/**
 * Writes the fences of all lanes. A lane whose fence fails gets a `wait-expired` event of its own and no entry in the
 * result; other lanes are not affected. With `recovery: slaves`, the ends of what slaves serve take the place of fences
 * where the master is down.
 */
export async function writeFences(context: FenceContext, limit = limits): Promise<Fences> {
  const { trial } = context
  const failed = new Set<string>()
  const sealed =
    trial.recovery === 'slaves' ? await sealEnds(context, limit.laneMs, failed) : new Map<string, Fence[]>()
  const fences: Fences = new Map()
  const deadline = performance.now() + limit.allMs
  const pool = pLimit(lanesAtOnce)
  const write = async (lane: Lane) =>
    orDrop(context, fences, lane.id, async () => {
      const limitMs = Math.max(limit.leastMs, Math.min(limit.laneMs, deadline - performance.now()))
      const written: Fence[] = []
      for (let p = 0; p < lane.topic.partitions; p++)
        written.push(
          sealed.get(lane.id)?.find(end => end.p === p) ?? {
            p,
            fenceOffset: await writeFence(context, lane, p, limitMs),
          },
        )
      fences.set(lane.id, written)
    })
  await Promise.all(trial.lanes.filter(({ id }) => !failed.has(id)).map(async lane => pool(write, lane)))
  await waitUntilLast(context, fences, sealed, limit)
  return fences
}

/**
 * Waits until each replica's log ends with its fence. What a broker still had in its queues when the producers ended may
 * come after a fence: such a partition gets another fence.
 */
async function waitUntilLast(
  context: FenceContext,
  fences: Fences,
  sealed: Fences,
  limit: typeof limits,
): Promise<void> {
  const { observer, trial, log, signal } = context
  const what = 'every replica ends with its fence'
  let unmet = new Map<string, string[]>()
  const wait = waitFor({ what, limitMs: limit.replicasMs, signal }, async () => {
    const ends = await observer.replicaEnds()
    unmet = new Map()
    for (const lane of trial.lanes.filter(({ id }) => fences.has(id))) {
      const seen = await unmetFences(context, lane, { fences, sealed }, ends, limit.laneMs)
      if (seen.length > 0 && fences.has(lane.id)) unmet.set(lane.id, seen)
    }
    const seen = [...unmet.values()].flat().join('; ')
    return unmet.size === 0 ? { value: true, seen } : { seen }
  })
  await wait.catch((error: unknown) => {
    if (!(error instanceof WaitExpired)) throw error
    // When no lane has been looked at, the brokers' error concerns all of them.
    const failed = unmet.size > 0 ? unmet : new Map([...fences.keys()].map(lane => [lane, [error.seen]]))
    for (const [lane, seen] of failed) {
      fences.delete(lane)
      log.write({ kind: 'wait-expired', lane, what, limitMs: limit.replicasMs, seen: seen.join('; ') })
    }
  })
}

/**
 * Partitions of the lane with a replica that does not end with its fence, in words. Writes fences again where messages
 * came after them.
 */
async function unmetFences(
  context: FenceContext,
  lane: Lane,
  { fences, sealed }: { fences: Fences; sealed: Fences },
  ends: readonly ReplicaEnds[],
  limitMs: number,
): Promise<string[]> {
  const { observer, trial } = context
  const unmet: string[] = []
  for (const fence of fences.get(lane.id) ?? []) {
    if (sealed.get(lane.id)?.includes(fence)) continue
    const seen = ends.find(({ lane: id, partition }) => id === lane.id && partition === fence.p)
    const view = observer.partitions([lane.id]).find(({ p }) => p === fence.p)?.view
    const replicas = trial.recovery === 'whole' ? (view?.replicas ?? []) : [view?.leader ?? -1]
    const last = fence.fenceOffset + 1
    if (seen && view && replicas.every(id => seen.ends[id] === last)) continue
    unmet.push(`${lane.id}-${fence.p}: ${JSON.stringify(seen?.ends ?? {})}, expected ${last}`)
    if (seen && (seen.ends[seen.leader] ?? 0) > last)
      await orDrop(context, fences, lane.id, async () => {
        fence.fenceOffset = await writeFence(context, lane, fence.p, limitMs)
      })
  }
  return unmet
}

/** A wait that runs out concerns this lane alone: it is recorded, and the lane has no fence. */
async function orDrop({ log }: FenceContext, fences: Fences, lane: string, write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (!(error instanceof WaitExpired)) throw error
    fences.delete(lane)
    log.write({ kind: 'wait-expired', lane, what: error.what, limitMs: error.limitMs, seen: error.seen })
  }
}

async function writeFence(
  { system, log, signal }: FenceContext,
  lane: Lane,
  p: number,
  limitMs: number,
): Promise<number> {
  const offset = await waitFor({ what: `fence in ${lane.id}-${p}`, limitMs, signal }, async () =>
    system.writeFence(lane, p),
  )
  log.write({ kind: 'fence', lane: lane.id, p, o: offset })
  return offset
}
