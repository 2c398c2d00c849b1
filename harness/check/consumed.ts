/**
 * The consumer's side of stored messages. A message that was neither processed nor parked was skipped when the group's
 * committed offset has passed every copy of it; else the consumer stalled before it. Only the offset that the broker
 * reports decides which.
 */
import type { Line } from '../../history/line.ts'
import type { StoredLog } from './final-log/final-log.ts'
import { code } from './set-outcomes.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

export interface ConsumerSide {
  /** Why the drain of the lane's consumers is not complete. */
  gaps: string[]
  /** Partitions in which the group's offset is beyond the end of the log. */
  ahead: number
}

/** An offset of a group, and when it was read or committed; ms. */
export interface OffsetAt {
  t: number
  o: number
}

/** Sets the consumer's side of the table. `commits`: the last commit that a consumer recorded, by partition. */
export function judgeConsumer(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  groupOffsets: ReadonlyMap<number, OffsetAt>,
  commits: ReadonlyMap<number, OffsetAt>,
): ConsumerSide {
  const gaps: string[] = []
  let ahead = 0
  for (const [p, log] of [...logs].toSorted(([a], [b]) => a - b)) {
    const read = groupOffsets.get(p)
    const committed = read?.o
    const last = commits.get(p)
    const later = read && last && last.t > read.t && last.o > read.o ? last : undefined
    if (committed !== undefined && log.end !== undefined && committed > log.end) ahead += 1
    let isOpen = false
    let isPassedLater = false
    log.each((row, offset) => {
      if (!isWaiting(table, row)) return
      if (committed === undefined) isOpen = true
      else if (committed <= offset && later && offset < later.o) isPassedLater = true
      if (committed === undefined || committed <= offset) table.setConsumerFate(row, side.stalled)
      else if (!table.hasSide(row, side.stalled)) table.setConsumerFate(row, side.skipped)
    })
    if (isOpen)
      gaps.push(`messages of partition ${p} were not processed, and the group's committed offset there was not read`)
    if (isPassedLater)
      gaps.push(
        `the group's offset of partition ${p} was read at ${Math.round(read?.t ?? 0)} ms, before a consumer committed offset ` +
          `${later?.o ?? 0}, which passes messages that were not processed`,
      )
  }
  return { gaps, ahead }
}

/** Sent, and neither processed nor parked. */
const isWaiting = (table: MessageTable, row: number) =>
  table.processed.get(row) === 0 && table.has(row, flag.sent) && !table.has(row, flag.parked)

/** A message that had expired before any consumer processed it was skipped. */
export function judgeExpired(table: MessageTable): void {
  for (let row = 0, { rows } = table; row < rows; row++) {
    const isUnread = table.processed.get(row) === 0 && !table.has(row, flag.parked)
    if (isUnread && table.has(row, flag.sent) && table.outcome(row) === code.expired)
      table.setConsumerFate(row, side.skipped)
  }
}

/** Of several at one time, the highest offset counts. */
export function keepLatest(offsets: Map<number, OffsetAt>, { p, o, t }: Line): void {
  const known = offsets.get(p)
  if (known === undefined) {
    offsets.set(p, { t, o })
  } else if (t > known.t || (t === known.t && o > known.o)) {
    known.t = t
    known.o = o
  }
}
