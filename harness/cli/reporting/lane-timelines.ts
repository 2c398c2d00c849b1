/** Makes the timelines of a run's lanes within what a page can hold. */
import { existsSync, readdirSync } from 'node:fs'
import type { TrialEvent } from '../../../history/events.ts'
import type { Line } from '../../../history/line.ts'
import type { Cell, Plan, Trial } from '../../../model/plan.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { clientsIn, laneTimeline } from '../../report/timeline/lane-timeline.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { trialTimeline } from '../../report/timeline/trial-timeline.ts'
import { systemFacts } from '../../../systems/index.ts'
import { windowsOf } from '../../verdict/windows.ts'
import { readConsumers } from '../judging/lane-folder.ts'

/** Runs of messages with one fate, over all cells of a page; each takes about three bytes of it. */
const mostRunsOfPage = 400_000
const leastRunsOfCell = 500
const mostRunsOfCell = 8000

export type MakeTimeline = (
  cell: Cell,
  trial: Trial,
  events: readonly TrialEvent[],
  table: MessageTable,
  /** Folder of the lane's files. */
  folder: string,
) => LaneTimeline

export function timelineMaker({ cells }: Pick<Plan, 'cells'>): MakeTimeline {
  const share = Math.floor(mostRunsOfPage / Math.max(1, cells.length))
  const runsOfCell = Math.max(leastRunsOfCell, Math.min(mostRunsOfCell, share))
  return (cell, trial, events, table, folder) => {
    const { span } = trialTimeline(trial.id, trial, events, [])
    const lane = trial.lanes.find(({ id }) => id === cell.lane)
    const consumers = lane?.consumer && {
      read: (begin: (process: string) => void, take: (line: Line) => void) => readConsumers(folder, begin, take),
      sharesWork: !systemFacts(trial.system).autopsy.isBroadcasting({ cell, trial }),
    }
    const ratePerSec = lane?.workload.ratePerSec
    const windows = windowsOf(events)
    const clients = existsSync(folder) ? clientsIn(readdirSync(folder)) : []
    const history = { table, lane: cell.lane, events, windows, span, ratePerSec, consumers, clients }
    return laneTimeline(history, runsOfCell)
  }
}
