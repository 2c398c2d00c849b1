/**
 * Reads history back, streaming. A process killed with SIGKILL leaves at most one torn last line, and only that is
 * forgiven; whatever else is wrong is told with file and line.
 */
import { closeSync, existsSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { LossproofError } from '../model/errors.ts'
import { TrialEvent, inCurrentForm } from './events.ts'
import { FileLaws } from './laws.ts'
import { Line } from './line.ts'
import { LaneHeader } from './records.ts'
import type { LaneRecord } from './records.ts'
import { ReplicaExtract } from './replicas.ts'
import { parseRecord } from './shapes.ts'

const chunkBytes = 1_048_576

/** Calls `onLine` for each whole line, then returns what stands behind the last line end. */
export function readLines(
  path: string,
  onLine: (line: string, number: number) => void,
): { rest: string; number: number } {
  const fd = openSync(path, 'r')
  const decoder = new StringDecoder('utf8')
  const buffer = Buffer.allocUnsafe(chunkBytes)
  let rest = ''
  let number = 0
  try {
    for (;;) {
      const bytes = readSync(fd, buffer, 0, chunkBytes, null)
      if (bytes === 0) return { rest: rest + decoder.end(), number }
      const text = rest + decoder.write(buffer.subarray(0, bytes))
      let from = 0
      for (let at = text.indexOf('\n', from); at >= 0; at = text.indexOf('\n', from)) {
        number += 1
        onLine(text.slice(from, at), number)
        from = at + 1
      }
      rest = text.slice(from)
    }
  } finally {
    closeSync(fd)
  }
}

/**
 * Reads one lane file; `onHeader` comes first. Returns undefined for a file whose process was killed before its header was
 * written, which says nothing. Throws LossproofError('history').
 */
export function readLaneFile(
  path: string,
  onHeader: (header: LaneHeader) => void,
  onRecord: (record: LaneRecord, line: number) => void,
): LaneHeader | undefined {
  let header: LaneHeader | undefined
  let laws: FileLaws | undefined
  const filled = new Line()
  const { rest, number } = readLines(path, (line, at) => {
    if (!header || !laws) {
      header = parseHeader(path, line)
      laws = new FileLaws(header.role)
      onHeader(header)
      return
    }
    const record = recordOf(path, at, line, header.role)
    const wrong = laws.breach(filled.takeOver(record))
    if (wrong !== undefined) throw broken(path, at, wrong)
    onRecord(record, at)
  })
  refuseForeign(path, rest, number)
  return header
}

/** All events of a trial. A torn last line is forgiven. */
export function readEvents(path: string): TrialEvent[] {
  const events: TrialEvent[] = []
  const { rest, number } = readLines(path, (line, at) => {
    const parsed = TrialEvent.safeParse(inCurrentForm(json(line)))
    if (!parsed.success) throw broken(path, at, `no event: ${parsed.error.issues[0]?.message ?? 'unknown form'}`)
    events.push(parsed.data)
  })
  refuseForeign(path, rest, number)
  return events
}

/** Extracts of a lane's replica logs, in the order in which they were written; none where there is no such file. */
export function readReplicas(path: string): ReplicaExtract[] {
  const extracts: ReplicaExtract[] = []
  if (!existsSync(path)) return extracts
  const { rest, number } = readLines(path, (line, at) => {
    const parsed = ReplicaExtract.safeParse(json(line))
    if (!parsed.success)
      throw broken(path, at, `no extract of a replica's log: ${parsed.error.issues[0]?.message ?? 'unknown form'}`)
    extracts.push(parsed.data)
  })
  refuseForeign(path, rest, number)
  return extracts
}

/** Throws LossproofError('history') for a line that is no record of `role`. */
export function recordOf(path: string, at: number, line: string, role: LaneHeader['role']): LaneRecord {
  const record = parseRecord(line, role)
  if (typeof record !== 'string') return record
  const again = LaneHeader.safeParse(json(line)).success
  throw broken(path, at, again ? 'a second header' : record)
}

/** What a killed process leaves behind the last line end is the beginning of a line of ours. */
export function refuseForeign(path: string, rest: string, lines: number): void {
  if (rest !== '' && !rest.startsWith('{')) throw broken(path, lines + 1, 'not JSON')
}

export function broken(path: string, line: number, what: string): LossproofError {
  return new LossproofError('history', `${path}:${line}: ${what}`)
}

export function parseHeader(path: string, line: string): LaneHeader {
  const parsed = LaneHeader.safeParse(json(line))
  if (parsed.success) return parsed.data
  throw broken(path, 1, 'the first line is no header: expected {"lane","role","process","client"}')
}

function json(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
