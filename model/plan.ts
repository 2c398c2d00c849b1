/**
 * The plan: everything a run will do, as data. `lossproof plan` prints it, run.json stores it, replay reads it back.
 */
import { z } from 'zod'

export const SettingValue = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type SettingValue = z.infer<typeof SettingValue>
export const Settings = z.record(z.string(), SettingValue)
/** Settings under their own names, without the place: `{ "min.insync.replicas": 2 }`. */
export type Settings = z.infer<typeof Settings>

/** What RocketMQ's brokers answer to a message that the master has stored. */
export const sendStatuses = ['SEND_OK', 'FLUSH_DISK_TIMEOUT', 'FLUSH_SLAVE_TIMEOUT', 'SLAVE_NOT_AVAILABLE'] as const
export type SendStatus = (typeof sendStatuses)[number]

/** What an expectation asks of one outcome or mark, parsed. */
export const ExpectedValue = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('count'), compare: z.enum(['=', '>=', '<=']), count: z.int().min(0) }),
  /**
   * A set of message numbers. `=`: exactly (for acked-in(w): plus whatever of open(w) was acked later); `>=`: at least
   * these. `all` is every sent message, `poisoned` those that were sent as poison and are stored; these two take no window.
   */
  z.strictObject({
    kind: z.literal('set'),
    compare: z.enum(['=', '>=', '<=']),
    set: z.enum(['acked-in', 'sent-in', 'unacked-in', 'acked-before', 'poisoned', 'all']),
    window: z.string().optional(),
  }),
  /** What the autopsy may say of what was lost or skipped. */
  z.strictObject({ kind: z.literal('causes'), codes: z.array(z.string()).min(1) }),
])
export type ExpectedValue = z.infer<typeof ExpectedValue>

export const Expectation = z.strictObject({
  /** Outcome or mark as spelled in counts: `lost`, `clientLost`, `duplicates`… */
  what: z.string(),
  expected: ExpectedValue,
  /** As the author wrote it, for reports: `acked-in(cut)`. */
  text: z.string(),
})
export type Expectation = z.infer<typeof Expectation>

/** Settings as `place.setting`, with what the cell differs in from its neighbours. */
export const Cell = z.strictObject({
  /** `<scenario>/<settings of the matrix>`, e.g. `kafka-leader-crash/producer.acks=1`. */
  id: z.string(),
  scenario: z.string(),
  /** Id of the system under test. */
  system: z.string(),
  trial: z.string(),
  lane: z.string(),
  settings: Settings,
  expect: z.array(Expectation),
})
export type Cell = z.infer<typeof Cell>

export const Workload = z.strictObject({
  /** Messages a second that the schedule intends. */
  ratePerSec: z.number().positive(),
  sizeBytes: z.int().min(32),
  /** Messages in one send call. */
  batch: z.int().min(1),
  /** A send's messages go to one partition each, the next after the other. */
  spread: z.boolean().default(false),
  /** Sends under way at once, beyond which the schedule's messages are counted as overflow and not sent. */
  maxInFlight: z.int().min(1),
  /** Stop after so many messages; absent: until the trial ends. */
  messages: z.int().min(1).optional(),
  /** Message s is poison when (s + 1) is a multiple of this: its handler fails. Absent: none is. */
  poisonEvery: z.int().min(2).optional(),
})
export type Workload = z.infer<typeof Workload>

/** What the application that consumes does with what it is delivered. */
export const Handling = z.strictObject({
  /** `library`: the client commits by itself. `before`, `after`: the application does, before or after it processes. */
  commit: z.enum(['library', 'before', 'after']),
  /** Whether it waits for the broker's answer to its commit. */
  commitCall: z.enum(['sync', 'async']),
  /** What one call of the handler gets, and what one commit covers: a message, or all that one fetch brought. */
  unit: z.enum(['message', 'batch']),
  /** `worker`: the handler returns at once, and the work is done later by somebody else. */
  processing: z.enum(['inline', 'worker']),
  /** How long the work on one message takes, ms. */
  processMs: z.number().min(0),
  poisonEvery: z.int().min(2).optional(),
  /**
   * When a message has failed for the last time: go on as if nothing had happened; let the error out; let a TypeError
   * out; park it; RocketMQ: answer RECONSUME_LATER, or null.
   */
  onPoison: z.enum(['swallow', 'throw', 'throw-type-error', 'reconsume-later', 'return-null', 'park']),
  /** How often the handler tries a message; RocketMQ: over its redeliveries, one try each. */
  attempts: z.int().min(1),
  /** Effects go through a store keyed by message number, which lets each through once. */
  idempotent: z.boolean(),
})
export type Handling = z.infer<typeof Handling>

/** What the application that produces does about sends that fail. */
export const Sending = z.strictObject({
  /** Times a message is sent, by the application, beyond what the client does by itself. */
  attempts: z.int().min(1),
  backoffMs: z.number().min(0),
  /** A local spool that survives the process: none, written when all attempts have failed, or before the first. */
  spool: z.enum(['none', 'after-failure', 'write-ahead']),
  /** RocketMQ: the send statuses that count as acknowledged; the others are unknown, with their name as code. */
  ackedWhen: z.array(z.enum(sendStatuses)).default(['SEND_OK']),
})
export type Sending = z.infer<typeof Sending>

