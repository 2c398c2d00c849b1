/** Reads the files of a run folder and has them judged. */
import { existsSync, lstatSync, readdirSync, readFileSync, statSync, closeSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { LaneCheck, observerProcess } from '../../check/lane.ts'
import type { AnsweredWith, LaneResult } from '../../check/lane.ts'
import { assembleRun, checkCell, laneCheckOf } from '../../verdict/judge-trial.ts'
import { TrialEvents } from '../../verdict/trial-events.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { laneFolder, replicasFile, runPaths, trialPaths } from '../../../history/folder.ts'
import { openHistoryFile } from '../../../history/open-file.ts'
import { broken, readEvents, readReplicas, readLaneFile } from '../../../history/reader.ts'
import { sendStatuses } from '../../../model/plan.ts'
import type { Cell, Expectation, Trial } from '../../../model/plan.ts'
import type { Line } from '../../../history/line.ts'
import { RunFile } from '../../../history/run-file.ts'
import { scanLaneFile } from '../../../history/scan-lane-file.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { timelineMaker } from '../reporting/lane-timelines.ts'
import { machineError } from '../system-errors.ts'
import { judgeInThreads } from './check-threads.ts'

const worthThreadsBytes = 64 * 1024 * 1024
const mostThreads = 8
const mostPartitions = 100_000

export function readRunFile(folder: string): RunFile {
  const path = runPaths(folder).runFile
  if (!existsSync(path))
    throw new LossproofError('usage', `${folder} is not a run folder: it has no run.json`, {
      hint: 'a run folder is what `lossproof run` makes below results/',
    })
  const parsed = RunFile.safeParse(parseFile(path))
  if (parsed.success) return parsed.data
  throw new LossproofError('history', `${path}: ${z.prettifyError(parsed.error).split('\n').slice(0, 6).join('; ')}`)
}

function parseFile(path: string): unknown {
  const fd = openHistoryFile(path)
  try {
    return JSON.parse(readFileSync(fd, 'utf8'))
  } catch (error) {
    throw new LossproofError('history', `${path}: ${messageOf(error)}`)
  } finally {
    closeSync(fd)
  }
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
  const lanes = lanesByTrial(plan.cells)
  for (const trial of plan.trials) refuseUnknownLanes(folder, trial, lanes.get(trial.id) ?? new Set())
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
  const cells = new Map(plan.cells.map(cell => [cell.id, cell]))
  const trials = new Map(plan.trials.map(trial => [trial.id, new ReadTrial(folder, trial)]))
  const judge = (cell: Cell, trial: ReadTrial): JudgedCell => {
    const path = laneFolder(folder, cell.trial, cell.lane)
    const planned = trial.withLane(cell.lane)
    const lane = laneCheckOf(cell, planned)
    readLane(path, lane, cell.lane)
    const events = trial.events.of(cell.lane)
    let timeline: LaneTimeline | undefined
    const verdict = checkCell(cell, planned, lane, events, {
      answeredWith: answersNamed(cell.expect, path),
      answerCodes: () => answerCodes(path),
      replicas: () => readReplicas(replicasFile(folder, cell.trial, cell.lane)),
      consumers: (begin, take) => readConsumers(path, begin, take),
      onLane: ({ table }) => {
        timeline = existsSync(path) ? makeTimeline?.(cell, trial.plan, trial.events.all, table) : undefined
      },
    })
    const didNotRun = trial.events.all.length === 0
    const reasons = didNotRun ? ['the trial did not run', ...verdict.reasons] : verdict.reasons
    return { verdict: { ...verdict, reasons }, ...(timeline ? { timeline } : {}) }
  }
  return id => {
    const cell = cells.get(id)
    const trial = cell && trials.get(cell.trial)
    if (!cell || !trial) throw new LossproofError('history', `${runPaths(folder).runFile}: cell "${id}" has no trial`)
    try {
      return judge(cell, trial)
    } catch (error) {
      if (!keepGoing) throw error
      const isBug = !(error instanceof LossproofError) && machineError(error) === undefined
      return { verdict: unjudged(cell, trial.plan, error), ...(isBug ? { bug: error } : {}) }
    }
  }
}

/** A cell whose history is broken. */
function unjudged(cell: Cell, trial: Trial, error: unknown): CellVerdict {
  const empty = checkCell(cell, trial, new LaneCheck(), [])
  return { ...empty, verdict: 'inconclusive', reasons: [`cannot be judged: ${messageOf(error)}`] }
}

/** A trial of the plan, with its events once somebody asks for them. */
class ReadTrial {
  readonly plan: Trial
  readonly #folder: string
  readonly #lanes: ReadonlyMap<string, Trial['lanes'][number]>
  #events: TrialEvents | undefined

  constructor(folder: string, plan: Trial) {
    this.plan = plan
    this.#folder = folder
    this.#lanes = new Map(plan.lanes.map(lane => [lane.id, lane]))
  }

  get events(): TrialEvents {
    const path = trialPaths(this.#folder, this.plan.id).events
    this.#events ??= new TrialEvents(isThere(path) ? readEvents(path) : [])
    return this.#events
  }

  /** The trial as one of its lanes sees it, so that looking for that lane takes no time. */
  withLane(id: string): Trial {
    const lane = this.#lanes.get(id)
    return { ...this.plan, lanes: lane ? [lane] : [] }
  }
}

/** 1 for small runs, where starting threads takes longer than reading the lanes. */
function threadsFor(folder: string): number {
  const { trials } = runPaths(folder)
  if (!existsSync(trials)) return 1
  const files = readdirSync(trials, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.jsonl'))
  const bytes = files.reduce(
    (sum, name) => sum + (statSync(join(trials, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
  return bytes < worthThreadsBytes ? 1 : Math.min(mostThreads, availableParallelism())
}

/**
 * Judges a bare folder of lane files, from whatever program. The statuses that `expect` names are counted. `partitions`
 * is the number of partitions of the topic, where it is known: a consumer may also have read other queues, such as a
 * queue of retries, and those are not part of the final log.
 */
export function checkLaneFolder(
  folder: string,
  expect: readonly Expectation[] = [],
  partitions?: number,
): LaneResult {
  const lane = new LaneCheck()
  if (readLane(folder, lane, undefined) === 0)
    throw new LossproofError('usage', `${folder} has no lane file (*.jsonl)`, {
      hint: 'docs/formats.md describes the files of a lane',
    })
  return lane.finish({
    partitions,
    fences: undefined,
    epochs: undefined,
    answeredWith: answersNamed(expect, folder),
  })
}

/** Names of the lane files of a folder, in order. Throws LossproofError('usage') for what is no folder. */
function laneFiles(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined && !isThere(folder)) throw new LossproofError('usage', `there is no folder ${folder}`)
  if (!found?.isDirectory())
    throw new LossproofError('history', `${folder} is not a folder; expected one with lane files`)
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()
}

/** Adds every lane file of a folder to `lane`, sorted by name; returns how many there are. */
export function readLane(folder: string, lane: LaneCheck, id: string | undefined): number {
  if (id !== undefined && !isThere(folder)) return 0
  const files = laneFiles(folder)
  let known = id
  for (const name of files) {
    const path = join(folder, name)
    scanLaneFile(
      path,
      header => {
        known ??= header.lane
        if (header.lane !== known) throw broken(path, 1, `lane "${header.lane}" in the folder of lane "${known}"`)
        const wrong = lane.begin(header)
        if (wrong !== undefined) throw broken(path, 1, wrong)
      },
      line => lane.take(line),
    )
  }
  return files.length
}

/** The messages that were answered with the statuses that `expect` names. The files are read only where it names some. */
function answersNamed(expect: readonly Expectation[], folder: string): AnsweredWith {
  const wanted = sendStatuses.filter(status => expect.some(({ what }) => what === status))
  const found = new Map(wanted.map(status => [status as string, new Set<number>()]))
  if (wanted.length > 0) eachAnswer(folder, (code, s) => found.get(code)?.add(s))
  return found
}

/** How often each code came that is no acknowledgement. */
export function answerCodes(folder: string): Map<string, number> {
  const codes = new Map<string, number>()
  eachAnswer(folder, (code, _, op) => {
    if (op !== 'acked') codes.set(code, (codes.get(code) ?? 0) + 1)
  })
  return codes
}

function eachAnswer(folder: string, visit: (code: string, s: number, op: string) => void): void {
  if (!isThere(folder)) return
  for (const name of laneFiles(folder)) {
    readLaneFile(
      join(folder, name),
      () => {},
      record => {
        if (record.op === 'acked' || record.op === 'unknown' || record.op === 'rejected')
          visit(record.c ?? '', record.s, record.op)
      },
    )
  }
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

function lanesByTrial(cells: readonly Cell[]): Map<string, Set<string>> {
  const lanes = new Map<string, Set<string>>()
  for (const { trial, lane } of cells) lanes.set(trial, (lanes.get(trial) ?? new Set()).add(lane))
  return lanes
}

/** Refuses lanes, in the plan or as folders, that no cell of the plan has. */
function refuseUnknownLanes(folder: string, trial: Trial, known: ReadonlySet<string>): void {
  for (const lane of trial.lanes) {
    if (!known.has(lane.id))
      throw new LossproofError('history', `${runPaths(folder).runFile}: no cell of the plan has lane "${lane.id}"`)
    if (lane.topic.partitions > mostPartitions)
      throw new LossproofError(
        'history',
        `${runPaths(folder).runFile}: lane "${lane.id}" has ${lane.topic.partitions} partitions; the checker takes at most ${mostPartitions}`,
      )
  }
  const { lanes } = trialPaths(folder, trial.id)
  if (!existsSync(lanes)) return
  const unknown = readdirSync(lanes).find(name => !known.has(name))
  if (unknown !== undefined)
    throw new LossproofError('history', `${join(lanes, unknown)}: a lane that no cell of the plan knows`)
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
