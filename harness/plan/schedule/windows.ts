/** The steps of a schedule with every repeat written out, and the windows that they open. */
import type { LossproofError } from '../../../model/errors.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import type { Scenario, ScenarioFault, ScenarioStep } from '../scenario/schema.ts'
import type { ScenarioSource } from '../scenario/source.ts'

/** A step as the scenario gives it. */
export interface WrittenStep {
  step: ScenarioStep
  /** Where it stands in the scenario. */
  path: ScenarioPath
  /** The round of its repeat, from 1; undefined outside of a repeat. */
  round: number | undefined
}

export function writtenSteps(scenario: Scenario): WrittenStep[] {
  return (scenario.schedule ?? []).flatMap((entry, index): WrittenStep[] => {
    if (!('repeat' in entry)) return [{ step: entry, path: ['schedule', index], round: undefined }]
    return Array.from({ length: entry.repeat }, (_, round) =>
      entry.steps.map((step, at): WrittenStep => ({ step, path: ['schedule', index, 'steps', at], round: round + 1 })),
    ).flat()
  })
}

/** The faults that a step injects. */
export function faultsOf(step: ScenarioStep): ScenarioFault[] {
  if (step.inject === undefined) return []
  return Array.isArray(step.inject) ? step.inject : [step.inject]
}

/** The names of all windows, in the order of their steps. A window of a repeat carries its round: `cut-1`. */
export function windowsOf(scenario: Scenario): string[] {
  return writtenSteps(scenario).flatMap(step => windowOf(step) ?? [])
}

/** The name of the window that a step opens, if it opens one. */
export function windowOf({ step, round }: WrittenStep): string | undefined {
  const name = step.window ?? faultsOf(step).find(call => call.window !== undefined)?.window
  return name === undefined ? undefined : inRound(name, round)
}

export const inRound = (window: string, round: number | undefined) =>
  round === undefined ? window : `${window}-${round}`

/** The error for a window that none of `known` is. */
export function unknownWindow(
  source: ScenarioSource,
  path: ScenarioPath,
  window: string,
  known: string[],
): LossproofError {
  const all = known.length === 0 ? 'no earlier step opens a window' : `windows opened before: ${known.join(', ')}`
  return source.error(path, `unknown window "${window}"`, { hint: suggestion(window, known, all) })
}
