/** Stored files → verdict: the rim around the checker that opens them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaneCheck } from '../check/lane.ts'
import type { LaneResult } from '../check/lane.ts'
import { assembleRun, checkCell } from '../check/check.ts'
import type { CellVerdict, RunVerdict } from '../check/verdict.ts'
import { LossproofError, messageOf } from '../errors.ts'
import type { TrialEvent } from '../history/events.ts'
import { runPaths, trialPaths } from '../history/folder.ts'
import { broken, readEvents } from '../history/reader.ts'
import { RunFile } from '../history/run-file.ts'
import { scanLaneFile } from '../history/scan.ts'

export function readRunFile(folder: string): RunFile {
  const path = runPaths(folder).runFile
  if (!existsSync(path)) throw new LossproofError('usage', `${folder} is no run: there is no run.json in it`)
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

/** Computes the verdict of a run from its history alone. Throws LossproofError('history') for what is no history. */
export function checkRunFolder(folder: string): RunVerdict {
  const { plan, run, seed } = readRunFile(folder)
  const cells: CellVerdict[] = []
  for (const trial of plan.trials) {
    const paths = trialPaths(folder, trial.id)
    const events: TrialEvent[] = existsSync(paths.events) ? readEvents(paths.events) : []
    refuseStrangers(paths.lanes, trial.lanes.map(lane => lane.id))
    for (const cell of plan.cells.filter(found => found.trial === trial.id)) {
      const lane = new LaneCheck()
      readLane(join(paths.lanes, cell.lane), lane, cell.lane)
      const { verdict, reasons, ...rest } = checkCell(cell, trial, lane, events)
      // A trial that never began has said nothing.
      cells.push({ ...rest, verdict, reasons: events.length === 0 ? ['the trial did not run', ...reasons] : reasons })
    }
  }
  return assembleRun({ run, seed, claims: plan.claims }, cells)
}

/** Judges a bare folder of lane files, whoever wrote them. */
export function checkLaneFolder(folder: string): LaneResult {
  if (!existsSync(folder)) throw new LossproofError('usage', `no folder ${folder}`)
  const lane = new LaneCheck()
  if (readLane(folder, lane, undefined) === 0) throw new LossproofError('usage', `no lane file (*.jsonl) in ${folder}`)
  return lane.finish({ partitions: undefined, fences: undefined, epochs: undefined })
}

/** Feeds every lane file of a folder, in the order of their names; returns how many there were. */
function readLane(folder: string, lane: LaneCheck, id: string | undefined): number {
  if (!existsSync(folder)) return 0
  const files = readdirSync(folder).filter(name => name.endsWith('.jsonl')).toSorted()
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

function refuseStrangers(lanes: string, known: string[]): void {
  if (!existsSync(lanes)) return
  const stranger = readdirSync(lanes).find(name => !known.includes(name))
  if (stranger !== undefined) throw new LossproofError('history', `${join(lanes, stranger)}: a lane that no cell of the plan knows`)
}
