/** Makes the timelines of a run's lanes within what a page can hold. */
import type { TrialEvent } from '../../../history/events.ts'
import type { Cell, Plan, Trial } from '../../../model/plan.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { laneTimeline } from '../../report/timeline/lane-timeline.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { trialTimeline } from '../../report/timeline/trial-timeline.ts'
import { windowsOf } from '../../verdict/windows.ts'

/** Runs of messages with one fate, over all cells of a page; each takes about three bytes of it. */
const mostRunsOfPage = 400_000
const leastRunsOfCell = 500
const mostRunsOfCell = 8000

export type MakeTimeline = (
  cell: Cell,
  trial: Trial,
  events: readonly TrialEvent[],
  table: MessageTable,
) => LaneTimeline

export function timelineMaker({ cells }: Pick<Plan, 'cells'>): MakeTimeline {
  const share = Math.floor(mostRunsOfPage / Math.max(1, cells.length))
  const runsOfCell = Math.max(leastRunsOfCell, Math.min(mostRunsOfCell, share))
  return (cell, trial, events, table) => {
    const { span } = trialTimeline(trial.id, trial, events, [])
    const rate = trial.lanes.find(({ id }) => id === cell.lane)?.workload.ratePerSec
    return laneTimeline(table, cell.lane, events, windowsOf(events), span, runsOfCell, rate)
  }
}
