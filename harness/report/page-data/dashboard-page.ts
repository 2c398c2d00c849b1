/** Builds the data of the dashboard from several runs. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { subjectRows, systemsOf } from '../claims/subjects.ts'
import type { Subject } from '../claims/subjects.ts'
import { changeText, detailsOf, versionText } from '../compare/compare-text.ts'
import { compareRuns } from '../compare/compare.ts'
import { comparedRun } from '../compare/compared-run.ts'
import { faultsText } from '../words/faults.ts'
import { kindOf } from '../words/kinds.ts'
import { resultOf } from '../words/results.ts'
import { shortCellName } from '../words/settings.ts'
import type { DashboardChanges, DashboardPage, DashboardRun, DashboardSubject } from './page-data.ts'
import { wordsOfSystems } from './run-page.ts'

export interface DashboardInput {
  verdict: RunVerdict
  versions: Record<string, string>
  href: string | undefined
}

/** Sorts the runs by name, which begins with their start time. `subjects`: on which the systems are compared. */
export function dashboardPage(inputs: readonly DashboardInput[], subjects: readonly Subject[] = []): DashboardPage {
  const ordered = inputs.toSorted((a, b) => (a.verdict.run < b.verdict.run ? -1 : 1))
  const facts = new Map<string, DashboardPage['cells'][number]>()
  for (const { verdict } of ordered)
    for (const cell of verdict.cells) facts.set(cell.id, factsOf(cell, facts.get(cell.id)))
  const changes = changesOf(ordered)
  return {
    page: 'dashboard',
    ...(changes === undefined ? {} : { changes }),
    subjects: subjectsOf(ordered, subjects),
    runs: ordered.map(({ verdict, versions, href }): DashboardRun => ({
      run: verdict.run,
      verdict: verdict.verdict,
      versions,
      ...(href === undefined ? {} : { href }),
      cells: verdict.cells.map(({ id, verdict: word, counts, recovery }) => ({ id, verdict: word, counts, recovery })),
    })),
    systems: wordsOfSystems([...facts.values()]),
    cells: [...facts.values()],
  }
}

function changesOf(ordered: readonly DashboardInput[]): DashboardChanges | undefined {
  const last = ordered.at(-1)
  const ids = new Set(last?.verdict.cells.map(({ id }) => id))
  const before = ordered.slice(0, -1).findLast(({ verdict }) => verdict.cells.some(({ id }) => ids.has(id)))
  if (last === undefined || before === undefined) return undefined
  const { changes, versions } = compareRuns(
    comparedRun(before.verdict, before.versions),
    comparedRun(last.verdict, last.versions),
  )
  const changed = changes.filter(({ status, differences }) => status !== 'unchanged' || differences.length > 0)
  return {
    before: before.verdict.run,
    after: last.verdict.run,
    versions: versions.map(versionText),
    cells: changed.map(change => ({
      id: change.id,
      status: change.status,
      text: changeText(change),
      details: detailsOf(change),
    })),
    unchanged: changes.length - changed.length,
  }
}

/** Of each system the newest run that shows claims. Subjects that no run shows are left out. */
function subjectsOf(ordered: readonly DashboardInput[], subjects: readonly Subject[]): DashboardSubject[] {
  const showing = ordered.map(({ verdict }) => verdict).filter(({ claims }) => claims.some(({ shown }) => shown))
  const newest = [...new Set(showing.flatMap(systemsOf))].flatMap(
    system => showing.findLast(verdict => systemsOf(verdict).includes(system)) ?? [],
  )
  return subjectRows([...new Set(newest)], subjects)
    .filter(({ examples }) => examples.some(({ cells }) => cells.length > 0))
    .map(({ subject, examples }) => ({
      subject,
      examples: examples.map(({ system, cells }) => ({
        system,
        faults: faultsText(cells[0]?.faults ?? []),
        cells: cells.map(cell => ({
          id: cell.id,
          name: shortCellName(cell),
          kind: kindOf(cell),
          text: resultOf(cell).line,
        })),
      })),
    }))
}

/** A trial that failed before its first fault has no faults, so those of an earlier run are kept. */
function factsOf(
  { id, scenario, system, settings, faults }: CellVerdict,
  before: DashboardPage['cells'][number] | undefined,
): DashboardPage['cells'][number] {
  const named = faults.map(({ fault, target }) => ({ fault, target }))
  return { id, scenario, system, settings, faults: named.length > 0 ? named : (before?.faults ?? []) }
}
