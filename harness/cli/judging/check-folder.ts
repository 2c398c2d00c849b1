/** Judges all cells of a run folder. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { laneFolder, replicasFile, runPaths } from '../../../history/folder.ts'
import { readReplicas } from '../../../history/reader.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import type { Cell, Expectation, Trial } from '../../../model/plan.ts'
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { LaneCheck } from '../../check/lane.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import { assembleRun, checkCell, laneCheckOf } from '../../verdict/judge-trial.ts'
import { timelineMaker } from '../reporting/lane-timelines.ts'
import { machineError } from '../system-errors.ts'
import { judgeInThreads } from './check-threads.ts'
import { answerCodes, answersNamed, readConsumers, readLane } from './lane-folder.ts'
import { ReadTrial, refuseTwins, refuseUnknownLanes } from './read-trial.ts'
import { readRunFile } from './run-file.ts'
import { settleTries } from '../../verdict/settle-tries.ts'
import { withTries } from '../../../history/tries.ts'

const worthThreadsBytes = 64 * 1024 * 1024
const mostThreads = 8

/** What names one try of a cell: the cell's id, and the trial or further try. */
export type CellKey = Pick<Cell, 'id' | 'trial'>

const keyText = ({ id, trial }: CellKey) => `${trial}\n${id}`

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

interface CellJudgeOptions extends Required<Pick<JudgeOptions, 'timelines' | 'keepGoing'>> {
  /** In place of what the plan expects of every cell. */
  expect?: readonly Expectation[]
}

/** The verdict of a run from its history alone. Throws LossproofError('history') for a broken history. */
export async function checkRunFolder(folder: string, threads?: number): Promise<RunVerdict> {
  return (await judgeRunFolder(folder, threads === undefined ? {} : { threads })).verdict
}

/**
 * Judges every cell of a run. Large runs are judged in threads, with the same result: a cell depends only on its own lane
 * and its trial's events, and the error that is thrown is the first one in the order of the plan.
 */
export async function judgeRunFolder(folder: string, options: JudgeOptions = {}): Promise<JudgedRun> {
  const file = readRunFile(folder)
  const plan = withTries(file)
  const { threads = threadsFor(folder, plan.cells), timelines = false, keepGoing = false } = options
  const lanes = lanesByTrial(plan.cells)
  refuseTwins(folder, file.plan)
  for (const trial of plan.trials) refuseUnknownLanes(folder, trial, lanes.get(trial.id) ?? new Set())
  const keys = plan.cells.map(({ id, trial }): CellKey => ({ id, trial }))
  const what = { timelines, keepGoing }
  const judged =
    threads > 1 && keys.length > 1
      ? await judgeInThreads(folder, keys, threads, what)
      : keys.map(cellJudge(folder, what, plan))
  const cells = [...Map.groupBy(judged, ({ verdict }) => verdict.id).values()].map(settled)
  return {
    verdict: assembleRun(
      { run: file.run, seed: file.seed, claims: plan.claims },
      cells.map(({ verdict }) => verdict),
    ),
    timelines: new Map(cells.flatMap(({ verdict, timeline }) => (timeline ? [[verdict.id, timeline]] : []))),
    bugs: judged.flatMap(({ bug }) => (bug === undefined ? [] : [bug])),
  }
}

/** The tries of one cell as one. */
function settled(tries: JudgedCell[]): JudgedCell {
  const [first, ...others] = tries.map(({ verdict }) => verdict)
  if (first === undefined) throw new Error('a cell without a try')
  const verdict = settleTries([first, ...others])
  const timeline = tries.find(one => one.verdict.trial === verdict.trial)?.timeline
  return { verdict, ...(timeline ? { timeline } : {}) }
}

/**
 * Returns a function that judges one try of a cell. Events of a trial are read once. `plan`: of the run, with a trial for
 * every try.
 */
export function cellJudge(
  folder: string,
  { timelines, keepGoing, expect }: CellJudgeOptions,
  plan = withTries(readRunFile(folder)),
): (key: CellKey) => JudgedCell {
  const makeTimeline = timelines ? timelineMaker(plan) : undefined
  const cells = new Map(plan.cells.map(cell => [keyText(cell), cell]))
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
        timeline = existsSync(path) ? makeTimeline?.(cell, trial.plan, trial.events.all, table, path) : undefined
      },
    })
    const didNotRun = trial.events.all.length === 0
    const reasons = didNotRun ? ['the trial did not run', ...verdict.reasons] : verdict.reasons
    return { verdict: { ...verdict, reasons }, ...(timeline ? { timeline } : {}) }
  }
  return key => {
    const planned = cells.get(keyText(key))
    const cell = planned && expect ? { ...planned, expect: [...expect] } : planned
    const trial = cell && trials.get(cell.trial)
    if (!cell || !trial)
      throw new LossproofError('history', `${runPaths(folder).runFile}: cell "${key.id}" has no trial`)
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

/** 1 for small runs, where starting threads takes longer than reading the lanes. */
function threadsFor(folder: string, cells: readonly Cell[]): number {
  // Only the folders of the plan's lanes: links below a run folder may lead around in circles.
  const bytes = cells.reduce((sum, { trial, lane }) => sum + bytesIn(laneFolder(folder, trial, lane)), 0)
  return bytes < worthThreadsBytes ? 1 : Math.min(mostThreads, availableParallelism())
}

function bytesIn(lane: string): number {
  if (!statSync(lane, { throwIfNoEntry: false })?.isDirectory()) return 0
  return readdirSync(lane).reduce(
    (sum, name) => sum + (statSync(join(lane, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  )
}

function lanesByTrial(cells: readonly Cell[]): Map<string, Set<string>> {
  const lanes = new Map<string, Set<string>>()
  for (const { trial, lane } of cells) lanes.set(trial, (lanes.get(trial) ?? new Set()).add(lane))
  return lanes
}
