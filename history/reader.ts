/**
 * Reads history back as a stream. A process killed with SIGKILL leaves at most one torn last line, which is ignored. Every
 * other mistake is an error that names file and line.
 */
import { closeSync, existsSync, lstatSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { LossproofError } from '../model/errors.ts'
import { TrialEvent, inCurrentForm } from './events.ts'
import { FileOrder, backwardsToleranceMs } from './file-order.ts'
import { Line } from './line.ts'
import { longestLineBytes, openHistoryFile } from './open-file.ts'
import { LaneHeader } from './records.ts'
import type { LaneRecord } from './records.ts'
import { ReplicaExtract } from './replicas.ts'
import { parseRecord } from './shapes.ts'

const chunkBytes = 1_048_576

/**
 * Calls `onLine` for each line. A last line without a line end counts when it is complete JSON; else it must be the beginning
 * of a record, torn off when its process was killed.
 */
export function readLines(path: string, onLine: (line: string, number: number) => void): void {
  const fd = openHistoryFile(path)
  const decoder = new StringDecoder('utf8')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let rest = ''
  let number = 0
  try {
    for (;;) {
      const bytes = readSync(fd, buffer, 0, chunkBytes, null)
      if (bytes === 0) break
      const text = rest + decoder.write(buffer.subarray(0, bytes))
      let from = 0
      for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
        number += 1
        onLine(text.slice(from, at), number)
        from = at + 1
      }
      rest = text.slice(from)
      if (rest.length > longestLineBytes) throw tooLong(path, number + 1)
    }
    rest += decoder.end()
    if (isComplete(path, rest, number)) onLine(rest, number + 1)
  } finally {
    closeSync(fd)
  }
}

/**
 * Reads one lane file. Calls `onHeader` first, then `onRecord` for each record. Returns undefined for a file without a
 * header: its process was killed before it wrote one. Throws LossproofError('history').
 */
export function readLaneFile(
  path: string,
  onHeader: (header: LaneHeader) => void,
  onRecord: (record: LaneRecord, line: number) => void,
): LaneHeader | undefined {
  let header: LaneHeader | undefined
  let order: FileOrder | undefined
  const filled = new Line()
  readLines(path, (line, at) => {
    if (!header || !order) {
      header = parseHeader(path, line)
      order = new FileOrder(header.role)
      onHeader(header)
      return
    }
    const record = recordOf(path, at, line, header.role)
    const wrong = order.breach(filled.takeOver(record))
    if (wrong !== undefined) throw broken(path, at, wrong)
    onRecord(record, at)
  })
  return header
}

/** All events of a trial. A torn last line is ignored. */
export function readEvents(path: string): TrialEvent[] {
  const events: TrialEvent[] = []
  let latest = 0
  readLines(path, (line, at) => {
    if (isNestedTooDeep(line)) throw broken(path, at, `values are nested more than ${deepest} levels`)
    const parsed = TrialEvent.safeParse(inCurrentForm(json(line)))
    if (!parsed.success) throw broken(path, at, `not an event: ${parsed.error.issues[0]?.message ?? 'unknown form'}`)
    const { kind, t } = parsed.data
    // The observer's summary is stamped when it stops and may stand anywhere.
    if (kind !== 'observer') {
      if (t < latest - backwardsToleranceMs) throw broken(path, at, `time runs backwards: ${t} after ${latest}`)
      latest = Math.max(latest, t)
    }
    events.push(parsed.data)
  })
  return events
}

/** Extracts of a lane's replica logs in the order of the file; none where there is no such file. */
export function readReplicas(path: string): ReplicaExtract[] {
  const extracts: ReplicaExtract[] = []
  if (!existsSync(path) && !isThere(path)) return extracts
  readLines(path, (line, at) => {
    const parsed = ReplicaExtract.safeParse(json(line))
    if (!parsed.success)
      throw broken(path, at, `not an extract of a replica's log: ${parsed.error.issues[0]?.message ?? 'unknown form'}`)
    extracts.push(parsed.data)
  })
  return extracts
}

/** Parses a record. Throws LossproofError('history') for a line that is not a record of `role`. */
export function recordOf(path: string, at: number, line: string, role: LaneHeader['role']): LaneRecord {
  const record = parseRecord(line, role)
  if (typeof record !== 'string') return record
  const again = LaneHeader.safeParse(json(line)).success
  throw broken(path, at, again ? 'a second header' : record)
}

/**
 * Whether the text after the last line end is a complete line. False: it is empty, or a torn beginning of a record. Throws
 * LossproofError('history') for any other text.
 */
export function isComplete(path: string, rest: string, lines: number): boolean {
  if (rest === '') return false
  if (json(rest) !== undefined) return true
  if (!rest.startsWith('{')) throw broken(path, lines + 1, 'not JSON')
  return false
}

export const tooLong = (path: string, line: number): LossproofError =>
  broken(path, line, `a line of more than ${longestLineBytes / 1024 / 1024} MB`)

/** Values of events are nested a few levels. Deeper nesting would exhaust the stack of whatever reads them. */
const deepest = 100

function isNestedTooDeep(line: string): boolean {
  let depth = 0
  for (let at = 0; at < line.length; at++) {
    const letter = line[at]
    if (letter === '{' || letter === '[') depth += 1
    else if (letter === '}' || letter === ']') depth -= 1
    if (depth > deepest) return true
  }
  return false
}

/** Whether anything is at the path, even a dangling link. */
function isThere(path: string): boolean {
  try {
    lstatSync(path)
    return true
  } catch {
    return false
  }
}

export function broken(path: string, line: number, what: string): LossproofError {
  return LossproofError.at('history', { file: path, line }, what)
}

export function parseHeader(path: string, line: string): LaneHeader {
  const parsed = LaneHeader.safeParse(json(line))
  if (parsed.success) return parsed.data
  throw broken(path, 1, 'the first line is not a header: expected {"lane","role","process","client"}')
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
