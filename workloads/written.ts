/** What earlier processes of a lane have written down: a client that is started again goes on from there. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readLaneFile } from '../history/reader.ts'

/** Numbers whose effect is told in the lane's files in `folder`. */
export function effectsWritten(folder: string): Set<number> {
  const numbers = new Set<number>()
  for (const file of filesIn(folder)) {
    readLaneFile(
      file,
      () => {},
      record => {
        if (record.op === 'processed' && record.c === undefined) numbers.add(record.s)
      },
    )
  }
  return numbers
}

/** The number behind the highest that any process of the lane has sent. */
export function nextNumber(folder: string): number {
  let next = 0
  for (const file of filesIn(folder)) {
    readLaneFile(
      file,
      () => {},
      record => {
        if (record.op === 'sent' || record.op === 'spooled') next = Math.max(next, record.s + 1)
      },
    )
  }
  return next
}

function filesIn(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter(name => name.endsWith('.jsonl'))
        .map(name => join(folder, name))
    : []
}
