/** What earlier processes of a lane have written to its files, so that a restarted client continues after it. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { LaneHeader, LaneRecord } from '../history/records.ts'
import { readLaneFile } from '../history/reader.ts'

/** Numbers of the messages whose effect is recorded in the lane files in `folder`. */
export function recordedEffects(folder: string): Set<number> {
  const numbers = new Set<number>()
  forEachRecord(folder, record => {
    if (record.op === 'processed' && record.c === undefined) numbers.add(record.s)
  })
  return numbers
}

/**
 * One more than the highest message number that a process of the lane has sent or spooled; 0 when none has. `unrecorded`:
 * the most messages that a producer whose file has no `sent` can have sent without a record of them.
 */
export function nextNumber(folder: string, unrecorded = 0): number {
  let next = 0
  let hasUnrecorded = false
  forEachRecord(
    folder,
    record => {
      if (numbered.has(record.op) && 's' in record) next = Math.max(next, (record.s ?? -1) + 1)
    },
    ({ sends }) => {
      hasUnrecorded ||= sends === 'unrecorded'
    },
  )
  return hasUnrecorded ? next + unrecorded : next
}

/** Records that show that a number has been used. */
const numbered: ReadonlySet<LaneRecord['op']> = new Set(['sent', 'acked', 'rejected', 'unknown', 'spooled'])

function forEachRecord(
  folder: string,
  visit: (record: LaneRecord) => void,
  onHeader: (header: LaneHeader) => void = () => {},
): void {
  if (!existsSync(folder)) return
  for (const name of readdirSync(folder)) {
    if (name.endsWith('.jsonl')) readLaneFile(join(folder, name), onHeader, visit)
  }
}
