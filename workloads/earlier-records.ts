/** What earlier processes of a lane have written to its files, so that a restarted client continues after it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LaneRecord } from '../history/records.ts'
import { readLaneFile } from '../history/reader.ts'

/** Numbers of the messages whose effect is recorded in the lane files in `folder`. */
export function recordedEffects(folder: string): Set<number> {
  const numbers = new Set<number>()
  forEachRecord(folder, record => {
    if (record.op === 'processed' && record.c === undefined) numbers.add(record.s)
  })
  return numbers
}

/** One more than the highest message number that a process of the lane has sent or spooled; 0 when none has. */
export function nextNumber(folder: string): number {
  let next = 0
  forEachRecord(folder, record => {
    if (record.op === 'sent' || record.op === 'spooled') next = Math.max(next, record.s + 1)
  })
  return next
}

function forEachRecord(folder: string, visit: (record: LaneRecord) => void): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.jsonl')) readLaneFile(join(folder, name), () => {}, visit)
  }
}
