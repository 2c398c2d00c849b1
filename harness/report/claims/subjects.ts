/** Subjects on which the claims of several systems are compared: one unsafe and one safe setting of each system. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'

/** A question that claims of several systems answer, each in its own words. */
export interface Subject {
  subject: string
  /** Claim ids. */
  claims: readonly string[]
}

export interface SubjectRow {
  subject: string
  /** In the order of the systems. No cells: no run shows a claim of the subject on that system. */
  examples: { system: string; cells: CellVerdict[] }[]
}

type CountName = keyof CellVerdict['counts']

/** What makes a setting the unsafe one of its claim, worst first. The first line that occurs in a scenario decides. */
const unsafeCounts: readonly (readonly CountName[])[] = [
  ['lost', 'clientLost', 'unsent', 'skipped', 'stalled'],
  ['duplicates', 'reordered', 'outOfOrder'],
  ['givenUp'],
]

/** One row for each subject, whether or not a run shows it. */
export function subjectRows(verdicts: readonly RunVerdict[], subjects: readonly Subject[]): SubjectRow[] {
  const systems = [...new Set(verdicts.flatMap(systemsOf))]
  return subjects.map(({ subject, claims }) => ({
    subject,
    examples: systems.map(system => ({ system, cells: exampleCells(system, claims, verdicts) })),
  }))
}

export const systemsOf = ({ cells }: RunVerdict): string[] => [...new Set(cells.map(({ system }) => system))]

/** An unsafe and a safe cell of the same scenario, where the system's claims have both; otherwise the one there is. */
function exampleCells(system: string, claims: readonly string[], verdicts: readonly RunVerdict[]): CellVerdict[] {
  const cells = verdicts.flatMap(verdict => {
    const ids = verdict.claims.filter(claim => claims.includes(claim.id) && claim.shown).flatMap(claim => claim.cells)
    return verdict.cells.filter(cell => cell.system === system && ids.includes(cell.id))
  })
  const pairs = [...Map.groupBy(cells, cell => cell.scenario).values()]
    .map(splitBySafety)
    .map(({ unsafe, safe }) => [...unsafe.slice(0, 1), ...safe.slice(0, 1)])
  return pairs.find(({ length }) => length === 2) ?? pairs[0] ?? []
}

/** Splits the cells of one scenario into those that were hurt as they were expected to be, and the others. */
export function splitBySafety(cells: readonly CellVerdict[]): { unsafe: CellVerdict[]; safe: CellVerdict[] } {
  const deciding = unsafeCounts.find(counts => cells.some(cell => isHurt(cell, counts))) ?? []
  return {
    unsafe: cells.filter(cell => isHurt(cell, deciding)),
    safe: cells.filter(cell => !isHurt(cell, deciding)),
  }
}

function isHurt(cell: CellVerdict, counts: readonly CountName[]): boolean {
  return cell.expect.some(
    ({ what, expected }) => expected !== '0' && counts.some(count => count === what && cell.counts[count] > 0),
  )
}
