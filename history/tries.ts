/**
 * A trial that is run again, because it was inconclusive, leaves the history of each try. The first try has the trial's own
 * folder, a further one a folder of its own beside it.
 */
import type { Cell, Plan, Trial } from '../model/plan.ts'
import type { RunFile } from './run-file.ts'

/** Id of a try of a trial, and name of its folder. `number`: from 1. */
export const tryId = (trial: string, number: number): string => (number === 1 ? trial : `${trial}.try-${number}`)

/** The plan with every recorded try as a trial of its own: the tries of a trial, and of a cell, follow each other in order. */
export function withTries({ plan, trials }: Pick<RunFile, 'plan' | 'trials'>): Plan {
  const further = Map.groupBy(
    Object.entries(trials).flatMap(([id, { again }]) => (again === undefined ? [] : [{ id, again }])),
    ({ again }) => again,
  )
  if (further.size === 0) return plan
  const triesOf = (trial: string) => [trial, ...Array.from(further.get(trial) ?? [], (_, at) => tryId(trial, at + 2))]
  return {
    ...plan,
    trials: plan.trials.flatMap(trial => triesOf(trial.id).map((id): Trial => ({ ...trial, id }))),
    cells: plan.cells.flatMap(cell => triesOf(cell.trial).map((trial): Cell => ({ ...cell, trial }))),
  }
}
