/**
 * What one client process records about one lane: a header line, then one JSON object a line.
 *
 * Keys are short because there are millions of them. This file is the only place that documents them, and the JSON Schema
 * is made from it. A record is appended with write(2) *before* the event that it stands for takes effect: `sent` before
 * the request leaves, `processed` after the effect and before the commit.
 */
import { z } from 'zod'

/** Message number, unique in its lane, from 0. */
const s = z.int().min(0)
/** Partition, or queue where the system calls it so. */
const p = z.int().min(0)
/** Offset in the partition or queue. */
const o = z.int().min(0)
/** Leader epoch of the record; absent or -1 where it is not known. */
const e = z.int().min(-1).optional()
/** Milliseconds (with fraction) since the trial began, from the machine's monotonic clock. */
const t = z.number().min(0)
/** The client's or the broker's own code, e.g. `NOT_ENOUGH_REPLICAS`. */
const c = z.string()
/** Number of the application's attempt; 1 when absent. */
const n = z.int().min(1).optional()
/** Milliseconds by which the request left later than the workload's schedule intended; 0 when absent. */
const d = z.number().min(0).optional()

export const roles = ['producer', 'consumer', 'reader', 'output'] as const

export const LaneHeader = z.strictObject({
  lane: z.string().min(1),
  role: z.enum(roles),
  /** Name of the client process, unique in the trial. */
  process: z.string().min(1),
  /** Client library, by its name in the catalogue of clients. */
  client: z.string().min(1),
  /**
   * `unrecorded`: this producer reports how its sends ended and not when they left. Its file has answers and no `sent`; a
   * message without an answer has no record at all.
   */
  sends: z.literal('unrecorded').optional(),
  /** Producers only: false where the application looks at no answer to its sends; absent: it does. */
  awaits: z.literal(false).optional(),
})
export type LaneHeader = z.infer<typeof LaneHeader>

export const ProducerRecord = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('sent'), s, p, t, n, d }),
  z.strictObject({ op: z.literal('acked'), s, p: p.optional(), o: o.optional(), t, n, c: c.optional() }),
  z.strictObject({ op: z.literal('rejected'), s, t, n, c }),
  z.strictObject({ op: z.literal('unknown'), s, t, n, c }),
  z.strictObject({ op: z.literal('spooled'), s, t }),
  z.strictObject({ op: z.literal('unspooled'), s, t }),
  z.strictObject({ op: z.literal('gave-up'), s, t, c: c.optional() }),
])
export type ProducerRecord = z.infer<typeof ProducerRecord>

export const ConsumerRecord = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('delivered'), s, p, o, t, n }),
  /** `suppressed`: an idempotent consumer had processed the message before, so there was no effect. */
  z.strictObject({ op: z.literal('processed'), s, p, o, t, n, c: z.literal('suppressed').optional() }),
  z.strictObject({ op: z.literal('parked'), s, p, o, t, n, c: c.optional() }),
  z.strictObject({ op: z.literal('failed'), s, p, o, t, n, c: c.optional() }),
  /** `o` is the next offset to read. */
  z.strictObject({ op: z.literal('committed'), p, o, t, c: c.optional() }),
  /** The group's offset as the broker reports it at the end; `o` is the next offset to read. */
  z.strictObject({ op: z.literal('group-offset'), p, o, t }),
])
export type ConsumerRecord = z.infer<typeof ConsumerRecord>

export const ReaderRecord = z.discriminatedUnion('op', [
  /** The log start offset that the reader was given before it read the partition: records below it have been removed. */
  z.strictObject({ op: z.literal('start'), p, o, t }),
  /**
   * One record of the final log. `c` is set when the payload is not a message of this lane: `corrupt` (wrong checksum) or
   * `foreign` (another lane's payload, or none of this harness). `s` is then absent.
   */
  z.strictObject({
    op: z.literal('stored'),
    s: s.optional(),
    p,
    o,
    e,
    t,
    c: z.enum(['corrupt', 'foreign']).optional(),
  }),
  /** The fence record that the harness had acknowledged at full ISR after recovery. */
  z.strictObject({ op: z.literal('fence'), p, o, e, t }),
  /** The stable end offset: the partition was read from its first record to here. */
  z.strictObject({ op: z.literal('end'), p, o, t }),
])
export type ReaderRecord = z.infer<typeof ReaderRecord>

/** What an application in the middle has written. `p` and `o` are those of the topic that it writes, `s` is its input. */
export const OutputRecord = z.discriminatedUnion('op', [
  /** The harness saw the record while the application ran. It may be gone at the end. */
  z.strictObject({ op: z.literal('seen-out'), s, p, o, t }),
  /**
   * One record at the end; `t` is when it became readable. `c` where it is that of no input: `uncorrelated` (it names none) or
   * `foreign` (it names one of another lane or trial). `s` is then absent.
   */
  z.strictObject({
    op: z.literal('came-out'),
    s: s.optional(),
    p,
    o,
    t,
    c: z.enum(['uncorrelated', 'foreign']).optional(),
  }),
  /** The partition was read from its first record to here, behind a fence that was written after the application was gone. */
  z.strictObject({ op: z.literal('output-end'), p, o, t }),
])
export type OutputRecord = z.infer<typeof OutputRecord>

export const LaneRecord = z.union([ProducerRecord, ConsumerRecord, ReaderRecord, OutputRecord])
export type LaneRecord = z.infer<typeof LaneRecord>
