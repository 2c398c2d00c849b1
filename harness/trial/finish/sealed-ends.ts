/** The final ends of partitions whose master stays down: no broker takes messages for them any more. */
import { abilityOf } from '../../../systems/shared/live-system.ts'
import type { Lane } from '../../../model/plan.ts'
import { WaitExpired, waitFor } from '../../../model/wait.ts'
import type { TrialContext } from '../context.ts'
import type { Fence, Fences } from './fences.ts'

type SealContext = Pick<TrialContext, 'system' | 'observer' | 'trial' | 'log' | 'signal'>

interface PartitionEnds {
  lane: Lane
  p: number
  /** By broker, as they answer. */
  ends: [broker: string, end: number][]
  /** What brokers answer when none of them knows the topic. */
  unknown: string | undefined
}

/**
 * Without a master no fence can be written, and none is needed: the ends of what slaves serve are final. They are read
 * twice with equal results. Where all brokers that serve a partition answer twice that they do not know its topic, nothing
 * can be read: its end is then 0. Partitions with a running master are not in the result. A lane with an end that does not
 * become final gets a `wait-expired` event and is added to `failed`.
 */
export async function sealEnds(context: SealContext, limitMs: number, failed: Set<string>): Promise<Fences> {
  const { log, signal } = context
  const slaves = abilityOf(context, 'slaveReading')
  const what = 'final ends of what the slaves serve'
  let ends: PartitionEnds[] = []
  let open: PartitionEnds[] = []
  let reasons: string[] = []
  const wait = waitFor({ what, limitMs, signal }, async () => {
    const before = await readEnds(context)
    reasons = await slaves.unsettled()
    ends = await readEnds(context)
    const earlier = new Map(before.map(partition => [keyOf(partition), describe(partition)]))
    open = ends.filter(
      partition => reasons.length > 0 || !agree(partition) || earlier.get(keyOf(partition)) !== describe(partition),
    )
    const seen = [...reasons, ...open.map(describe)].join('; ')
    return open.length === 0 ? { value: true, seen } : { seen }
  })
  await wait.catch((error: unknown) => {
    if (!(error instanceof WaitExpired) || open.length === 0) throw error
    for (const lane of new Set(open.map(partition => partition.lane.id))) {
      failed.add(lane)
      const seen = [...reasons, ...open.filter(partition => partition.lane.id === lane).map(describe)].join('; ')
      log.write({ kind: 'wait-expired', lane, what, limitMs, seen })
    }
  })
  const fences: Fences = new Map()
  for (const partition of ends.filter(({ lane }) => !failed.has(lane.id)))
    fences.set(partition.lane.id, [...(fences.get(partition.lane.id) ?? []), seal(context, partition)])
  return fences
}

/** Records the end of a partition. */
function seal({ log }: SealContext, { lane, p, ends, unknown }: PartitionEnds): Fence {
  const end = ends[0]?.[1] ?? 0
  const seen = `by ${ends.map(([id]) => `broker-${id}`).join(', ')}, the master is down`
  if (unknown === undefined) {
    log.write({ kind: 'sealed', lane: lane.id, p, o: end, seen })
    return { p, fenceOffset: end - 1 }
  }
  const text = `${seen}; ${unknown}, although the queue ends at ${end}`
  log.write({ kind: 'sealed', lane: lane.id, p, o: 0, topicUnknown: true, seen: text })
  return { p, fenceOffset: -1, topicUnknown: true }
}

/** Ends of the partitions whose master is down. */
async function readEnds(context: SealContext): Promise<PartitionEnds[]> {
  const slaves = abilityOf(context, 'slaveReading')
  const found = await Promise.all(
    (await context.observer.replicaEnds()).map(async ({ lane: id, partition: p, ends }) => {
      const lane = context.trial.lanes.find(known => known.id === id)
      if (!lane || !(await slaves.masterDown(lane, p))) return []
      return [{ lane, p, ends: Object.entries(ends), unknown: await slaves.topicUnknown(lane, p) }]
    }),
  )
  return found.flat()
}

const agree = ({ ends }: PartitionEnds) => ends.length > 0 && new Set(ends.map(([, end]) => end)).size === 1

const keyOf = ({ lane, p }: PartitionEnds) => `${lane.id}-${p}`

const describe = (partition: PartitionEnds) => {
  const ends = `${keyOf(partition)}: ${JSON.stringify(Object.fromEntries(partition.ends))}`
  return partition.unknown === undefined ? ends : `${ends}, ${partition.unknown}`
}
