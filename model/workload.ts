/** The load of a lane, and what the applications around its clients do. */
import { z } from 'zod'

/**
 * How far a stored message got, as some brokers answer it: stored as asked, not flushed in time, not copied to a slave in
 * time, no slave to copy to. `SystemFacts.sendStatuses` lists those that a system answers with.
 */
export const sendStatuses = ['SEND_OK', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const
export type SendStatus = (typeof sendStatuses)[number]

export const Workload = z.strictObject({
  /** Messages a second that the workload intends to send. */
  ratePerSec: z.number().positive(),
  sizeBytes: z.int().min(32),
  /** Messages in one send call. */
  batch: z.int().min(1),
  /** One send call goes to several partitions, with one message for each. */
  spread: z.boolean().default(false),
  /** The limit of unanswered sends. At the limit, a message that is due is counted as overflow and not sent. */
  maxInFlight: z.int().min(1),
  /** Stop after this many messages; absent: when the trial ends. */
  messages: z.int().min(1).optional(),
  /** Message s has the key s modulo this. Absent: messages have no keys. */
  keys: z.int().min(1).optional(),
  /** Message s is poison, so its handler fails, when (s + 1) is a multiple of this. Absent: no message is poison. */
  poisonEvery: z.int().min(2).optional(),
  /** The messages get these tags in turn. Absent: messages have no tags. */
  tags: z.array(z.string()).min(1).optional(),
})
export type Workload = z.infer<typeof Workload>

/** The tag of message `s`. */
export const tagOf = (tags: readonly string[], s: number): string => tags[s % tags.length] ?? ''

/** Whether a subscription asks for a tag: `*`, or tags separated by `||`. */
export const subscribesTo = (subscription: string, tag: string): boolean =>
  subscription === '*' || subscription.split('||').some(wanted => wanted.trim() === tag)

/** What the consuming application does with each delivery. */
export const Handling = z.strictObject({
  /** `library`: the client commits on its own. `before`, `after`: the application commits before or after processing. */
  commit: z.enum(['library', 'before', 'after']),
  /** Whether the application waits for the answer to its commit. */
  commitCall: z.enum(['sync', 'async']),
  /** What one handler call receives and one commit covers: one message, or all messages of one fetch. */
  unit: z.enum(['message', 'batch']),
  /** `worker`: the handler returns at once, and a worker behind a queue does the work later. */
  processing: z.enum(['inline', 'worker']),
  /** Duration of the work on one message, ms. */
  processMs: z.number().min(0),
  /** Message s is slow, so that its work takes `slowMs`, when (s + 1) is a multiple of this. Absent: no message is slow. */
  slowEvery: z.int().min(2).optional(),
  slowMs: z.number().min(0).optional(),
  /** `worker`: threads that work behind the queue; 1 when absent. */
  workers: z.int().min(2).optional(),
  /**
   * Several workers: which offset is committed after the work. `contiguous`: up to the first message that is not done.
   * `highest`: behind the last message that is done, whatever is open before it. `contiguous` when absent.
   */
  commitPoint: z.enum(['contiguous', 'highest']).optional(),
  poisonEvery: z.int().min(2).optional(),
  /**
   * What the handler does when a message has failed for the last time: return as if it had succeeded, throw, throw a
   * TypeError, ask for redelivery, return null, or park the message. `SystemFacts.planning.onPoison` lists those that
   * a system's consumers support.
   */
  onPoison: z.enum(['swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park']),
  /** How often the handler tries a message. Where the system redelivers failed messages, each delivery is one try. */
  attempts: z.int().min(1),
  /** Effects go through a store keyed by message number, so that each message has at most one effect. */
  idempotent: z.boolean(),
})
export type Handling = z.infer<typeof Handling>

/** What the producing application does about failed sends. */
export const Sending = z.strictObject({
  /** False: it looks at the answer of no send. Absent: it waits for all of them. */
  awaits: z.literal(false).optional(),
  /** False: at a SIGTERM it ends without closing its client. Absent: it closes it. */
  closes: z.literal(false).optional(),
  /** Attempts that the application makes for each message, in addition to the retries of the client. */
  attempts: z.int().min(1),
  backoffMs: z.number().min(0),
  /** A local spool that survives the process: none, written after the last failed attempt, or before the first attempt. */
  spool: z.enum(['none', 'after-failure', 'write-ahead']),
  /** The send statuses that count as acknowledged; other statuses are `unknown`, with the status as code. */
  ackedWhen: z.array(z.enum(sendStatuses)).default(['SEND_OK']),
})
export type Sending = z.infer<typeof Sending>
