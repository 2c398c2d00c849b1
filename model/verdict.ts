/** verdict.json, which other tools rely on. Written by the checker, read by every report. */
import { z } from 'zod'
import { Counts } from './outcomes.ts'
import { SettingValue } from './plan.ts'

export { Counts } from './outcomes.ts'

export const verdicts = ['violated', 'inconclusive', 'not-shown', 'held'] as const
/** The four verdicts, worst first. */
export type VerdictWord = (typeof verdicts)[number]

const count = z.int().min(0)

export const LostRange = z.strictObject({
  p: z.int(),
  from: z.int(),
  to: z.int(),
  count,
  /** Where the range lies among the acknowledged messages of its partition. */
  place: z.enum(['head', 'middle', 'tail', 'all']),
  cause: z.strictObject({ code: z.string(), text: z.string() }),
})
export type LostRange = z.infer<typeof LostRange>

/** Messages that consumers passed over, or that are unsent. `from` and `to`: the least and the greatest number. */
export const ExplainedRange = z.strictObject({
  p: z.int(),
  from: z.int(),
  to: z.int(),
  count,
  cause: z.strictObject({ code: z.string(), text: z.string() }),
})
export type ExplainedRange = z.infer<typeof ExplainedRange>

/** How long the lane was without service; recovery.ts defines the figures. A figure that the history does not show is absent. */
export const Recovery = z.strictObject({
  firstAckMs: z.number().optional(),
  unavailableMs: z.number().optional(),
  unackedMessages: count.optional(),
})
export type Recovery = z.infer<typeof Recovery>

/** The lane's throughput and latency while nothing was wrong; load.ts defines the figures. */
export const Load = z.strictObject({
  ackedPerSec: count.optional(),
  ackMsP50: z.number().optional(),
  ackMsP99: z.number().optional(),
})
export type Load = z.infer<typeof Load>

export const CellVerdict = z.strictObject({
  id: z.string(),
  scenario: z.string(),
  system: z.string(),
  trial: z.string(),
  settings: z.record(z.string(), SettingValue),
  counts: Counts,
  lost: z.array(LostRange),
  skipped: z.array(ExplainedRange).default([]),
  /** Messages that are `unsent`; absent where there are none. */
  unsent: z.array(ExplainedRange).optional(),
  windows: z.record(z.string(), z.strictObject({ sent: count, acked: count })),
  faults: z.array(
    z.strictObject({
      fault: z.string(),
      target: z.string(),
      node: z.string(),
      at: z.number(),
      healedAt: z.number().optional(),
      evidence: z.record(z.string(), z.unknown()),
    }),
  ),
  recovery: Recovery,
  load: Load.default({}),
  expect: z.array(z.strictObject({ what: z.string(), expected: z.string(), actual: count, ok: z.boolean() })),
  verdict: z.enum(verdicts),
  reasons: z.array(z.string()),
  /** Every try of a cell that was run again because a try was inconclusive, in order. Everything else is of the one that counts. */
  tries: z
    .array(
      z.strictObject({
        trial: z.string(),
        verdict: z.enum(verdicts),
        reasons: z.array(z.string()),
        counted: z.boolean(),
      }),
    )
    .optional(),
})
export type CellVerdict = z.infer<typeof CellVerdict>

export const RunVerdict = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  seed: z.int(),
  verdict: z.enum(verdicts),
  cells: z.array(CellVerdict),
  claims: z.array(z.strictObject({ id: z.string(), text: z.string(), shown: z.boolean(), cells: z.array(z.string()) })),
})
export type RunVerdict = z.infer<typeof RunVerdict>
