/**
 * Acknowledgements that were untrue when they were given: another message is at the partition and offset that they name, or
 * another acknowledgement names the same offset, within one leader epoch, so that no truncation explains it.
 *
 * Limits. The epoch must be known and unchanged around the send and the acknowledgement, by the observer's margin; where it
 * is not, the message counts as lost and its cause stays open. Of two absent messages with the same offset one
 * acknowledgement may have been true. The history does not show which, so both count as untrue. An unreadable record at the
 * offset may be the message itself, so its acknowledgement counts as true.
 */
import type { Epochs } from '../../../history/epochs.ts'
import { AckedOffsets } from '../table/acked-offsets.ts'
import { unreadable } from './final-log.ts'
import type { StoredLog } from './final-log.ts'
import { flag } from '../table/table.ts'
import type { MessageTable } from '../table/table.ts'

export class UntrueAcks {
  readonly #table: MessageTable
  readonly #logs: ReadonlyMap<number, StoredLog>
  readonly #epochs: Epochs
  /** By row: all messages whose acknowledgements name the same offset, where at least one of them is absent. */
  readonly #rivals: ReadonlyMap<number, readonly number[]>

  constructor(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, epochs: Epochs) {
    this.#table = table
    this.#logs = logs
    this.#epochs = epochs
    this.#rivals = rivalsOf(table)
  }

  /** Whether the acknowledgement of a message, which is acked and absent, was untrue. */
  has(row: number): boolean {
    const table = this.#table
    const offset = table.ackOffset.get(row)
    if (offset < 0) return false
    const epoch = this.#epochOf(row)
    if (epoch === undefined) return false
    const standing = this.#logs.get(table.partition(row))?.at(offset)
    if (standing) return standing.s !== table.numberOf(row) && standing.s !== unreadable && standing.epoch === epoch
    // Nothing is there now: a truncation removed it, unless two acknowledgements named one offset in one epoch.
    return (this.#rivals.get(row) ?? []).some(other => other !== row && this.#epochOf(other) === epoch)
  }

  #epochOf(row: number): number | undefined {
    const table = this.#table
    return this.#epochs.during(table.partition(row), table.sentAt.get(row), table.ackedAt.get(row))?.epoch
  }
}

/** By row of a message with rivals: the rows of all messages that name its offset, including its own. */
function rivalsOf(table: MessageTable): ReadonlyMap<number, readonly number[]> {
  const rivals = new Map<number, number[]>()
  const absent = absentAcks(table)
  if (absent === 0) return rivals
  const places = new AckedOffsets(table, absent)
  for (let row = 0, { rows } = table; row < rows; row++)
    if (table.copies.get(row) === 0 && namesOffset(table, row)) meet(rivals, places.enter(row), row)
  for (let row = 0, { rows } = table; row < rows; row++)
    if (table.copies.get(row) > 0 && namesOffset(table, row)) meet(rivals, places.find(row), row)
  return rivals
}

/** Number of messages that are not in the log although an acknowledgement names their offset. */
function absentAcks(table: MessageTable): number {
  let absent = 0
  for (let row = 0, { rows } = table; row < rows; row++)
    if (table.copies.get(row) === 0 && namesOffset(table, row)) absent += 1
  return absent
}

const namesOffset = (table: MessageTable, row: number) => table.has(row, flag.acked) && table.ackOffset.get(row) >= 0

function meet(rivals: Map<number, number[]>, first: number, row: number): void {
  if (first < 0 || first === row) return
  const group = rivals.get(first) ?? [first]
  group.push(row)
  rivals.set(first, group)
  rivals.set(row, group)
}
