/** The time of a trial in parts of equal length. */
import type { TimeSpan } from './lane-timeline.ts'

const mostBuckets = 240
const steps = [50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 3_600_000]

export class Buckets {
  /** Start of the first bucket, ms since the trial began. */
  readonly from: number
  readonly stepMs: number
  readonly count: number

  constructor({ from, to }: TimeSpan) {
    this.stepMs = steps.find(step => (to - from) / step <= mostBuckets) ?? Math.ceil((to - from) / mostBuckets)
    this.from = Math.floor(from / this.stepMs) * this.stepMs
    this.count = Math.max(1, Math.floor((to - this.from) / this.stepMs) + 1)
  }

  zeros(): number[] {
    return Array.from({ length: this.count }, () => 0)
  }

  /** Index of the bucket of a time; below 0 or from `count` on where the time is outside. */
  of(t: number): number {
    return Math.floor((t - this.from) / this.stepMs)
  }

  /** Adds to the bucket of `t`. A time outside adds nothing. */
  add(values: number[], t: number, amount = 1): void {
    const at = this.of(t)
    if (at >= 0 && at < this.count) values[at] = (values[at] ?? 0) + amount
  }
}