export const Lane = z.strictObject({
  /** Short slug, the lane's folder; unique in the trial. */
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/),
  cell: z.string(),
  topic: z.strictObject({
    name: z.string(),
    /** RocketMQ: queues of all its broker groups together, those of the first group first. */
    partitions: z.int().min(1),
    replicationFactor: z.int().min(1),
    /** One broker leads them all, or they take turns. */
    leaders: z.enum(['one', 'spread']).default('one'),
    /** RocketMQ: the broker groups that have it. */
    brokerNames: z.array(z.string()).default([]),
    settings: Settings,
  }),
  producer: z.strictObject({ client: z.string(), settings: Settings, clientSettings: Settings, sending: Sending }),
  /** Absent: the lane has no consumer. */
  consumer: z
    .strictObject({
      client: z.string(),
      group: z.string(),
      settings: Settings,
      clientSettings: Settings,
      handling: Handling,
      /** Members of the group. */
      instances: z.int().min(1),
    })
    .optional(),
  workload: Workload,
})
export type Lane = z.infer<typeof Lane>

const atLeast = z.int().min(1).optional()

/** What a trigger can count in each of its lanes, as a scenario spells it. */
export const triggerCounts = {
  /** Messages, since the trial began, in window `in`, or since the last step. */
  acked: atLeast,
  sent: atLeast,
  rejected: atLeast,
  /** The same of the lane's consumers; `committed` counts offsets. */
  delivered: atLeast,
  processed: atLeast,
  committed: atLeast,
  /** Delivered and not committed; handed to a worker that has not come to them; sends without an answer. */
  uncommitted: atLeast,
  backlog: atLeast,
  unanswered: atLeast,
} as const

/** A lane named by some of its cell's settings, `acks=1`; resolved to lane ids by the planner. */
export const Trigger = z.strictObject({
  ...triggerCounts,
  in: z.string().optional(),
  /** The ISR of every partition of `lanes` is exactly the leader, or has this many members. */
  isr: z.union([z.literal('leader'), z.int().min(0)]).optional(),
  /** Every partition of `lanes` has a leader other than when the step was armed, in a later epoch. */
  leaderChanged: z.literal(true).optional(),
  /** Every partition of `lanes` has no leader. */
  offline: z.literal(true).optional(),
  /** Every broker is back and every replica in step. */
  recovered: z.literal(true).optional(),
  /** RocketMQ: the masters of `lanes` have nothing left to flush of their commit logs. */
  flushed: z.literal(true).optional(),
  /** A client process of each of `lanes` has ended. */
  clientGone: z.literal(true).optional(),
  /** Counts are taken since the step before, not since the trial began. */
  sinceLastStep: z.literal(true).optional(),
  /** Lanes that the trigger speaks of. */
  lanes: z.array(z.string()),
  limitMs: z.int().min(1),
})
export type Trigger = z.infer<typeof Trigger>

export const FaultCall = z.strictObject({
  /** Unique in the schedule: `cut-replication-1`. */
  id: z.string(),
  fault: z.string(),
  /** A role: `leader`, `follower`, `controller`… */
  target: z.string(),
  params: Settings,
})
export type FaultCall = z.infer<typeof FaultCall>

export const Step = z.strictObject({
  after: Trigger,
  inject: z.array(FaultCall),
  /** Ids of fault calls, or all. */
  heal: z.union([z.literal('all'), z.array(z.string())]).optional(),
  /** Name of the window that this step opens; the step before closes its own. */
  window: z.string().optional(),
  /** Pause producers around the step. */
  quiesce: z.boolean(),
})
export type Step = z.infer<typeof Step>

/** A cluster as its system describes it; each system parses the rest with its own schema. */
export const ClusterPlan = z.looseObject({ version: z.string() })
export type ClusterPlan = z.infer<typeof ClusterPlan>

/** A cluster as a trial needs it. `system` is an id of the registry in systems/index.ts. */
export const Site = z.strictObject({ system: z.string(), cluster: ClusterPlan })
export type Site = z.infer<typeof Site>

export const Trial = z.strictObject({
  ...Site.shape,
  id: z.string(),
  scenario: z.string(),
  /** What its faults need of the machine, as `doctor` names it. Loop devices: each broker gets a disk of its own. */
  needs: z.array(z.string()).default([]),
  /** Whether the drain starts consumers again that have ended. */
  restartConsumers: z.boolean().default(true),
  /**
   * What is done before the final log is read. `whole`: every node back, every replica in step. RocketMQ,
   * classic, which does not mend every difference between copies: `masters`, every node back, and what masters serve is the
   * final log; `slaves`, masters stay as the schedule left them, and what their slaves serve is the final log.
   */
  recovery: z.enum(['whole', 'masters', 'slaves']).default('whole'),
  lanes: z.array(Lane),
  schedule: z.array(Step),
  /** Messages that each lane should see acked after the heal, before producers stop. */
  tail: z.int().min(0),
  seed: z.int().min(0),
})

export type Trial = z.infer<typeof Trial>

export const Claim = z.strictObject({ id: z.string(), text: z.string(), cells: z.array(z.string()) })
export type Claim = z.infer<typeof Claim>

export const Plan = z.strictObject({
  schema: z.literal(1),
  name: z.string(),
  seed: z.int().min(0),
  cells: z.array(Cell),
  trials: z.array(Trial),
  claims: z.array(Claim),
})
export type Plan = z.infer<typeof Plan>
