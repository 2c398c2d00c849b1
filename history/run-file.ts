/** run.json: the plan, and the versions and images it ran with. Verdicts are computed from the plan, events and lane files. */
import { z } from 'zod'
import { Plan } from '../model/plan.ts'

export const RunFile = z.strictObject({
  schema: z.literal(1),
  run: z.string(),
  seed: z.int(),
  /** When the run began, ISO 8601, UTC. */
  started: z.iso.datetime().optional(),
  /** How long it took, with all its parts where it was resumed. */
  tookMs: z.int().min(0).optional(),
  plan: Plan,
  versions: z.record(z.string(), z.string()),
  images: z.record(z.string(), z.string()),
  capabilities: z.record(z.string(), z.unknown()),
  /** Milliseconds of each phase, by trial. A trial that did not end has no entry. A further try of a trial has its own. */
  trials: z.record(
    z.string(),
    z.strictObject({
      phases: z.record(z.string(), z.number()),
      /** Hash of the trial and its cells, so that a result is never counted for another plan. */
      plan: z.string().optional(),
      /** When the trial began, ISO 8601, UTC. */
      started: z.iso.datetime().optional(),
      /** Of a further try: the trial that was run again. */
      again: z.string().optional(),
    }),
  ),
})
export type RunFile = z.infer<typeof RunFile>
