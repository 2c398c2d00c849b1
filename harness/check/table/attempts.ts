/** The attempts that the file being read has sent, and which of them have no answer yet. An answer is in the file of its attempt. */
import { flag } from './table.ts'
import type { MessageTable } from './table.ts'

/** The attempts of a message with one number above 1: mostly one. */
interface LaterAttempts {
  sentAt: number[]
  /** The first of them that has no answer; those before it have. */
  open: number
}

/** A message's first attempt is open where its row has the flag `open`. */
export class Attempts {
  readonly #table: MessageTable
  /** The rows of the messages that the file has sent lie between these. */
  #lowest = Infinity
  #highest = -1
  /** By row: how often the first attempt was sent again under its own number, and not answered yet. */
  readonly #again = new Map<number, number>()
  /** By row, then by number of the attempt. */
  readonly #later = new Map<number, Map<number, LaterAttempts>>()

  constructor(table: MessageTable) {
    this.#table = table
  }

  sent(row: number, n: number, t: number): void {
    if (row < this.#lowest) this.#lowest = row
    if (row > this.#highest) this.#highest = row
    const before = this.#table.mark(row, n === 1 ? flag.inFile | flag.open : flag.inFile)
    if (n > 1) {
      const later = this.#later.get(row) ?? new Map<number, LaterAttempts>()
      this.#later.set(row, later)
      const same = later.get(n)
      if (same) same.sentAt.push(t)
      else later.set(n, { sentAt: [t], open: 0 })
    } else if ((before & flag.open) !== 0) this.#again.set(row, (this.#again.get(row) ?? 0) + 1)
  }

  /**
   * When the attempt that is answered was sent; -1 for the message's first attempt. Undefined: this file never sent the
   * message. A second answer to an attempt closes no other.
   */
  answered(row: number, n: number): number | undefined {
    if (!this.#table.has(row, flag.inFile)) return undefined
    const later = this.#later.size === 0 ? undefined : this.#later.get(row)
    const attempts = later?.get(n)
    if (attempts) {
      const at = attempts.open < attempts.sentAt.length ? attempts.open : 0
      attempts.open = Math.min(attempts.open + 1, attempts.sentAt.length)
      return attempts.sentAt[at]
    }
    if (n === 1) this.#closeFirst(row)
    return -1
  }

  #closeFirst(row: number): void {
    const again = this.#again.size === 0 ? 0 : (this.#again.get(row) ?? 0)
    if (again > 0) this.#again.set(row, again - 1)
    else this.#table.unmark(row, flag.open)
  }

  /** The file ends: marks messages with an attempt that was never answered. No other file can answer them. */
  endFile(): void {
    const table = this.#table
    for (let row = this.#lowest; row <= this.#highest; row++) {
      if (!table.has(row, flag.inFile)) continue
      if (table.has(row, flag.open)) table.mark(row, flag.unanswered)
      table.unmark(row, flag.inFile | flag.open)
    }
    for (const [row, attempts] of this.#later)
      if ([...attempts.values()].some(({ sentAt, open }) => open < sentAt.length)) table.mark(row, flag.unanswered)
    this.#again.clear()
    this.#later.clear()
    this.#lowest = Infinity
    this.#highest = -1
  }
}
