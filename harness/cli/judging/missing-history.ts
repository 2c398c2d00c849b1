/** What a run folder once had and has no longer. Commands that rewrite a file refuse when they could not make it again. */
import { existsSync, readdirSync } from 'node:fs'
import { laneFolder, runPaths, trialPaths } from '../../../history/folder.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Plan } from '../../../model/plan.ts'
import type { RunVerdict } from '../../../model/verdict.ts'

const mostNamed = 5

/**
 * Trials of the plan whose history is missing: there are no events, or no lane files of a cell that `judged` counted
 * messages for. Without `judged`, a trial is only missing when none of the trials left events.
 */
export function trialsWithoutHistory(folder: string, plan: Plan, judged: RunVerdict | undefined): string[] {
  const hasEvents = (trial: string) => existsSync(trialPaths(folder, trial).events)
  const all = plan.trials.map(({ id }) => id)
  if (!all.some(hasEvents)) return all
  const counted = new Set(judged?.cells.filter(({ counts }) => counts.sent > 0).map(({ id }) => id))
  const missing = plan.cells
    .filter(({ id, trial, lane }) => counted.has(id) && !(hasEvents(trial) && hasLaneFiles(folder, trial, lane)))
    .map(({ trial }) => trial)
  return [...new Set(missing)]
}

/** Throws LossproofError('usage') when `file` would be written without the history it was made from. */
export function refuseWithoutHistory(folder: string, plan: Plan, judged: RunVerdict | undefined, file: string): void {
  const missing = trialsWithoutHistory(folder, plan, judged)
  if (missing.length === 0) return
  const named = missing.slice(0, mostNamed).join(', ')
  const more = missing.length > mostNamed ? ` and ${missing.length - mostNamed} more` : ''
  throw new LossproofError(
    'usage',
    `${folder}: the history of ${missing.length} of ${plan.trials.length} trials is missing (${named}${more}), ` +
      `so ${file} cannot be computed again and is left unchanged`,
    { hint: `copy the history back to ${runPaths(folder).trials}, or use the folder that the run wrote` },
  )
}

function hasLaneFiles(folder: string, trial: string, lane: string): boolean {
  const path = laneFolder(folder, trial, lane)
  return existsSync(path) && readdirSync(path).some(name => name.endsWith('.jsonl'))
}
