/** Stored files → verdict: the rim around the checker that opens them. */
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
import type { Cell } from '../../../model/plan.ts'
import type { Line } from '../../../history/line.ts'
import { RunFile } from '../../../history/run-file.ts'
import { scanLaneFile } from '../../../history/scan-lane-file.ts'
import { checkInThreads } from './check-threads.ts'

const worthThreadsBytes = 64 * 1024 * 1024
const mostThreads = 8

export function readRunFile(folder: string): RunFile {
  const path = runPaths(folder).runFile
  if (!existsSync(path)) throw new LossproofError('usage', `${folder} is not a run folder: it contains no run.json`)
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

/**
 * Computes the verdict of a run from its history alone. Large runs are checked lane by lane in threads, which changes
 * nothing but the time: a cell depends on its own lane and its trial's events only, and the first error in the order of
 * the plan is the one that is thrown. Throws LossproofError('history') for what is no history.
 */
export async function checkRunFolder(folder: string, threads = threadsFor(folder)): Promise<RunVerdict> {
  const { plan, run, seed } = readRunFile(folder)
  for (const trial of plan.trials)
    refuseStrangers(
      trialPaths(folder, trial.id).lanes,
      trial.lanes.map(lane => lane.id),
    )
  const { cells: planned, claims } = plan
  const ids = planned.map(cell => cell.id)
  const cells = threads > 1 && ids.length > 1 ? await checkInThreads(folder, ids, threads) : checkInTurn(folder, ids)
  return assembleRun({ run, seed, claims }, cells)
}

function checkInTurn(folder: string, ids: readonly string[]): CellVerdict[] {
  const check = cellChecker(folder)
  return ids.map(check)
}

/** Returns what checks one cell of the run by its id; events of a trial are read once. */
export function cellChecker(folder: string): (id: string) => CellVerdict {
  const { plan } = readRunFile(folder)
  const read = new Map<string, TrialEvent[]>()
  const eventsOf = (trial: string): TrialEvent[] => {
    const path = trialPaths(folder, trial).events
    const events = read.get(trial) ?? (existsSync(path) ? readEvents(path) : [])
    read.set(trial, events)
    return events
  }
  return id => {
    const cell = plan.cells.find(found => found.id === id)
    const trial = plan.trials.find(found => found.id === cell?.trial)
    if (!cell || !trial) throw new LossproofError('history', `${runPaths(folder).runFile}: cell "${id}" has no trial`)
    const events = eventsOf(trial.id)
    const lane = new LaneCheck()
    readLane(laneFolder(folder, trial.id, cell.lane), lane, cell.lane)
    const { verdict, reasons, ...rest } = checkCell(cell, trial, lane, events, {
      answeredWith: answersNamed(cell, laneFolder(folder, trial.id, cell.lane)),
      replicas: () => readReplicas(replicasFile(folder, trial.id, cell.lane)),
      consumers: (begin, take) => readConsumers(laneFolder(folder, trial.id, cell.lane), begin, take),
    })
    // A trial that never began has said nothing.
    return { ...rest, verdict, reasons: events.length === 0 ? ['the trial did not run', ...reasons] : reasons }
  }
}

/** One where the lanes are small enough that starting a thread would take longer than reading them. */
function threadsFor(folder: string): number {
  const { trials } = runPaths(folder)
  if (!existsSync(trials)) return 1
  const files = readdirSync(trials, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.jsonl'))
  const bytes = files.reduce((sum, name) => sum + statSync(join(trials, name)).size, 0)
  return bytes < worthThreadsBytes ? 1 : Math.min(mostThreads, availableParallelism())
}

/** Judges a bare folder of lane files, whoever wrote them. */
export function checkLaneFolder(folder: string): LaneResult {
  if (!existsSync(folder)) throw new LossproofError('usage', `the folder ${folder} does not exist`)
  const lane = new LaneCheck()
  if (readLane(folder, lane, undefined) === 0) throw new LossproofError('usage', `no lane file (*.jsonl) in ${folder}`)
  return lane.finish({ partitions: undefined, fences: undefined, epochs: undefined })
}

/** Their names, in order. */
const laneFiles = (folder: string) =>
  readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()

/** Feeds every lane file of a folder, in the order of their names; returns how many there were. */
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

/** The messages of a lane that were answered with the statuses of which its cell expects something; read only where it does. */
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

/** The records of every consumer process of the lane, once more. */
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

function refuseStrangers(lanes: string, known: string[]): void {
  if (!existsSync(lanes)) return
  const stranger = readdirSync(lanes).find(name => !known.includes(name))
  if (stranger !== undefined)
    throw new LossproofError('history', `${join(lanes, stranger)}: the plan has no cell for this lane`)
}
