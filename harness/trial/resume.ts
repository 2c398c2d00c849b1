/** Goes on with a run that ended early: which trials are finished, and whether they are trials of this plan. */
import { createHash } from 'node:crypto'
import type { RunFile } from '../../history/run-file.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Plan, Trial } from '../../model/plan.ts'

/** Changes with everything that decides what a trial does and how it is judged. */
export function planHash(plan: Plan, trial: Trial): string {
  const cells = plan.cells.filter(cell => cell.trial === trial.id)
  return createHash('sha256')
    .update(JSON.stringify([trial, cells]))
    .digest('hex')
}

/**
 * The trials that are still to be run. Throws LossproofError('history') for a finished trial whose plan is not the one in
 * the file: its result would be counted for something else.
 */
export function openTrials({ plan, trials, run }: Pick<RunFile, 'plan' | 'trials' | 'run'>): Trial[] {
  return plan.trials.filter(trial => {
    const finished = trials[trial.id]
    if (finished === undefined) return true
    if (finished.plan !== undefined && finished.plan !== planHash(plan, trial))
      throw new LossproofError(
        'history',
        `trial ${trial.id} of ${run} was run with another plan than run.json has now`,
        {
          hint: 'start a new run',
        },
      )
    return false
  })
}
