/** Compresses the messages of a log into runs. A run has consecutive offsets, one epoch, and message numbers with a constant step. */
import type { Run } from '../../history/replicas.ts'

/** These take the place of a message's number. */
export const noMessage = -1
export const unknownMessage = -2
/** A log with more runs than this is kept without message numbers. */
const mostRuns = 20_000

export class RunBuilder {
  #runs: Run[] = []
  #coarse = false

  /** Offsets have to grow from call to call. */
  add(offset: number, epoch: number, s: number): void {
    const number = this.#coarse && s >= 0 ? unknownMessage : s
    const last = this.#runs.at(-1)
    if (last && extend(last, offset, epoch, number)) return
    this.#runs.push([offset, 1, epoch, number, 0])
    if (this.#runs.length > mostRuns && !this.#coarse) this.#coarsen()
  }

  get runs(): Run[] {
    return this.#runs
  }

  #coarsen(): void {
    this.#coarse = true
    const merged: Run[] = []
    for (const [offset, count, epoch, s] of this.#runs) {
      const last = merged.at(-1)
      const number = s >= 0 ? unknownMessage : s
      if (last && last[0] + last[1] === offset && last[2] === epoch && last[3] === number) last[1] += count
      else merged.push([offset, count, epoch, number, 0])
    }
    this.#runs = merged
  }
}

function extend(run: Run, offset: number, epoch: number, s: number): boolean {
  const [first, count, runEpoch, number, step] = run
  if (first + count !== offset || runEpoch !== epoch || number < 0 !== s < 0) return false
  if (s < 0) {
    if (s !== number) return false
  } else if (count === 1) run[4] = s - number
  else if (number + count * step !== s) return false
  run[1] += 1
  return true
}
