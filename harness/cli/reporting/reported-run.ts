/** Reads a run folder for its reports. */
import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import { finishLane, laneCheckOf } from '../../verdict/judge-trial.ts'
import { AuditResult } from '../../../model/audit.ts'
import { isJsonTooDeep } from '../../../model/input/nesting.ts'
import { RunVerdict } from '../../../model/verdict.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { laneFolder, runPaths, trialPaths } from '../../../history/folder.ts'
import { readHistoryText } from '../../../history/open-file.ts'
import { readEvents } from '../../../history/reader.ts'
import type { RunFile } from '../../../history/run-file.ts'
import { withTries } from '../../../history/tries.ts'
import type { Cell, Trial } from '../../../model/plan.ts'
import type { ReportedRun } from '../../report/page-data/run-page.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { trialTimeline } from '../../report/timeline/trial-timeline.ts'
import type { TrialTimeline } from '../../report/timeline/trial-timeline.ts'
import { readLane } from '../judging/lane-folder.ts'
import { readRunFile } from '../judging/run-file.ts'
import { cellFiles } from './cell-files.ts'
import { timelineMaker } from './lane-timelines.ts'

/**
 * Reads a verdict. `path`: a run folder, or a verdict.json. Throws LossproofError: 'usage' when the file does not exist,
 * 'history' when it is not a valid verdict.
 */
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
  const text = readHistoryText(file)
  if (isJsonTooDeep(text)) throw new LossproofError('history', `${file}: values are nested too deep`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new LossproofError('history', `${file}: ${messageOf(error)}`)
  }
}

/** run.json, when there is one that this version can read. A verdict can be reported without it. */
export function tryRunFile(folder: string): RunFile | undefined {
  try {
    return readRunFile(folder)
  } catch (error) {
    if (error instanceof LossproofError) return undefined
    throw error
  }
}

/** Versions in run.json, also of an older Lossproof; empty without run.json. */
export function versionsIn(folder: string): Record<string, string> {
  const file = runPaths(folder).runFile
  const parsed = existsSync(file)
    ? z.object({ versions: z.record(z.string(), z.string()) }).safeParse(parseJson(file))
    : undefined
  return parsed?.success ? parsed.data.versions : {}
}

/**
 * What the audit found, in a folder of an audit; undefined in every other one. Throws LossproofError('history') for an
 * audit.json of another form.
 */
export function readAudit(folder: string): AuditResult | undefined {
  const { audit } = runPaths(folder)
  if (!existsSync(audit)) return undefined
  const parsed = AuditResult.safeParse(parseJson(audit))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new LossproofError('history', `${audit}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown form'}`)
  }
  return parsed.data
}

/** `timelines`: those that were made while the run was judged; without them, lanes are read for their timelines. */
export function reportedRun(
  folder: string,
  verdict: RunVerdict,
  timelines?: ReadonlyMap<string, LaneTimeline>,
): ReportedRun {
  const runFile = tryRunFile(folder)
  const plan = runFile && withTries(runFile)
  const cells = plan === undefined ? [] : countedCells(plan.cells, verdict)
  const trials = new Map<string, TrialTimeline>()
  const lanes = new Map<string, LaneTimeline>(timelines)
  const makeTimeline = plan && timelineMaker(plan)
  for (const trial of plan?.trials ?? []) {
    const events = eventsOf(folder, trial)
    const faults = verdict.cells.find(cell => cell.trial === trial.id)?.faults ?? []
    trials.set(trial.id, trialTimeline(trial.id, trial, events, faults))
    if (timelines) continue
    for (const cell of cells) {
      const path = laneFolder(folder, trial.id, cell.lane)
      if (cell.trial !== trial.id || !existsSync(path)) continue
      const records = laneCheckOf(cell, trial)
      readLane(path, records, cell.lane)
      const { table } = finishLane(cell, trial, records, events)
      const timeline = makeTimeline?.(cell, trial, events, table, path)
      if (timeline) lanes.set(cell.id, timeline)
    }
  }
  const audit = readAudit(folder)
  return {
    verdict,
    ...(audit === undefined ? {} : { audit }),
    trials,
    lanes,
    setByHarness: runFile?.plan.setByHarness ?? [],
    warnings: runFile?.plan.warnings ?? [],
    versions: runFile?.versions ?? versionsIn(folder),
    phases: Object.fromEntries(Object.entries(runFile?.trials ?? {}).map(([id, trial]) => [id, trial.phases])),
    laneOf: new Map(cells.map(cell => [cell.id, cell.lane])),
    files: cellFiles(folder, cells),
  }
}

/** Each cell once, with the try that counts. */
function countedCells(cells: readonly Cell[], verdict: RunVerdict): Cell[] {
  const counted = new Map(verdict.cells.map(({ id, trial }) => [id, trial]))
  return cells.filter(({ id, trial }) => (counted.get(id) ?? trial) === trial)
}

function eventsOf(folder: string, trial: Trial): TrialEvent[] {
  const path = trialPaths(folder, trial.id).events
  return existsSync(path) ? readEvents(path) : []
}
