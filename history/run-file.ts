/** run.json: the plan, and the versions and images it ran with. Verdicts are computed from the plan, events and lane files. */
import { z } from 'zod'
import { Plan } from '../model/plan.ts'

export const RunFile = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  seed: z.int(),
  plan: Plan,
  versions: z.record(z.string(), z.string()),
  images: z.record(z.string(), z.string()),
  capabilities: z.record(z.string(), z.unknown()),
  /** Milliseconds of each phase, by trial. A trial that did not end has no entry. */
  trials: z.record(
    z.string(),
    z.strictObject({
      phases: z.record(z.string(), z.number()),
      /** Hash of the trial and its cells, so that a result is never counted for another plan. */
      plan: z.string().optional(),
    }),
  ),
})
export type RunFile = z.infer<typeof RunFile>
