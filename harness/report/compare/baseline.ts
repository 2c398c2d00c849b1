/**
 * A baseline lists known violations, so that only new ones fail. It says nothing about the cells that it does not list,
 * except that they are not violated.
 */
import { z } from 'zod'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { brokenExpectations, isUndecided } from './cell-verdicts.ts'

export const Baseline = z.strictObject({
  schema: z.literal(1),
  /** `broken`: outcomes and marks whose expectations are known to fail. `note`: free text. */
  violations: z.array(z.strictObject({ cell: z.string(), broken: z.array(z.string()), note: z.string().optional() })),
})
export type Baseline = z.infer<typeof Baseline>

/** Whether the baseline lists this failed expectation of the cell. */
export function isKnown(baseline: Baseline | undefined, cell: string, what: string): boolean {
  return baseline?.violations.some(known => known.cell === cell && known.broken.includes(what)) ?? false
}

/** Whether the cell is violated, and the baseline lists every expectation that failed. */
export function isKnownViolation(baseline: Baseline | undefined, cell: CellVerdict): boolean {
  return cell.verdict === 'violated' && cell.expect.every(({ what, ok }) => ok || isKnown(baseline, cell.id, what))
}

/**
 * The baseline after a run: the run's violations with the notes of the old baseline. Cells that the run did not contain or
 * could not judge stay as they were.
 */
export function updatedBaseline(baseline: Baseline, { cells }: RunVerdict): Baseline {
  const byId = new Map(cells.map(cell => [cell.id, cell]))
  const kept = baseline.violations.filter(({ cell }) => {
    const now = byId.get(cell)
    return now === undefined || isUndecided(now)
  })
  const violated = cells
    .filter(({ verdict }) => verdict === 'violated')
    .map(cell => {
      const note = baseline.violations.find(known => known.cell === cell.id)?.note
      return { cell: cell.id, broken: brokenExpectations(cell), ...(note === undefined ? {} : { note }) }
    })
  return { schema: 1, violations: [...kept, ...violated].toSorted((a, b) => (a.cell < b.cell ? -1 : 1)) }
}
