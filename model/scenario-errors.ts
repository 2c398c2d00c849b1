import type { LossproofError } from './errors.ts'

/** Where something stands in a scenario: keys and list indexes from the top. */
export type ScenarioPath = (string | number)[]

/** Makes errors that name the scenario's file, line and column. */
export interface ScenarioErrors {
  /** An error about what stands at `path`; with `key`, about that key of the map there. */
  error(path: ScenarioPath, message: string, options?: { key?: string; hint?: string }): LossproofError
  /** An error about a setting named with its place (`topic.queues`), at the line that gives it. */
  settingError(name: string, message: string, options?: { hint?: string }): LossproofError
}
