/**
 * What the harness writes down about a trial: `trials/<id>/events.jsonl`. Together with the lane files this is all that
 * the checker sees, so whatever a verdict may depend on is here: steps, windows, faults with their evidence, waits that
 * ran out, and every leader, ISR and broker change that the observer saw.
 */
import { z } from 'zod'

const t = z.number().min(0)
const evidence = z.record(z.string(), z.unknown())

export const TrialEvent = z.discriminatedUnion('kind', [
  /** A part of the trial began: boot, healthy, fault, heal, drain, read. */
  z.strictObject({ kind: z.literal('phase'), t, phase: z.string() }),
  /** Step `step` (index in the schedule) fired on the state `seen`. */
  z.strictObject({ kind: z.literal('step'), t, step: z.int(), seen: z.string() }),
  /** `quiesced`: producers were paused with nothing in flight and replica end offsets equal. */
  z.strictObject({ kind: z.literal('window-open'), t, window: z.string(), quiesced: z.boolean() }),
  z.strictObject({ kind: z.literal('window-close'), t, window: z.string(), quiesced: z.boolean() }),
  /** All producers of the trial were kept from sending, or let go again. Recovery figures leave such time out. */
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
  /** Fault `id` has been caused: it took hold at some time between its `fault` event and this one. */
  z.strictObject({ kind: z.literal('injected'), t, id: z.string() }),
  /**
   * The state that fault `id` caused, read back from outside. `complete` is false when it was looked for and not found.
   * A fault without a complete evidence event makes its cells inconclusive.
   */
  z.strictObject({ kind: z.literal('evidence'), t, id: z.string(), complete: z.boolean(), evidence }),
  z.strictObject({ kind: z.literal('healed'), t, id: z.string() }),
  /** The observer saw another leader or epoch; `leader` -1 is none. `lane` owns the partition. The first one is the
   *  initial state. `after`: when the answer was asked for that last showed the state before, so the change came later. */
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
  /** The observer saw a broker or name server come or go. `after`: as for a leader. */
  z.strictObject({
    kind: z.literal('broker'),
    t,
    broker: z.string(),
    up: z.boolean(),
    after: z.number().min(0).optional(),
  }),
  /** How far back the observer's view was at most, in ms: its poll interval and the longest gap it had. */
  z.strictObject({ kind: z.literal('observer'), t, intervalMs: z.number(), longestGapMs: z.number() }),
  /** A wait ran out: what for, how long, and the state last seen. Without `lane` it concerns every lane of the trial. */
  z.strictObject({
    kind: z.literal('wait-expired'),
    t,
    what: z.string(),
    limitMs: z.number(),
    seen: z.string(),
    lane: z.string().optional(),
  }),
  /** The declared recovery was seen complete: replicas back and in step. */
  z.strictObject({ kind: z.literal('recovered'), t, seen: z.string() }),
  /** A fence record, acknowledged at full ISR after recovery. */
  z.strictObject({ kind: z.literal('fence'), t, lane: z.string(), p: z.int(), o: z.int() }),
  /**
   * Where a partition ended when the last broker that takes messages was gone: the declared recovery is to read what is left.
   * `topicUnknown`: no broker that serves knows the topic, so that nothing can be read whatever their logs hold.
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
  /** Counters of a client process that are no records: sends that the schedule asked for and the in-flight limit dropped. */
  z.strictObject({ kind: z.literal('client-stats'), t, lane: z.string(), process: z.string(), overflow: z.int() }),
  /** A client process ended that no step ended. */
  z.strictObject({ kind: z.literal('client-died'), t, lane: z.string(), process: z.string(), how: z.string() }),
  /** A trial that could not be carried on. */
  z.strictObject({ kind: z.literal('trial-failed'), t, why: z.string() }),
  z.strictObject({ kind: z.literal('note'), t, text: z.string() }),
])
export type TrialEvent = z.infer<typeof TrialEvent>

/** Earlier versions wrote the nodes of a fault as one string, `node: "broker-1, broker-2"`. Returns such an event with a list. */
export function inCurrentForm(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('kind' in event) || event.kind !== 'fault') return event
  if (!('node' in event) || typeof event.node !== 'string' || 'nodes' in event) return event
  const { node, ...rest } = event
  return { ...rest, nodes: node === '' ? [] : node.split(',').map(name => name.trim()) }
}

/** An event before it is stamped with the trial's time. */
export type EventBody = TrialEvent extends infer E ? (E extends TrialEvent ? Omit<E, 't'> : never) : never
