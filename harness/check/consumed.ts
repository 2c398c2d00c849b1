/**
 * The consumer's side of stored messages. A message that was neither processed nor parked was skipped when the group's
 * committed offset has passed every copy of it; else the consumer stalled before it. Only the offset that the broker
 * reports decides which.
 */
import type { StoredLog } from './final-log/final-log.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

export interface ConsumerSide {
  /** Why the drain of the lane's consumers is not complete. */
  gaps: string[]
  /** Partitions in which the group's offset is beyond the end of the log. */
  ahead: number
}

/** Sets the consumer's side of the table. */
export function judgeConsumer(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  groupOffsets: ReadonlyMap<number, { o: number }>,
): ConsumerSide {
  const gaps: string[] = []
  let ahead = 0
  for (const [p, log] of [...logs].toSorted(([a], [b]) => a - b)) {
    const committed = groupOffsets.get(p)?.o
    if (committed !== undefined && log.end !== undefined && committed > log.end) ahead += 1
    let isOpen = false
    log.each((row, offset) => {
      if (!isWaiting(table, row)) return
      if (committed === undefined) isOpen = true
      if (committed === undefined || committed <= offset) table.setConsumerFate(row, side.stalled)
      else if (!table.hasSide(row, side.stalled)) table.setConsumerFate(row, side.skipped)
    })
    if (isOpen)
      gaps.push(`messages of partition ${p} were not processed, and the group's committed offset there was not read`)
  }
  return { gaps, ahead }
}

/** Sent, and neither processed nor parked. */
const isWaiting = (table: MessageTable, row: number) =>
  table.processed.get(row) === 0 && table.has(row, flag.sent) && !table.has(row, flag.parked)
