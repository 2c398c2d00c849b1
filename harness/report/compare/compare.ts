/**
 * Compares two runs, or a baseline and a run, cell by cell. A baseline lists known violations. It says nothing about the
 * cells that it does not list, except that they are not violated.
 */
import { z } from 'zod'
import type { RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { lostCount } from '../words/counts.ts'

export const Baseline = z.strictObject({
  schema: z.literal(1),
  /** `broken`: outcomes and marks whose expectations are known to fail. `note`: free text. */
  violations: z.array(z.strictObject({ cell: z.string(), broken: z.array(z.string()), note: z.string().optional() })),
})
export type Baseline = z.infer<typeof Baseline>

export interface ComparedCell {
  verdict: VerdictWord
  broken: string[]
  reasons: string[]
  lost?: number
  unavailableMs?: number
}

export interface ComparedRun {
  name: string
  cells: ReadonlyMap<string, ComparedCell>
  /** A baseline says nothing about cells that it does not list. */
  isBaseline: boolean
}

export const statuses = [
  'newly violated',
  'fixed',
  'known violation',
  'worse',
  'better',
  'new',
  'not run',
  'unchanged',
] as const
export type Status = (typeof statuses)[number]

export interface CellChange {
  id: string
  status: Status
  before: ComparedCell | undefined
  after: ComparedCell | undefined
  /** Outcomes and marks whose expectations fail now and did not fail before. */
  newlyBroken: string[]
}

export interface Comparison {
  before: string
  after: string
  changes: CellChange[]
  /** `worse`: a new violation. `undecided`: a cell that has no verdict any more. `fine`: neither. */
  outcome: 'worse' | 'undecided' | 'fine'
}

export function comparedRun(verdict: RunVerdict): ComparedRun {
  return {
    name: verdict.run,
    isBaseline: false,
    cells: new Map(
      verdict.cells.map(cell => [
        cell.id,
        {
          verdict: cell.verdict,
          broken:
            cell.verdict === 'violated'
              ? [...new Set(cell.expect.filter(({ ok }) => !ok).map(({ what }) => what))]
              : [],
          reasons: cell.reasons,
          lost: lostCount(cell.counts),
          ...(cell.recovery.unavailableMs === undefined ? {} : { unavailableMs: cell.recovery.unavailableMs }),
        },
      ]),
    ),
  }
}

export function comparedBaseline(name: string, baseline: Baseline): ComparedRun {
  return {
    name,
    isBaseline: true,
    cells: new Map(
      baseline.violations.map(({ cell, broken, note }) => [
        cell,
        { verdict: 'violated', broken, reasons: note === undefined ? [] : [note] },
      ]),
    ),
  }
}

export function compareRuns(before: ComparedRun, after: ComparedRun): Comparison {
  const ids = [...new Set([...after.cells.keys(), ...before.cells.keys()])]
  const changes = ids
    .map(id => changeOf(id, before, after))
    .toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status))
  const undecided = changes.some(
    change => isUndecided(change.after) && (before.isBaseline || !isUndecided(change.before)),
  )
  return {
    before: before.name,
    after: after.name,
    changes,
    outcome: changes.some(({ status }) => status === 'newly violated') ? 'worse' : undecided ? 'undecided' : 'fine',
  }
}

const isUndecided = (cell: ComparedCell | undefined) =>
  cell?.verdict === 'inconclusive' || cell?.verdict === 'not-shown'

function changeOf(id: string, { cells: earlier, isBaseline }: ComparedRun, { cells: later }: ComparedRun): CellChange {
  const [before, after] = [earlier.get(id), later.get(id)]
  const newlyBroken = (after?.broken ?? []).filter(what => !before?.broken.includes(what))
  return { id, before, after, newlyBroken, status: statusOf(before, after, newlyBroken, isBaseline) }
}

function statusOf(
  before: ComparedCell | undefined,
  after: ComparedCell | undefined,
  newlyBroken: readonly string[],
  isBaseline: boolean,
): Status {
  if (!after) return 'not run'
  if (after.verdict === 'violated')
    return before?.verdict === 'violated' && newlyBroken.length === 0 ? 'known violation' : 'newly violated'
  if (!before) return isBaseline ? (isUndecided(after) ? 'worse' : 'unchanged') : 'new'
  // A violated cell that has no verdict now is not fixed.
  if (before.verdict === 'violated') return isUndecided(after) ? 'worse' : 'fixed'
  if (before.verdict === after.verdict) return 'unchanged'
  return after.verdict === 'held'
    ? 'better'
    : before.verdict === 'held' || after.verdict === 'inconclusive'
      ? 'worse'
      : 'better'
}

/** Whether the baseline lists this failed expectation of the cell. */
export function isKnown(baseline: Baseline | undefined, cell: string, what: string): boolean {
  return baseline?.violations.some(known => known.cell === cell && known.broken.includes(what)) ?? false
}

/**
 * The baseline after a run: the run's violations with the notes of the old baseline. Cells that the run did not contain or
 * could not judge stay as they were.
 */
export function updatedBaseline(baseline: Baseline, verdict: RunVerdict): Baseline {
  const run = comparedRun(verdict)
  const kept = baseline.violations.filter(({ cell }) => {
    const now = run.cells.get(cell)
    return now === undefined || isUndecided(now)
  })
  const violated = [...run.cells]
    .filter(([, cell]) => cell.verdict === 'violated')
    .map(([cell, { broken }]) => {
      const note = baseline.violations.find(known => known.cell === cell)?.note
      return { cell, broken, ...(note === undefined ? {} : { note }) }
    })
  return { schema: 1, violations: [...kept, ...violated].toSorted((a, b) => (a.cell < b.cell ? -1 : 1)) }
}
