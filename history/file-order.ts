/** Rules about the order of the lines of one lane file, whichever program wrote it. */
import type { Line } from './line.ts'
import type { LaneHeader } from './records.ts'

/** Answers of concurrent sends get their time before they are written, so neighbours may be swapped by this much. */
export const backwardsToleranceMs = 50

export class FileOrder {
  readonly #reads: boolean
  #latest = 0
  readonly #ended = new Set<number>()

  constructor(role: LaneHeader['role']) {
    this.#reads = role === 'reader'
  }

  /** What is wrong with `line` after the lines before it; undefined: nothing. */
  breach({ op, p, t }: Line): string | undefined {
    if (t < this.#latest - backwardsToleranceMs) return `time runs backwards: ${t} after ${this.#latest}`
    if (t > this.#latest) this.#latest = t
    if (!this.#reads) return undefined
    if (this.#ended.size > 0 && this.#ended.has(p)) return `a record of partition ${p} after its end`
    if (op === 'end') this.#ended.add(p)
    return undefined
  }
}
