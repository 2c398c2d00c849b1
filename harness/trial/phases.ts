/** Measures the phases of a trial: queue, boot, healthy, fault, heal, drain, read. */
import type { EventLog } from '../../history/appender.ts'

export class PhaseClock {
  /** Milliseconds by phase. */
  readonly took: Record<string, number> = {}
  readonly #log: EventLog
  readonly #onBegin: (phase: string) => void
  #phase: string | undefined
  #since = 0

  constructor(log: EventLog, onBegin: (phase: string) => void) {
    this.#log = log
    this.#onBegin = onBegin
  }

  /** Ends the current phase. No effect when `phase` is the current one. */
  begin(phase: string): void {
    if (this.#phase === phase) return
    this.end()
    this.#phase = phase
    this.#since = performance.now()
    this.#log.write({ kind: 'phase', phase })
    this.#onBegin(phase)
  }

  end(): void {
    if (this.#phase === undefined) return
    this.took[this.#phase] = Math.round((this.took[this.#phase] ?? 0) + performance.now() - this.#since)
    this.#phase = undefined
  }
}
