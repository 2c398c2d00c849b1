/**
 * What the harness records about a trial: `trials/<id>/events.jsonl`. The checker sees only these events and the lane
 * files, so everything that a verdict depends on is here: steps, windows, faults with their evidence, waits that ran out,
 * and every change of leader, in-sync replicas and brokers that the observer saw.
 */
import { z } from 'zod'

const t = z.number().min(0)
const evidence = z.record(z.string(), z.unknown())

export const TrialEvent = z.discriminatedUnion('kind', [
  /** A part of the trial began: queue, boot, healthy, fault, heal, drain, read. */
  z.strictObject({ kind: z.literal('phase'), t, phase: z.string() }),
  /** Step `step` (index in the schedule) fired on the state `seen`. */
  z.strictObject({ kind: z.literal('step'), t, step: z.int(), seen: z.string() }),
  /** `quiesced`: producers were paused with nothing in flight and replica end offsets equal. */
  z.strictObject({ kind: z.literal('window-open'), t, window: z.string(), quiesced: z.boolean() }),
  z.strictObject({ kind: z.literal('window-close'), t, window: z.string(), quiesced: z.boolean() }),
  /** The harness paused all producers of the trial, or resumed them. Recovery figures leave such time out. */
  z.strictObject({ kind: z.literal('producers'), t, paused: z.boolean() }),
  /** `id` is unique in the trial; `nodes` are the names of the nodes, links or client processes that `target` resolved to. */
  z.strictObject({
    kind: z.literal('fault'),
    t,
    id: z.string(),
    fault: z.string(),
    target: z.string(),
    nodes: z.array(z.string()),
    window: z.string().optional(),
  }),
  /** Fault `id` is in force: it took hold at some time between its `fault` event and this one. */
  z.strictObject({ kind: z.literal('injected'), t, id: z.string() }),
  /**
   * The effect of fault `id`, read back from outside. `complete` is false when the effect was looked for and not found. A
   * fault without a complete evidence event makes its cells inconclusive.
   */
  z.strictObject({ kind: z.literal('evidence'), t, id: z.string(), complete: z.boolean(), evidence }),
  z.strictObject({ kind: z.literal('healed'), t, id: z.string() }),
  /**
   * The observer saw another leader or epoch of a partition of `lane`; `leader` -1: it has no leader. The first such event is
   * the initial state. `after`: when the observer last asked and still saw the state before, so the change came later.
   */
  z.strictObject({
    kind: z.literal('leader'),
    t,
    lane: z.string(),
    p: z.int(),
    leader: z.int(),
    epoch: z.int(),
    after: z.number().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal('isr'), t, lane: z.string(), p: z.int(), isr: z.array(z.int()) }),
  /**
   * The observer saw a broker or name server come or go. `restarted`, of one that is back and tells when it was started:
   * `false` means that it ran all the time and only did not answer the observer. `after`: as in `leader`.
   */
  z.strictObject({
    kind: z.literal('broker'),
    t,
    broker: z.string(),
    up: z.boolean(),
    restarted: z.boolean().optional(),
    after: z.number().min(0).optional(),
  }),
  /** How old the observer's view can have been: its poll interval, and the longest time between two polls, ms. */
  z.strictObject({ kind: z.literal('observer'), t, intervalMs: z.number(), longestGapMs: z.number() }),
  /** A wait ran out: what it waited for, how long, and the state last seen. Without `lane` it concerns every lane. */
  z.strictObject({
    kind: z.literal('wait-expired'),
    t,
    what: z.string(),
    limitMs: z.number(),
    seen: z.string(),
    lane: z.string().optional(),
  }),
  /** A requested setting is not in force. `where`: the broker or topic that reported it; without `inForce` it does not know the
   *  setting. Without `lane` it concerns every lane of the trial. */
  z.strictObject({
    kind: z.literal('setting-differs'),
    t,
    lane: z.string().optional(),
    setting: z.string(),
    where: z.string(),
    requested: z.string(),
    inForce: z.string().optional(),
  }),
  /** A lane that could not take part in the trial, while the others went on. */
  z.strictObject({ kind: z.literal('lane-failed'), t, lane: z.string(), why: z.string() }),
  /** The declared recovery was seen complete: replicas back and in step. */
  z.strictObject({ kind: z.literal('recovered'), t, seen: z.string() }),
  /** A fence record, acknowledged by all replicas after recovery. */
  z.strictObject({ kind: z.literal('fence'), t, lane: z.string(), p: z.int(), o: z.int() }),
  /**
   * Where a partition ended after the last broker that takes messages was gone. The declared recovery then reads what is
   * left, and no fence can be written. `topicUnknown`: no broker that serves knows the topic, so nothing can be read.
   */
  z.strictObject({
    kind: z.literal('sealed'),
    t,
    lane: z.string(),
    p: z.int(),
    o: z.int(),
    topicUnknown: z.literal(true).optional(),
    seen: z.string(),
  }),
  /**
   * Counters of a client process. `overflow`: sends that the workload asked for and the in-flight limit dropped. `open`:
   * messages that were still unanswered when the harness stopped waiting for them; absent for none.
   */
  z.strictObject({
    kind: z.literal('client-stats'),
    t,
    lane: z.string(),
    process: z.string(),
    overflow: z.int(),
    open: z.int().optional(),
  }),
  /** The first record of what an application wrote that names no input, as far as it can be shown. */
  z.strictObject({ kind: z.literal('unnamed-output'), t, lane: z.string(), p: z.int(), o: z.int(), seen: z.string() }),
  /** A client process ended although no step ended it. */
  z.strictObject({ kind: z.literal('client-died'), t, lane: z.string(), process: z.string(), how: z.string() }),
  /** The trial could not be continued. */
  z.strictObject({ kind: z.literal('trial-failed'), t, why: z.string() }),
  z.strictObject({ kind: z.literal('note'), t, text: z.string() }),
])
export type TrialEvent = z.infer<typeof TrialEvent>
/** The injection of a fault. */
export type FaultEvent = Extract<TrialEvent, { kind: 'fault' }>

/** Earlier versions wrote the nodes of a fault as one string, `node: "broker-1, broker-2"`. Returns such an event with a list. */
export function inCurrentForm(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('kind' in event) || event.kind !== 'fault') return event
  if (!('node' in event) || typeof event.node !== 'string' || 'nodes' in event) return event
  const { node, ...rest } = event
  return { ...rest, nodes: node === '' ? [] : node.split(',').map(name => name.trim()) }
}

/** An event before it gets the trial's time. */
export type EventBody = TrialEvent extends infer E ? (E extends TrialEvent ? Omit<E, 't'> : never) : never
