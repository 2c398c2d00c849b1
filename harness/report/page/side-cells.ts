/** The cells of a run or of many runs, as the side-by-side view takes them. */
import type { DashboardPage, RunPage } from '../page-data/page-data.ts'
import type { SideCell } from '../claims/side-by-side.ts'
import { versionOf } from '../claims/side-by-side.ts'

export function pointsOfRun(data: RunPage): SideCell[] {
  const faults = new Map(data.trials.map(trial => [trial.id, trial.faults]))
  return data.cells.map(cell => ({
    ...cell,
    version: versionOf(cell.system, data.versions),
    faults: faults.get(cell.trial) ?? [],
    points: [cell],
  }))
}

/** One for each cell and version. */
export function pointsOfDashboard(data: DashboardPage): SideCell[] {
  const facts = new Map(data.cells.map(cell => [cell.id, cell]))
  const found = new Map<string, SideCell>()
  for (const run of data.runs) {
    for (const point of run.cells) {
      const cell = facts.get(point.id)
      if (!cell) continue
      const version = versionOf(cell.system, run.versions)
      const key = `${version}\n${point.id}`
      const known = found.get(key) ?? { ...cell, version, points: [] }
      known.points.push(point)
      found.set(key, known)
    }
  }
  return [...found.values()]
}
