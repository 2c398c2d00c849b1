/** Which messages one file has sent, and how many attempts of each have no answer yet. An answer is in the file of its attempt. */
import { SmallColumn } from './columns.ts'

export class Attempts {
  /** 0: never sent in this file; else one more than the attempts that are open. */
  readonly #open = new SmallColumn()
  /** One more than the highest number sent. */
  size = 0

  sent(s: number): void {
    this.#open.set(s, Math.max(1, this.#open.get(s)) + 1)
    if (s >= this.size) this.size = s + 1
  }

  /** False when this file never sent the message. */
  answered(s: number): boolean {
    const open = this.#open.get(s)
    if (open > 1) this.#open.set(s, open - 1)
    return open > 0
  }

  /** Whether an attempt of it was never answered. */
  isOpen(s: number): boolean {
    return this.#open.get(s) > 1
  }
}
