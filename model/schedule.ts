/** The schedule of a trial: steps that wait for an observed state, then inject faults, heal them or open a window. */
import { z } from 'zod'
import { Settings } from './settings.ts'

const atLeast = z.int().min(1).optional()

/** What a trigger can count in each of its lanes, as a scenario spells it. */
export const triggerCounts = {
  /** Messages since the trial began, in window `in`, or since the last step. */
  acked: atLeast,
  sent: atLeast,
  rejected: atLeast,
  /** The same for the lane's consumers; `committed` counts offsets. */
  delivered: atLeast,
  processed: atLeast,
  committed: atLeast,
  /** Delivered and not yet committed. */
  uncommitted: atLeast,
  /** Handed to a worker that has not processed them yet. */
  backlog: atLeast,
  /** Sends without an answer. */
  unanswered: atLeast,
} as const

export const Trigger = z.strictObject({
  ...triggerCounts,
  in: z.string().optional(),
  /** The ISR of every partition of `lanes` is the leader alone, or has this many members. */
  isr: z.union([z.literal('leader'), z.int().min(0)]).optional(),
  /** Every partition of `lanes` has a leader of a later epoch that differs from the one when the step began to wait. */
  leaderChanged: z.literal(true).optional(),
  /** No partition of `lanes` has a leader. */
  offline: z.literal(true).optional(),
  /** Every broker is back and every replica is in sync. */
  recovered: z.literal(true).optional(),
  /** The brokers that lead `lanes` have flushed everything they wrote. */
  flushed: z.literal(true).optional(),
  /** A client process of each of `lanes` has ended. */
  clientGone: z.literal(true).optional(),
  /** So many milliseconds have passed since the step before, for what shows no state that could be waited for. */
  elapsedMs: z.int().min(1).optional(),
  /** Counts start at the step before, not at the beginning of the trial. */
  sinceLastStep: z.literal(true).optional(),
  /** Ids of the lanes that the trigger applies to. */
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
  /** The window that this step opens. The next step closes it. */
  window: z.string().optional(),
  /** Pause producers around the step. */
  quiesce: z.boolean(),
})
export type Step = z.infer<typeof Step>
