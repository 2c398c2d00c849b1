/** What `import { … } from 'lossproof'` offers: plan scenarios and judge stored runs, with typed results. */
import type { Plan, Settings } from '../model/plan.ts'
import type { RunVerdict } from '../model/verdict.ts'
import { planFrom } from './cli/commands/plan.ts'
import { checkRunFolder } from './cli/judging/check-folder.ts'

export { ExitCode, LossproofError } from '../model/errors.ts'
export type { ErrorCode } from '../model/errors.ts'
export type { Plan, Settings } from '../model/plan.ts'
export type { CellVerdict, RunVerdict } from '../model/verdict.ts'

export interface PlanRequest {
  /** Only cells with these settings, such as `acks=1`. */
  only?: string
  /** `place.setting` → value, for every cell. */
  set?: Settings
  /** Seed of everything random; 1 when absent. */
  seed?: number
}

/**
 * The plan of scenario files, or of names that ship with Lossproof such as `quick`. Starts nothing. Throws
 * LossproofError('usage') for an unknown name and LossproofError('scenario') for a wrong scenario.
 */
export function plan(scenarios: string[], { only, set = {}, seed }: PlanRequest = {}): Plan {
  const sets = Object.entries(set).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return planFrom(scenarios, { only, set: sets, seed, shard: undefined, json: false })
}

/**
 * Judges the stored run in `folder` from its history alone, without Docker. Throws LossproofError('usage') when the folder is
 * no run and LossproofError('history') when its files are damaged.
 */
export async function check(folder: string): Promise<RunVerdict> {
  return checkRunFolder(folder)
}
