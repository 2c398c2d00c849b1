/** A part of a plan that was made before: what `replay --only` runs again. */
import { LossproofError } from '../../model/errors.ts'
import { suggestion } from '../../model/nearest.ts'
import type { Cell, Plan, Trial } from '../../model/plan.ts'
import { matches, parseSelector } from './matrix/matrix.ts'
import { unmatchedHint } from './matrix/unmatched.ts'

/**
 * The cell with the id `only`, or the cells with settings such as `acks=1`, with their trials. A trial keeps the lanes of
 * these cells, and those on which a step of its schedule depends. Throws LossproofError('usage') when there is no such
 * cell.
 */
export function chooseCells(plan: Plan, only: string): Plan {
  const chosen = chosenCells(plan.cells, only)
  const trials = plan.trials
    .filter(trial => chosen.some(cell => cell.trial === trial.id))
    .map(trial => withLanes(trial, new Set(chosen.filter(cell => cell.trial === trial.id).map(({ lane }) => lane))))
  const lanes = new Map(trials.map(trial => [trial.id, new Set(trial.lanes.map(({ id }) => id))]))
  const cells = plan.cells.filter(cell => lanes.get(cell.trial)?.has(cell.lane))
  const ids = new Set(cells.map(({ id }) => id))
  return {
    ...plan,
    cells,
    trials,
    claims: plan.claims
      .map(claim => ({ ...claim, cells: claim.cells.filter(id => ids.has(id)) }))
      .filter(claim => claim.cells.length > 0),
  }
}

function chosenCells(cells: readonly Cell[], only: string): Cell[] {
  const named = cells.filter(({ id }) => id === only)
  if (named.length > 0) return named
  const selector = parseSelector(only)
  const found = selector === undefined ? [] : cells.filter(({ settings }) => matches(settings, selector))
  if (found.length > 0) return found
  const ids = cells.map(({ id }) => id)
  const form = `give the id of a cell, such as ${ids[0] ?? 'scenario/acks=1'}, or settings such as acks=1`
  const isId = selector === undefined || only.includes('/')
  throw new LossproofError('usage', `--only ${only}: the run has no such cell`, {
    hint: isId
      ? suggestion(only, ids, form)
      : unmatchedHint(
          selector,
          cells.map(({ settings }) => settings),
        ),
  })
}

/** A step that waits for none of the chosen lanes keeps its own, because it would never begin otherwise. */
function withLanes(trial: Trial, chosen: ReadonlySet<string>): Trial {
  const kept = new Set(chosen)
  for (const { after } of trial.schedule)
    if (!after.lanes.some(lane => kept.has(lane))) after.lanes.forEach(lane => kept.add(lane))
  return {
    ...trial,
    lanes: trial.lanes.filter(({ id }) => kept.has(id)),
    schedule: trial.schedule.map(step => ({
      ...step,
      after: { ...step.after, lanes: step.after.lanes.filter(lane => kept.has(lane)) },
    })),
  }
}
