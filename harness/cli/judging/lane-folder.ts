/** Reads the files of one lane's folder. */
import { lstatSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Line } from '../../../history/line.ts'
import { broken, readLaneFile } from '../../../history/reader.ts'
import { scanLaneFile } from '../../../history/scan/scan-lane-file.ts'
import { LossproofError } from '../../../model/errors.ts'
import { sendStatuses } from '../../../model/plan.ts'
import type { Expectation } from '../../../model/plan.ts'
import { LaneCheck, observerProcess } from '../../check/lane.ts'
import type { AnsweredWith, LaneResult } from '../../check/lane-result.ts'

/**
 * Judges a bare folder of lane files, from whatever program. The statuses that `expect` names are counted. `partitions`
 * is the number of partitions of the topic, where it is known: a consumer may also have read other queues, such as a
 * queue of retries, and those are not part of the final log.
 */
export function checkLaneFolder(folder: string, expect: readonly Expectation[] = [], partitions?: number): LaneResult {
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

/** Names of the lane files of a folder, sorted. Throws LossproofError when it does not exist or is not a folder. */
function laneFiles(folder: string): string[] {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined && !isThere(folder)) throw new LossproofError('usage', `the folder ${folder} does not exist`)
  if (!found?.isDirectory())
    throw new LossproofError('history', `${folder} is not a folder; expected one with lane files`)
  return readdirSync(folder)
    .filter(name => name.endsWith('.jsonl'))
    .toSorted()
}

/** Adds every lane file of a folder to `lane`, sorted by name. Returns their number. */
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
export function answersNamed(expect: readonly Expectation[], folder: string): AnsweredWith {
  const wanted = sendStatuses.filter(status => expect.some(({ what }) => what === status))
  const found = new Map(wanted.map(status => [status as string, new Set<number>()]))
  if (wanted.length > 0) eachAnswer(folder, (code, s) => found.get(code)?.add(s))
  return found
}

/** How many answers other than acknowledgements had each code. */
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
export function readConsumers(folder: string, begin: (process: string) => void, take: (line: Line) => void): void {
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

export function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Offsets at which the messages of a lane were acknowledged, by partition, in the order of the acknowledgements. */
export function answeredOffsets(folder: string): Map<number, { o: number; t: number }[]> {
  const offsets = new Map<number, { o: number; t: number }[]>()
  for (const name of laneFiles(folder))
    readLaneFile(
      join(folder, name),
      () => {},
      record => {
        if (record.op !== 'acked' || record.o === undefined) return
        const known = offsets.get(record.p ?? 0) ?? []
        known.push({ o: record.o, t: record.t })
        offsets.set(record.p ?? 0, known)
      },
    )
  return offsets
}
