/** The attempts that the file being read has sent, and which of them have no answer yet. An answer is in the file of its attempt. */
import { flag } from './table.ts'
import type { MessageTable } from './table.ts'

/** An attempt with a number above 1. */
interface LaterAttempt {
  n: number
  sentAt: number
  isOpen: boolean
}

/** A message's first attempt is open where its row has the flag `open`. */
export class Attempts {
  readonly #table: MessageTable
  #isEmpty = true
  /** By row: how often the first attempt was sent again under its own number, and not answered yet. */
  readonly #again = new Map<number, number>()
  /** By row. */
  readonly #later = new Map<number, LaterAttempt[]>()

  constructor(table: MessageTable) {
    this.#table = table
  }

  sent(row: number, n: number, t: number): void {
    this.#isEmpty = false
    const before = this.#table.mark(row, n === 1 ? flag.inFile | flag.open : flag.inFile)
    if (n > 1) {
      const attempt = { n, sentAt: t, isOpen: true }
      const later = this.#later.get(row)
      if (later) later.push(attempt)
      else this.#later.set(row, [attempt])
    } else if ((before & flag.open) !== 0) this.#again.set(row, (this.#again.get(row) ?? 0) + 1)
  }

  /**
   * When the attempt that is answered was sent; -1 for the message's first attempt. Undefined: this file never sent the
   * message. A second answer to an attempt closes no other.
   */
  answered(row: number, n: number): number | undefined {
    if (!this.#table.has(row, flag.inFile)) return undefined
    const later = this.#later.size === 0 ? undefined : this.#later.get(row)
    const attempt = later?.find(found => found.n === n && found.isOpen) ?? later?.find(found => found.n === n)
    if (attempt) {
      attempt.isOpen = false
      return attempt.sentAt
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
    if (this.#isEmpty) return
    const table = this.#table
    for (let row = 0, { rows } = table; row < rows; row++) {
      if (!table.has(row, flag.inFile)) continue
      if (table.has(row, flag.open)) table.mark(row, flag.unanswered)
      table.unmark(row, flag.inFile | flag.open)
    }
    for (const [row, attempts] of this.#later)
      if (attempts.some(({ isOpen }) => isOpen)) table.mark(row, flag.unanswered)
    this.#again.clear()
    this.#later.clear()
    this.#isEmpty = true
  }
}
