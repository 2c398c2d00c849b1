/** A run's folder → what the reports know of it. Its history is read once more where it is there. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { z } from 'zod'
import { finishLane } from '../../verdict/judge-trial.ts'
import { LaneCheck } from '../../check/lane.ts'
import { RunVerdict } from '../../../model/verdict.ts'
import { windowsOf } from '../../verdict/windows.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { laneFolder, runPaths, trialPaths } from '../../../history/folder.ts'
import { readEvents } from '../../../history/reader.ts'
import type { RunFile } from '../../../history/run-file.ts'
import type { Trial } from '../../../model/plan.ts'
import type { ReportedRun } from '../../report/page-data/run-page.ts'
import { laneTimeline } from '../../report/timeline/lane-timeline.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { trialTimeline } from '../../report/timeline/trial-timeline.ts'
import type { TrialTimeline } from '../../report/timeline/trial-timeline.ts'
import { readLane, readRunFile } from '../judging/check-folder.ts'

/** Runs of equal fates that all cells of a page may have together, and one of them at least: about three bytes each. */
const mostRuns = 400_000
const leastRunsOfCell = 500
const mostRunsOfCell = 8000

/** A run's verdict, given its folder or the file itself. Throws LossproofError('usage') where there is none, ('history') where it is of no known form. */
export function readVerdict(path: string): RunVerdict {
  if (!existsSync(path)) throw new LossproofError('usage', `${path} does not exist`)
  const file = statSync(path).isDirectory() ? runPaths(path).verdict : path
  if (!existsSync(file))
    throw new LossproofError('usage', `${path} has no verdict.json`, { hint: `lossproof check ${path}` })
  const parsed = RunVerdict.safeParse(parseJson(file))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new LossproofError('history', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown form'}`)
}

export function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new LossproofError('history', `${file}: ${messageOf(error)}`)
  }
}

/** The run file; undefined when it is missing or unreadable. A verdict alone can be reported too. */
function tryRunFile(folder: string): RunFile | undefined {
  try {
    return readRunFile(folder)
  } catch (error) {
    if (error instanceof LossproofError) return undefined
    throw error
  }
}

/** Of a run of whatever version of this project; empty where nothing tells them. */
export function versionsIn(folder: string): Record<string, string> {
  const file = runPaths(folder).runFile
  const parsed = existsSync(file)
    ? z.object({ versions: z.record(z.string(), z.string()) }).safeParse(parseJson(file))
    : undefined
  return parsed?.success ? parsed.data.versions : {}
}

export function reportedRun(folder: string, verdict: RunVerdict): ReportedRun {
  const runFile = tryRunFile(folder)
  const trials = new Map<string, TrialTimeline>()
  const lanes = new Map<string, LaneTimeline>()
  const runsOfCell = Math.max(
    leastRunsOfCell,
    Math.min(mostRunsOfCell, Math.floor(mostRuns / Math.max(1, verdict.cells.length))),
  )
  for (const trial of runFile?.plan.trials ?? []) {
    const events = eventsOf(folder, trial)
    const faults = verdict.cells.find(cell => cell.trial === trial.id)?.faults ?? []
    const told = trialTimeline(trial.id, trial, events, faults)
    trials.set(trial.id, told)
    for (const cell of runFile?.plan.cells ?? []) {
      if (cell.trial !== trial.id || !existsSync(laneFolder(folder, trial.id, cell.lane))) continue
      const records = new LaneCheck()
      readLane(laneFolder(folder, trial.id, cell.lane), records, cell.lane)
      const { table } = finishLane(cell, trial, records, events)
      lanes.set(cell.id, laneTimeline(table, cell.lane, events, windowsOf(events), told.span, runsOfCell))
    }
  }
  return {
    verdict,
    trials,
    lanes,
    versions: runFile?.versions ?? versionsIn(folder),
    phases: Object.fromEntries(Object.entries(runFile?.trials ?? {}).map(([id, trial]) => [id, trial.phases])),
    laneOf: new Map(runFile?.plan.cells.map(cell => [cell.id, cell.lane])),
  }
}

function eventsOf(folder: string, trial: Trial): TrialEvent[] {
  const path = trialPaths(folder, trial.id).events
  return existsSync(path) ? readEvents(path) : []
}
