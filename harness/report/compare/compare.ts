/** Compares two runs, or a baseline and a run, cell by cell. */
import { systemLabel } from '../words/systems.ts'
import { cellDifferences } from './cell-differences.ts'
import { isUndecided } from './cell-verdicts.ts'
import { statuses } from './comparison.ts'
import type { CellChange, ComparedCell, ComparedRun, Comparison, FailOn, Status, VersionChange } from './comparison.ts'
import { defaultFailOn, failuresOf } from './fail-on.ts'
import { worseFigures } from './figures.ts'

/** Throws Error when the runs have no system in common. */
export function compareRuns(
  before: ComparedRun,
  after: ComparedRun,
  failOn: readonly FailOn[] = defaultFailOn,
): Comparison {
  refuseDifferentSystems(before, after)
  const ids = [...new Set([...after.cells.keys(), ...before.cells.keys()])]
  const changes = ids
    .map(id => changeOf(id, before, after))
    .toSorted((a, b) => statuses.indexOf(a.status) - statuses.indexOf(b.status))
  const versions = versionChanges(before.versions, after.versions)
  const failures = failuresOf({ changes, versions }, failOn)
  // A run without cells proves nothing.
  const undecided =
    after.cells.size === 0 ||
    changes.some(change => isUndecided(change.after) && (before.isBaseline || !isUndecided(change.before)))
  const outcome = failures.length > 0 ? 'worse' : undecided && failOn.length > 0 ? 'undecided' : 'fine'
  return { before: before.name, after: after.name, versions, changes, failures, outcome }
}

function refuseDifferentSystems(before: ComparedRun, after: ComparedRun): void {
  const [first, second] = [systemsOf(before), systemsOf(after)]
  if (first.length === 0 || second.length === 0 || first.some(system => second.includes(system))) return
  const names = (systems: string[]) => systems.map(systemLabel).join(', ')
  throw new Error(
    `${before.name} ran ${names(first)} and ${after.name} ran ${names(second)}: different systems have no cell in common`,
  )
}

const systemsOf = ({ cells }: ComparedRun): string[] => [
  ...new Set([...cells.values()].flatMap(({ system }) => system ?? [])),
]

function changeOf(id: string, first: ComparedRun, second: ComparedRun): CellChange {
  const [before, after] = [first.cells.get(id), second.cells.get(id)]
  const newlyBroken = (after?.broken ?? []).filter(what => !before?.broken.includes(what))
  // The figures of an inconclusive cell are incomplete.
  const comparable = before?.verdict !== 'inconclusive' && after?.verdict !== 'inconclusive'
  const worse = comparable ? worseFigures(before?.figures ?? [], after?.figures ?? []) : []
  const verdictStatus = statusOf(before, after, newlyBroken, first.isBaseline)
  return {
    id,
    status: verdictStatus === 'unchanged' && worse.length > 0 ? 'worse figures' : verdictStatus,
    before,
    after,
    newlyBroken,
    worseFigures: worse,
    differences: cellDifferences(before, after),
  }
}

/** By the verdicts alone. */
function statusOf(
  before: ComparedCell | undefined,
  after: ComparedCell | undefined,
  newlyBroken: readonly string[],
  isBaseline: boolean,
): Status {
  if (!after) return isBaseline ? 'not run' : 'vanished'
  if (after.verdict === 'violated')
    return before?.verdict === 'violated' && newlyBroken.length === 0 ? 'known violation' : 'newly violated'
  if (!before) return isBaseline ? (isUndecided(after) ? 'worse' : 'unchanged') : 'new'
  // A violated cell that has no verdict now is not fixed.
  if (before.verdict === 'violated') return isUndecided(after) ? 'worse' : 'fixed'
  if (before.verdict === after.verdict) return 'unchanged'
  if (after.verdict === 'held') return 'better'
  return before.verdict === 'held' || after.verdict === 'inconclusive' ? 'worse' : 'better'
}

function versionChanges(before: ComparedRun['versions'], after: ComparedRun['versions']): VersionChange[] {
  const [known, knownAfter] = [Object.keys(before), Object.keys(after)]
  if (known.length === 0 || knownAfter.length === 0) return []
  return [...new Set([...known, ...knownAfter])]
    .filter(name => before[name] !== after[name])
    .map(name => ({ name, before: before[name], after: after[name] }))
}
