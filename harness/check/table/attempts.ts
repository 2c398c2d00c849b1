/** The attempts that the file being read has sent, and which of them have no answer yet. An answer is in the file of its attempt. */
import { SmallColumn } from './columns.ts'
import type { MessageTable } from './table.ts'

/** An attempt beyond the first. */
interface LaterAttempt {
  n: number
  sentAt: number
  isOpen: boolean
}

export class Attempts {
  readonly #table: MessageTable
  #isEmpty = true
  /** By row: 0: never sent in this file; else one more than the first attempts that are open. */
  #first = new SmallColumn()
  /** By row. */
  readonly #later = new Map<number, LaterAttempt[]>()

  constructor(table: MessageTable) {
    this.#table = table
  }

  has(row: number): boolean {
    return this.#first.get(row) > 0
  }

  sent(row: number, n: number, t: number): void {
    this.#isEmpty = false
    if (n === 1) {
      this.#first.set(row, Math.max(1, this.#first.get(row)) + 1)
      return
    }
    if (this.#first.get(row) === 0) this.#first.set(row, 1)
    const later = this.#later.get(row)
    if (later) later.push({ n, sentAt: t, isOpen: true })
    else this.#later.set(row, [{ n, sentAt: t, isOpen: true }])
  }

  /**
   * When the attempt that is answered was sent; -1 for the message's first attempt. Undefined: this file never sent the
   * message. A second answer to an attempt closes no other.
   */
  answered(row: number, n: number): number | undefined {
    const first = this.#first.get(row)
    if (first === 0) return undefined
    const later = this.#later.size === 0 ? undefined : this.#later.get(row)
    const attempt = later?.find(found => found.n === n && found.isOpen) ?? later?.find(found => found.n === n)
    if (attempt) {
      attempt.isOpen = false
      return attempt.sentAt
    }
    if (n === 1 && first > 1) this.#first.set(row, first - 1)
    return -1
  }

  /** No file follows. */
  release(): void {
    this.#first = new SmallColumn()
  }

  /** The file ends: marks messages with an attempt that was never answered. No other file can answer them. */
  endFile(): void {
    if (this.#isEmpty) return
    this.#first.eachSet((row, value) => {
      if (value > 1) this.#table.setRow(row, 'unanswered')
    })
    for (const [row, attempts] of this.#later)
      if (attempts.some(({ isOpen }) => isOpen)) this.#table.setRow(row, 'unanswered')
    this.#first.clear()
    this.#later.clear()
    this.#isEmpty = true
  }
}
