/** Turns the files of one replica of a partition into an extract of its log. */
import { decode } from '../../../workloads/payload.ts'
import type { PayloadFormat } from '../../../workloads/payload-format.ts'
import type { Run } from '../../../history/replicas.ts'
import { noMessage, RunBuilder, unknownMessage } from '../../shared/record-runs.ts'
import { readSegment } from './record-batch.ts'
import type { RecordBatch } from './record-batch.ts'

/** `00000000000000000100.log`: a segment whose first offset is 100. */
const segmentName = /^(\d{20})\.log$/

export interface LogContent {
  start: number
  end: number
  runs: Run[]
  /** What is missing. */
  partial?: string
}

/** The lane whose messages are expected, and what they contain. */
export interface ExpectedMessages {
  lane: string
  payload: PayloadFormat
}

/** The first offset of the segment with this file name; undefined for another file. */
export function segmentBase(name: string): number | undefined {
  const match = segmentName.exec(name)
  return match ? Number(match[1]) : undefined
}

export const segmentFile = (base: number): string => `${String(base).padStart(20, '0')}.log`

/**
 * `files`: the files of the partition's folder by name, including its segments. `start`: the log start offset, where a
 * checkpoint names one behind the first segment's.
 */
export function readLog(files: ReadonlyMap<string, Buffer>, expected: ExpectedMessages, start = 0): LogContent {
  const segments = [...files]
    .flatMap(([name, bytes]) => {
      const base = segmentBase(name)
      return base === undefined ? [] : [{ base, bytes }]
    })
    .toSorted((a, b) => a.base - b.base)
  const runs = new RunBuilder()
  const first = Math.max(start, segments[0]?.base ?? 0)
  let end = first
  let partial = segments.length === 0 ? 'no segment' : undefined
  for (const { base, bytes } of segments) {
    // Offsets may have gaps, but the name of a segment is the offset at which the segment before it ended.
    if (base > end) partial ??= `offsets ${end} to ${base - 1} are missing`
    end = Math.max(end, base)
    const how = readSegment(bytes, batch => {
      addBatch(runs, batch, expected, first)
      end = Math.max(end, batch.lastOffset + 1)
    })
    if (how === 'broken') partial ??= `a broken batch behind offset ${end - 1}`
  }
  return { start: first, end, runs: runs.runs, ...(partial === undefined ? {} : { partial }) }
}

function addBatch(runs: RunBuilder, batch: RecordBatch, expected: ExpectedMessages, start: number): void {
  const { leaderEpoch } = batch
  const records = batch.isControl ? [] : batch.records()
  if (records) {
    for (const { offset, value } of records)
      if (offset >= start) runs.add(offset, leaderEpoch, numberOf(value, expected))
    return
  }
  for (let offset = Math.max(start, batch.baseOffset); offset <= batch.lastOffset; offset++)
    runs.add(offset, leaderEpoch, unknownMessage)
}

function numberOf(value: Buffer | undefined, { lane, payload }: ExpectedMessages): number {
  if (!value) return noMessage
  const decoded = decode(value, lane, payload)
  if (decoded.kind === 'message') return decoded.s
  // A corrupt record may have been any message.
  return decoded.kind === 'corrupt' ? unknownMessage : noMessage
}
