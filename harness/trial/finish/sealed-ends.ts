/** The final ends of partitions that no broker takes messages for any more. */
import { abilityOf } from '../../../systems/shared/live-system.ts'
import { waitFor } from '../../../model/wait.ts'
import type { TrialContext } from '../context.ts'
import type { Fence, Fences } from './fences.ts'

type SealContext = Pick<TrialContext, 'system' | 'observer' | 'trial' | 'log' | 'signal'>

/**
 * Without a master no fence can be written, and none is needed: the ends of what slaves serve are final. They are read
 * twice with equal results, and between the two readings the engine reports that every master is down. Where all brokers
 * that serve a partition answer twice that they do not know its topic, nothing can be read: its end is then 0.
 */
export async function sealEnds(context: SealContext, limitMs: number): Promise<Fences> {
  const { trial, log, signal } = context
  const slaves = abilityOf(context, 'slaveReading')
  const sealed = await waitFor({ what: 'final ends of what the slaves serve', limitMs, signal }, async () => {
    const before = await readEnds(context)
    const unsettled = await slaves.unsettled()
    const after = await readEnds(context)
    if (unsettled.length > 0) return { seen: unsettled.join(', ') }
    const seen = JSON.stringify(after)
    const isFinal =
      seen === JSON.stringify(before) &&
      after.every(({ ends }) => ends.length > 0 && new Set(ends.map(([, end]) => end)).size === 1)
    return isFinal ? { value: after, seen } : { seen }
  })
  const fences = new Map<string, Fence[]>(trial.lanes.map(({ id }) => [id, []]))
  for (const { lane, p, ends, unknown } of sealed) {
    const end = ends[0]?.[1] ?? 0
    const seen = `by ${ends.map(([id]) => `broker-${id}`).join(', ')}, every master down`
    if (unknown === undefined) {
      log.write({ kind: 'sealed', lane, p, o: end, seen })
      fences.get(lane)?.push({ p, fenceOffset: end - 1 })
    } else {
      const text = `${seen}; ${unknown}, although the queue ends at ${end}`
      log.write({ kind: 'sealed', lane, p, o: 0, topicUnknown: true, seen: text })
      fences.get(lane)?.push({ p, fenceOffset: -1, topicUnknown: true })
    }
  }
  return fences
}

async function readEnds(context: SealContext) {
  const slaves = abilityOf(context, 'slaveReading')
  return Promise.all(
    (await context.observer.replicaEnds()).map(async ({ lane: id, partition: p, ends }) => {
      const lane = context.trial.lanes.find(known => known.id === id)
      const unknown = lane && (await slaves.topicUnknown(lane, p))
      return { lane: id, p, ends: Object.entries(ends), unknown }
    }),
  )
}
