/** run.json: what was run, with what. The verdict is computed from its plan, the events and the lane files. */
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
  /** Milliseconds of each phase, by trial. A trial that did not end is missing. */
  trials: z.record(z.string(), z.strictObject({ phases: z.record(z.string(), z.number()) })),
})
export type RunFile = z.infer<typeof RunFile>
