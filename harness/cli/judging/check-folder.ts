/** Reads the files of a run folder and has them judged. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { LaneCheck, observerProcess } from '../../check/lane.ts'
import type { AnsweredWith, LaneResult } from '../../check/lane.ts'
import { assembleRun, checkCell } from '../../verdict/judge-trial.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { TrialEvent } from '../../../history/events.ts'
import { laneFolder, replicasFile, runPaths, trialPaths } from '../../../history/folder.ts'
import { broken, readEvents, readReplicas, readLaneFile } from '../../../history/reader.ts'
import { sendStatuses } from '../../../model/plan.ts'
import type { Cell, Trial } from '../../../model/plan.ts'
import type { Line } from '../../../history/line.ts'
import { RunFile } from '../../../history/run-file.ts'
import { scanLaneFile } from '../../../history/scan-lane-file.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { timelineMaker } from '../reporting/lane-timelines.ts'
import { machineError } from '../system-errors.ts'
import { judgeInThreads } from './check-threads.ts'

const worthThreadsBytes = 64 * 1024 * 1024
const mostThreads = 8

export function readRunFile(folder: string): RunFile {
  const path = runPaths(folder).runFile
  if (!existsSync(path))
    throw new LossproofError('usage', `${folder} is no run folder: it has no run.json`, {
      hint: 'a run folder is what `lossproof run` makes below results/',
    })
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new LossproofError('history', `${path}: ${messageOf(error)}`)
  }
  const parsed = RunFile.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new LossproofError('history', `${path}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown form'}`)
}

/** The verdict of one cell, and what the report shows of its lane. */
export interface JudgedCell {
  verdict: CellVerdict
  timeline?: LaneTimeline
  /** An error of Lossproof itself that kept the cell from being judged; only with `keepGoing`. */
  bug?: unknown
}

export interface JudgedRun {
  verdict: RunVerdict
  /** By cell id; empty unless asked for. */
  timelines: ReadonlyMap<string, LaneTimeline>
  /** Errors of Lossproof itself that kept cells from being judged. */
  bugs: unknown[]
}

export interface JudgeOptions {
  threads?: number
  /** Make the timelines of the lanes as well, so that no lane has to be read twice. */
  timelines?: boolean
  /** A cell that cannot be judged is inconclusive, and the others are judged. Otherwise its error is thrown. */
  keepGoing?: boolean
}

/** The verdict of a run from its history alone. Throws LossproofError('history') for a broken history. */
export async function checkRunFolder(folder: string, threads = threadsFor(folder)): Promise<RunVerdict> {
  return (await judgeRunFolder(folder, { threads })).verdict
}

/**
 * Judges every cell of a run. Large runs are judged in threads, with the same result: a cell depends only on its own lane
 * and its trial's events, and the error that is thrown is the first one in the order of the plan.
 */
export async function judgeRunFolder(folder: string, options: JudgeOptions = {}): Promise<JudgedRun> {
  const { threads = threadsFor(folder), timelines = false, keepGoing = false } = options
  const { plan, run, seed } = readRunFile(folder)
  const ids = plan.cells.map(cell => cell.id)
  const what = { timelines, keepGoing }
  const judged =
    threads > 1 && ids.length > 1 ? await judgeInThreads(folder, ids, threads, what) : ids.map(cellJudge(folder, what))
  return {
    verdict: assembleRun(
      { run, seed, claims: plan.claims },
      judged.map(cell => cell.verdict),
    ),
    timelines: new Map(judged.flatMap(({ verdict, timeline }) => (timeline ? [[verdict.id, timeline]] : []))),
    bugs: judged.flatMap(({ bug }) => (bug === undefined ? [] : [bug])),
  }
}

