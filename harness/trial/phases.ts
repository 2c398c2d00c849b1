/** Where a trial's time goes: boot, healthy, fault, heal, drain, read. */
import type { EventLog } from '../../history/appender.ts'

export class PhaseClock {
  readonly took: Record<string, number> = {}
  readonly #log: EventLog
  readonly #tell: (phase: string) => void
  #phase: string | undefined
  #since = 0

  constructor(log: EventLog, tell: (phase: string) => void) {
    this.#log = log
    this.#tell = tell
  }

  begin(phase: string): void {
    if (this.#phase === phase) return
    this.end()
    this.#phase = phase
    this.#since = performance.now()
    this.#log.write({ kind: 'phase', phase })
    this.#tell(phase)
  }

  end(): void {
    if (this.#phase === undefined) return
    this.took[this.#phase] = Math.round((this.took[this.#phase] ?? 0) + performance.now() - this.#since)
    this.#phase = undefined
  }
}
