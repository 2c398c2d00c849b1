import type { LossproofError } from './errors.ts'

/** Where something stands in a scenario: keys and list indexes from the top. */
export type ScenarioPath = (string | number)[]

/** Makes errors that name the scenario's file, line and column. */
export interface ScenarioErrors {
  /** The error for what stands at `path`; with `key`, for that key of the map there. */
  error(path: ScenarioPath, message: string, options?: { key?: string; hint?: string }): LossproofError
}
