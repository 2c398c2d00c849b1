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
import type { MessageTable } from '../table/table.ts'

export class UntrueAcks {
  readonly #table: MessageTable
  readonly #logs: ReadonlyMap<number, StoredLog>
  readonly #epochs: Epochs
  /** By message: all messages whose acknowledgements name the same offset, where at least one of them is absent. */
  readonly #rivals: ReadonlyMap<number, readonly number[]>

  constructor(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, epochs: Epochs) {
    this.#table = table
    this.#logs = logs
    this.#epochs = epochs
    this.#rivals = rivalsOf(table)
  }

  /** Whether the acknowledgement of `s`, which is acked and absent, was untrue. */
  has(s: number): boolean {
    const table = this.#table
    const offset = table.ackOffset.get(s)
    if (offset < 0) return false
    const epoch = this.#epochOf(s)
    if (epoch === undefined) return false
    const standing = this.#logs.get(table.partition(s))?.at(offset)
    if (standing) return standing.s !== s && standing.s !== unreadable && standing.epoch === epoch
    // Nothing is there now: a truncation removed it, unless two acknowledgements named one offset in one epoch.
    return (this.#rivals.get(s) ?? []).some(other => other !== s && this.#epochOf(other) === epoch)
  }

  #epochOf(s: number): number | undefined {
    const table = this.#table
    return this.#epochs.during(table.partition(s), table.sentAt.get(s), table.ackedAt.get(s))?.epoch
  }
}

/** By message with rivals: all messages that name its offset, including itself. */
function rivalsOf(table: MessageTable): ReadonlyMap<number, readonly number[]> {
  const named = (s: number) => table.has(s, 'acked') && table.ackOffset.get(s) >= 0
  let absent = 0
  table.each(s => {
    if (named(s) && table.copies.get(s) === 0) absent += 1
  })
  const rivals = new Map<number, number[]>()
  if (absent === 0) return rivals
  const places = new AckedOffsets(table, absent)
  table.each(s => {
    if (named(s) && table.copies.get(s) === 0) meet(rivals, places.enter(s), s)
  })
  table.each(s => {
    if (named(s) && table.copies.get(s) > 0) meet(rivals, places.find(s), s)
  })
  return rivals
}

function meet(rivals: Map<number, number[]>, first: number, s: number): void {
  if (first < 0 || first === s) return
  const group = rivals.get(first) ?? [first]
  group.push(s)
  rivals.set(first, group)
  rivals.set(s, group)
}
