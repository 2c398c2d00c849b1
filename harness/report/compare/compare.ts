/**
 * Two runs, or a baseline and a run, cell by cell. A baseline lists violations that are known; what it does not list is
 * expected not to be violated, and nothing else is known of it.
 */
import { z } from 'zod'
import type { RunVerdict, VerdictWord } from '../../../model/verdict.ts'

export const Baseline = z.strictObject({
  schema: z.literal(1),
  /** `broken`: outcomes and marks whose expectations are known to be broken. `note`: for people. */
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

export interface Side {
  name: string
  cells: ReadonlyMap<string, ComparedCell>
  /** A baseline knows nothing of cells that it does not list. */
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
  /** Expectations that are broken now and were not. */
  newlyBroken: string[]
}

export interface Comparison {
  before: string
  after: string
  changes: CellChange[]
  /** Whether something got worse, whether something can no longer be told, or neither. */
  outcome: 'worse' | 'undecided' | 'fine'
}

export function sideOfRun(verdict: RunVerdict): Side {
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
          lost: cell.counts.lost + cell.counts.clientLost,
          ...(cell.recovery.unavailableMs === undefined ? {} : { unavailableMs: cell.recovery.unavailableMs }),
        },
      ]),
    ),
  }
}

export function sideOfBaseline(name: string, baseline: Baseline): Side {
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

export function compareSides(before: Side, after: Side): Comparison {
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

function changeOf(id: string, { cells: earlier, isBaseline }: Side, { cells: later }: Side): CellChange {
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
  // What cannot be seen now is not fixed.
  if (before.verdict === 'violated') return isUndecided(after) ? 'worse' : 'fixed'
  if (before.verdict === after.verdict) return 'unchanged'
  return after.verdict === 'held'
    ? 'better'
    : before.verdict === 'held' || after.verdict === 'inconclusive'
      ? 'worse'
      : 'better'
}

/** Whether a broken expectation of a cell is one that the baseline lists. */
export function isKnown(baseline: Baseline | undefined, cell: string, what: string): boolean {
  return baseline?.violations.some(known => known.cell === cell && known.broken.includes(what)) ?? false
}

/** The baseline after a run: what it violated, with the notes that were there, and what it could not tell or did not run as it was. */
export function updatedBaseline(baseline: Baseline, verdict: RunVerdict): Baseline {
  const run = sideOfRun(verdict)
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
