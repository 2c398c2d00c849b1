/** Input of the side-by-side view, from one run or from a dashboard. */
import type { DashboardPage, RunPage } from '../page-data/page-data.ts'
import type { CellOverRuns } from '../compare/side-by-side.ts'

export function cellsOfRun(data: RunPage): CellOverRuns[] {
  const faults = new Map(data.trials.map(trial => [trial.id, trial.faults]))
  return data.cells.map(cell => ({
    ...cell,
    version: data.versions[cell.system] ?? '',
    faults: faults.get(cell.trial) ?? [],
    points: [cell],
  }))
}

/** One entry for each cell and version, with the points of all its runs. */
export function cellsOfDashboard(data: DashboardPage): CellOverRuns[] {
  const facts = new Map(data.cells.map(cell => [cell.id, cell]))
  const found = new Map<string, CellOverRuns>()
  for (const run of data.runs) {
    for (const point of run.cells) {
      const cell = facts.get(point.id)
      if (!cell) continue
      const version = run.versions[cell.system] ?? ''
      const key = `${version}\n${point.id}`
      const known = found.get(key) ?? { ...cell, version, points: [] }
      known.points.push(point)
      found.set(key, known)
    }
  }
  return [...found.values()]
}
