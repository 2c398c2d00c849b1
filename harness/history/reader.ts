/**
 * Reads history back, streaming. A process killed with SIGKILL leaves at most one torn last line, and only that is
 * forgiven; whatever else is wrong is told with file and line.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import { LossproofError } from '../errors.ts'
import { TrialEvent } from './events.ts'
import { LaneHeader } from './records.ts'
import type { LaneRecord } from './records.ts'
import { parseRecord } from './shapes.ts'

const chunkBytes = 1_048_576
/** Answers of concurrent sends are stamped before they are written, so neighbours may be swapped by a little. */
const backwardsToleranceMs = 50

/** Calls `onLine` for each whole line, then returns what stands behind the last line end. */
export function readLines(path: string, onLine: (line: string, number: number) => void): { rest: string; number: number } {
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
export function readLaneFile(path: string, onHeader: (header: LaneHeader) => void, onRecord: (record: LaneRecord, line: number) => void): LaneHeader | undefined {
  let header: LaneHeader | undefined
  let latest = 0
  const ended = new Set<number>()
  const { rest, number } = readLines(path, (line, at) => {
    if (!header) {
      header = parseHeader(path, line)
      onHeader(header)
      return
    }
    const record = parseRecord(line, header.role)
    if (typeof record === 'string') {
      const again = LaneHeader.safeParse(json(line)).success
      throw broken(path, at, again ? 'a second header' : record)
    }
    if (record.t < latest - backwardsToleranceMs) throw broken(path, at, `time runs backwards: ${record.t} after ${latest}`)
    latest = Math.max(latest, record.t)
    if (header.role === 'reader' && 'p' in record && record.p !== undefined) {
      if (ended.has(record.p)) throw broken(path, at, `a record of partition ${record.p} after its end`)
      if (record.op === 'end') ended.add(record.p)
    }
    onRecord(record, at)
  })
  refuseForeign(path, rest, number)
  return header
}

/** All events of a trial. A torn last line is forgiven. */
export function readEvents(path: string): TrialEvent[] {
  const events: TrialEvent[] = []
  const { rest, number } = readLines(path, (line, at) => {
    const parsed = TrialEvent.safeParse(json(line))
    if (!parsed.success) throw broken(path, at, `no event: ${parsed.error.issues[0]?.message ?? 'unknown form'}`)
    events.push(parsed.data)
  })
  refuseForeign(path, rest, number)
  return events
}

/** What a killed process leaves behind the last line end is the beginning of a line of ours. */
function refuseForeign(path: string, rest: string, lines: number): void {
  if (rest !== '' && !rest.startsWith('{')) throw broken(path, lines + 1, 'not JSON')
}

export function broken(path: string, line: number, what: string): LossproofError {
  return new LossproofError('history', `${path}:${line}: ${what}`)
}

function parseHeader(path: string, line: string): LaneHeader {
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
