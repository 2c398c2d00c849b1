/**
 * Messages of producers that report only how their sends ended. An answer shows that its message was sent, at some time
 * before; so does a copy in the log, or a consumer that handled it. No time is made up: such a message has none, so no
 * window contains it and it has no latency.
 */
import type { LaneHeader } from '../../history/records.ts'
import type { Line } from '../../history/line.ts'
import type { Attempts } from './table/attempts.ts'
import { flag } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

const unknownTime = -1
const unknownPartition = -1

export class UnrecordedSends {
  readonly #table: MessageTable
  readonly #attempts: Attempts
  #anyFile = false
  /** The file that is being read has answers and no sends. */
  inFile = false

  constructor(table: MessageTable, attempts: Attempts) {
    this.#table = table
    this.#attempts = attempts
  }

  /** A file begins, with this word in its header. */
  begin(sends: LaneHeader['sends']): void {
    this.inFile = sends === 'unrecorded'
    this.#anyFile ||= this.inFile
  }

  /** Takes the message of an answer as sent. Returns what is wrong with that. */
  answered(row: number, { s, p }: Pick<Line, 's' | 'p'>): string | undefined {
    const table = this.#table
    if (table.has(row, flag.sent) && !table.has(row, flag.inFile)) return sentTwice(s)
    table.mark(row, flag.first)
    this.#attempts.sent(row, 1, unknownTime)
    table.sent(row, { p, t: unknownTime })
    return undefined
  }

  /** Call after the last record: takes what is stored or was handled, and has no answer, as sent and not answered. */
  finish(): void {
    if (!this.#anyFile) return
    const table = this.#table
    for (let row = 0, { rows } = table; row < rows; row++) {
      if (table.has(row, flag.sent)) continue
      if (table.copies.get(row) === 0 && table.processed.get(row) === 0 && !table.has(row, flag.parked)) continue
      table.sent(row, { p: unknownPartition, t: unknownTime })
      table.mark(row, flag.unanswered)
    }
  }
}

export const sentTwice = (s: number): string =>
  `message ${s} was sent for the first time by two processes: numbers are unique in a lane`
