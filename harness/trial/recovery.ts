/** The declared recovery: every broker back, every replica in step, and a fence record that proves it. */
import { encodeFence } from '../../workloads/payload.ts'
import type { Lane } from '../plan/types.ts'
import type { TrialContext } from './context.ts'
import { sameSet } from './view.ts'
import { waitFor } from './wait.ts'

export const recoveryLimitMs = 90_000
const fenceLimitMs = 30_000

/**
 * Waits until every broker, asked after `since`, names every broker, and every partition has a leader and all its
 * replicas in the ISR, by the word of all. A broker that restarts is fenced before it registers again, so its own
 * answer after `since` cannot be from its earlier life. Throws WaitExpired with the state last seen.
 */
export async function waitForRecovery(context: TrialContext, since: number): Promise<string> {
  const { signal } = context
  return waitFor({ what: 'every replica back in step', limitMs: recoveryLimitMs, signal }, async () => {
    const { whole, seen } = recoveryNow(context, since)
    if (!whole) return { seen }
    const dead = await deadControllers(context)
    return dead.length === 0 ? { value: seen, seen } : { seen: `controllers not back: ${dead.join(', ')}` }
  })
}

/** Whether everything is whole by what the observer was told after `since`, and what is not. */
export function recoveryNow({ observer, cluster, trial }: TrialContext, since: number): { whole: boolean; seen: string } {
  const brokers = cluster.brokers.map(broker => broker.id)
  const answers = observer.answers(since)
  const silent = brokers.filter(id => !answers.some(report => report.broker === id && sameSet(report.brokers, brokers)))
  if (silent.length > 0) return { whole: false, seen: `not back or not seeing all brokers: ${silent.map(id => `broker-${id}`).join(', ')}` }
  const expected = trial.lanes.reduce((sum, lane) => sum + lane.topic.partitions, 0)
  const whole = observer.partitions().filter(({ view }) => view.leader >= 0 && sameSet(view.isr ?? [], view.replicas))
  return { whole: whole.length === expected, seen: observer.describe() }
}

/** Dedicated controllers have no listener for the observer: the engine tells whether they run. */
async function deadControllers({ cluster }: TrialContext): Promise<string[]> {
  const dedicated = cluster.nodes.all.filter(node => !node.isBroker)
  const states = await Promise.all(dedicated.map(async ({ id, name }) => ({ name, ...(await cluster.nodes.state(id)) })))
  return states.filter(state => !state.running || state.paused).map(state => state.name)
}

type Fences = Map<string, { p: number; fenceOffset: number }[]>

/**
 * Writes a fence record to every partition, acknowledged by the full ISR, and waits until each replica's own log ends
 * right behind it: from then on the final log cannot grow, and every replica holds all of it. What a broker still had in
 * its queues when the producers ended may come behind a fence: then that partition gets another.
 */
export async function writeFences(context: TrialContext): Promise<Fences> {
  const { observer, trial, signal } = context
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
      const replicas = observer.partitions([lane]).find(({ p }) => p === partition)?.view.replicas ?? []
      return !fence || replicas.some(id => at[id] !== fence.fenceOffset + 1)
    })
    const seen = behind.map(({ lane, partition, ends: at }) => `${lane}-${partition}: ${JSON.stringify(at)}`).join('; ')
    if (ends.length > 0 && behind.length === 0) return { value: true, seen }
    for (const { lane, partition, leader, ends: at } of behind) {
      const known = fences.get(lane)?.find(fence => fence.p === partition)
      const laneOf = trial.lanes.find(({ id }) => id === lane)
      if (known && laneOf && (at[leader] ?? 0) > known.fenceOffset + 1) known.fenceOffset = await writeFence(context, laneOf, partition)
    }
    return { seen }
  })
  return fences
}

async function writeFence({ observer, trial, log, signal }: TrialContext, lane: Lane, p: number): Promise<number> {
  const offset = await waitFor({ what: `fence in ${lane.id}-${p}`, limitMs: fenceLimitMs, signal }, async () => {
    const view = observer.partitions([lane.id]).find(partition => partition.p === p)?.view
    if (!view || view.leader < 0 || !sameSet(view.isr ?? [], view.replicas)) return { seen: observer.describe([lane.id]) }
    const written = await observer.link(view.leader).produceOne(lane.topic.name, p, encodeFence(lane.id, `${trial.id}-${p}`))
    return { value: written, seen: String(written) }
  })
  log.write({ kind: 'fence', lane: lane.id, p, o: offset })
  return offset
}