/** Returns a function that judges one cell of the run by its id. Events of a trial are read once. */
export function cellJudge(
  folder: string,
  { timelines, keepGoing }: Required<Pick<JudgeOptions, 'timelines' | 'keepGoing'>>,
): (id: string) => JudgedCell {
  const { plan } = readRunFile(folder)
  const makeTimeline = timelines ? timelineMaker(plan) : undefined
  const read = new Map<string, TrialEvent[]>()
  const eventsOf = (trial: Trial): TrialEvent[] => {
    const known = read.get(trial.id)
    if (known) return known
    const { events: path, lanes } = trialPaths(folder, trial.id)
    refuseUnknownLanes(
      lanes,
      trial.lanes.map(lane => lane.id),
    )
    const events = existsSync(path) ? readEvents(path) : []
    read.set(trial.id, events)
    return events
  }
  const judge = (cell: Cell, trial: Trial): JudgedCell => {
    const events = eventsOf(trial)
    const lane = new LaneCheck()
    const path = laneFolder(folder, trial.id, cell.lane)
    readLane(path, lane, cell.lane)
    let timeline: LaneTimeline | undefined
    const verdict = checkCell(cell, trial, lane, events, {
      answeredWith: answersNamed(cell, path),
      replicas: () => readReplicas(replicasFile(folder, trial.id, cell.lane)),
      consumers: (begin, take) => readConsumers(path, begin, take),
      onLane: ({ table }) => {
        timeline = existsSync(path) ? makeTimeline?.(cell, trial, events, table) : undefined
      },
    })
    const reasons = events.length === 0 ? ['the trial did not run', ...verdict.reasons] : verdict.reasons
    return { verdict: { ...verdict, reasons }, ...(timeline ? { timeline } : {}) }
  }
  return id => {
    const cell = plan.cells.find(found => found.id === id)
    const trial = plan.trials.find(found => found.id === cell?.trial)
    if (!cell || !trial) throw new LossproofError('history', `${runPaths(folder).runFile}: cell "${id}" has no trial`)
    try {
      return judge(cell, trial)
    } catch (error) {
      if (!keepGoing) throw error
      const isBug = !(error instanceof LossproofError) && machineError(error) === undefined
      return { verdict: unjudged(cell, trial, error), ...(isBug ? { bug: error } : {}) }
    }
  }
}

/** A cell whose history is broken. */
function unjudged(cell: Cell, trial: Trial, error: unknown): CellVerdict {
  const empty = checkCell(cell, trial, new LaneCheck(), [])
  return { ...empty, verdict: 'inconclusive', reasons: [`cannot be judged: ${messageOf(error)}`] }
}

/** 1 for small runs, where starting threads takes longer than reading the lanes. */
function threadsFor(folder: string): number {
  const { trials } = runPaths(folder)
  if (!existsSync(trials)) return 1
  const files = readdirSync(trials, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.jsonl'))
  const bytes = files.reduce((sum, name) => sum + statSync(join(trials, name)).size, 0)
  return bytes < worthThreadsBytes ? 1 : Math.min(mostThreads, availableParallelism())
}

/** Judges a folder that holds only lane files, from any program that writes them. */
export function checkLaneFolder(folder: string): LaneResult {
  if (!existsSync(folder)) throw new LossproofError('usage', `there is no folder ${folder}`)
  const lane = new LaneCheck()
  if (readLane(folder, lane, undefined) === 0) throw new LossproofError('usage', `${folder} has no lane file (*.jsonl)`)
  return lane.finish({ partitions: undefined, fences: undefined, epochs: undefined })
}

/** Names of the lane files, sorted. */
const laneFiles = (folder: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()

/** Adds every lane file of a folder to `lane`, sorted by name; returns how many there are. */
export function readLane(folder: string, lane: LaneCheck, id: string | undefined): number {
  if (!existsSync(folder)) return 0
  const files = laneFiles(folder)
  let known = id
  for (const name of files) {
    const path = join(folder, name)
    scanLaneFile(
      path,
      header => {
        known ??= header.lane
        if (header.lane !== known) throw broken(path, 1, `lane "${header.lane}" in the folder of lane "${known}"`)
        lane.begin(header)
      },
      line => lane.take(line),
    )
  }
  return files.length
}

/** Messages by send status, for the statuses that the cell's expectations name. Reads nothing when they name none. */
function answersNamed({ expect }: Cell, folder: string): AnsweredWith {
  const wanted = sendStatuses.filter(status => expect.some(({ what }) => what === status))
  const found = new Map(wanted.map(status => [status as string, new Set<number>()]))
  if (wanted.length === 0 || !existsSync(folder)) return found
  for (const name of readdirSync(folder).filter(file => file.endsWith('.jsonl'))) {
    readLaneFile(
      join(folder, name),
      () => {},
      record => {
        if (record.op === 'acked' || record.op === 'unknown' || record.op === 'rejected')
          found.get(record.c ?? '')?.add(record.s)
      },
    )
  }
  return found
}

/** Reads the records of every consumer process of the lane again. */
function readConsumers(folder: string, begin: (process: string) => void, take: (line: Line) => void): void {
  for (const name of laneFiles(folder)) {
    let isConsumer = false
    scanLaneFile(
      join(folder, name),
      header => {
        isConsumer = header.role === 'consumer' && header.process !== observerProcess
        if (isConsumer) begin(header.process)
      },
      line => {
        if (isConsumer) take(line)
        return undefined
      },
    )
  }
}

function refuseUnknownLanes(lanes: string, known: string[]): void {
  if (!existsSync(lanes)) return
  const unknown = readdirSync(lanes).find(name => !known.includes(name))
  if (unknown !== undefined)
    throw new LossproofError('history', `${join(lanes, unknown)}: a lane that no cell of the plan has`)
}
