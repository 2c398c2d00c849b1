/** Writes an event for each change that an observer sees: leaders and epochs, ISRs, nodes that come and go. */
import type { EventLog } from '../../history/appender.ts'
import type { ObservedPartition } from './live-system.ts'

export class ChangeLog {
  readonly #log: EventLog
  readonly #lastWritten = new Map<string, string>()
  /** How often each node had been restarted when it last answered, by name. */
  readonly #lastRestarts = new Map<string, number>()
  #longestGapMs = 0
  #lastRecordedAt: number | undefined
  #lastAskedAt: number | undefined

  constructor(log: EventLog) {
    this.#log = log
  }

  /**
   * Writes what differs from the last call. `askedAt`: when the oldest part of this view was asked for, ms on the trial's
   * clock; `up`: whether each node answers, by name; `restarts`: how often each node that tells it has been restarted.
   */
  record(
    askedAt: number,
    partitions: readonly ObservedPartition[],
    up: ReadonlyMap<string, boolean>,
    restarts: ReadonlyMap<string, number> = new Map(),
  ): void {
    const now = this.#log.now()
    if (this.#lastRecordedAt !== undefined)
      this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastRecordedAt)
    this.#lastRecordedAt = now
    const after = this.#lastAskedAt === undefined ? {} : { after: this.#lastAskedAt }
    this.#lastAskedAt = askedAt
    for (const { lane, p, view } of partitions) {
      const { leader, epoch, isr } = view
      if (this.#differs(`leader ${lane} ${p}`, `${leader} ${epoch}`))
        this.#log.write({ kind: 'leader', lane, p, leader, epoch, ...after })
      if (isr && this.#differs(`isr ${lane} ${p}`, isr.join())) this.#log.write({ kind: 'isr', lane, p, isr: [...isr] })
    }
    for (const [broker, isUp] of up) {
      const before = this.#lastRestarts.get(broker)
      const times = isUp ? restarts.get(broker) : undefined
      if (times !== undefined) this.#lastRestarts.set(broker, times)
      if (!this.#differs(`broker ${broker}`, String(isUp))) continue
      const restarted = before === undefined || times === undefined ? {} : { restarted: times !== before }
      this.#log.write({ kind: 'broker', broker, up: isUp, ...restarted, ...after })
    }
  }

  /** Writes the observer's precision: its poll interval and the longest time between two records. */
  end(intervalMs: number): void {
    this.#log.write({ kind: 'observer', intervalMs, longestGapMs: Math.round(this.#longestGapMs) })
  }

  #differs(key: string, value: string): boolean {
    if (this.#lastWritten.get(key) === value) return false
    this.#lastWritten.set(key, value)
    return true
  }
}
