/**
 * Messages that cannot have expired, because the log was cut back below them before its old records were removed.
 *
 * A log only grows, except where a truncation or the loss of a disk cuts it back. So where a message that was first sent
 * after another one was acknowledged has the same offset or a lower one, the log was cut back in between, and the other
 * message went with it.
 */
import { lastWhere } from '../table/last-where.ts'
import { flag } from '../table/table.ts'
import type { MessageTable } from '../table/table.ts'

/** The acknowledged messages of one partition, in the order of their first sends. */
interface Sends {
  sentAt: Float64Array
  /** The lowest offset that this message or a later one was given. */
  lowest: Float64Array
}

export class CutBack {
  readonly #table: MessageTable
  #byPartition: ReadonlyMap<number, Sends> | undefined

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** Whether the log was cut back below the acknowledged offset of the message. */
  has(row: number): boolean {
    const table = this.#table
    this.#byPartition ??= sendsOf(table)
    const sends = this.#byPartition.get(table.partition(row))
    if (sends === undefined) return false
    const ackedAt = table.ackedAt.get(row)
    const later = lastWhere(sends.sentAt, t => t <= ackedAt) + 1
    return (sends.lowest[later] ?? Infinity) <= table.ackOffset.get(row)
  }
}

function sendsOf(table: MessageTable): ReadonlyMap<number, Sends> {
  const rows = new Map<number, number[]>()
  for (let row = 0, { rows: all } = table; row < all; row++) {
    if (!table.has(row, flag.acked) || table.ackOffset.get(row) < 0) continue
    const p = table.partition(row)
    const ofPartition = rows.get(p)
    if (ofPartition) ofPartition.push(row)
    else rows.set(p, [row])
  }
  return new Map([...rows].map(([p, ofPartition]) => [p, inOrder(ofPartition, table)]))
}

function inOrder(rows: number[], table: MessageTable): Sends {
  rows.sort((a, b) => table.sentAt.get(a) - table.sentAt.get(b))
  const sentAt = Float64Array.from(rows, row => table.sentAt.get(row))
  const lowest = Float64Array.from(rows, row => table.ackOffset.get(row))
  for (let at = lowest.length - 2; at >= 0; at--) lowest[at] = Math.min(lowest[at] ?? 0, lowest[at + 1] ?? 0)
  return { sentAt, lowest }
}
