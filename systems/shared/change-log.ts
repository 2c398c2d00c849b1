/** Writes down what an observer saw change: leaders and epochs, ISRs, nodes that come and go. */
import type { EventLog } from '../../history/appender.ts'
import type { Observed } from './live-system.ts'

export class Changes {
  readonly #log: EventLog
  readonly #told = new Map<string, string>()
  #longestGapMs = 0
  #lastAnswer: number | undefined
  #lastAsked: number | undefined

  constructor(log: EventLog) {
    this.#log = log
  }

  /** Something answered: the view as it is now. `askedAt`: when the oldest part of it was asked for, on the trial's clock. */
  seen(askedAt: number, partitions: readonly Observed[], nodes: ReadonlyMap<string, boolean>): void {
    const now = this.#log.now()
    if (this.#lastAnswer !== undefined) this.#longestGapMs = Math.max(this.#longestGapMs, now - this.#lastAnswer)
    this.#lastAnswer = now
    const after = this.#lastAsked === undefined ? {} : { after: this.#lastAsked }
    this.#lastAsked = askedAt
    for (const { lane, p, view } of partitions) {
      this.#changed(`leader ${lane} ${p}`, `${view.leader} ${view.epoch}`, () =>
        this.#log.write({ kind: 'leader', lane, p, leader: view.leader, epoch: view.epoch, ...after }),
      )
      const { isr } = view
      if (isr)
        this.#changed(`isr ${lane} ${p}`, isr.join(), () => this.#log.write({ kind: 'isr', lane, p, isr: [...isr] }))
    }
    for (const [broker, up] of nodes)
      this.#changed(`broker ${broker}`, String(up), () => this.#log.write({ kind: 'broker', broker, up, ...after }))
  }

  /** The observer has ended. */
  end(intervalMs: number): void {
    this.#log.write({ kind: 'observer', intervalMs, longestGapMs: Math.round(this.#longestGapMs) })
  }

  #changed(key: string, value: string, write: () => void): void {
    if (this.#told.get(key) === value) return
    this.#told.set(key, value)
    write()
  }
}
