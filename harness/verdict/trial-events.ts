/** The events of a trial by lane, so that judging a lane takes no more time when the trial has many lanes. */
import type { TrialEvent } from '../../history/events.ts'

export class TrialEvents {
  /** Of the whole trial. */
  readonly all: readonly TrialEvent[]
  /** Indexes in `all` of events that concern every lane, and of those that concern one. */
  readonly #shared: number[] = []
  readonly #ofLane = new Map<string, number[]>()

  constructor(events: readonly TrialEvent[]) {
    this.all = events
    events.forEach((event, at) => {
      if (!('lane' in event) || event.lane === undefined) {
        this.#shared.push(at)
        return
      }
      const own = this.#ofLane.get(event.lane)
      if (own) own.push(at)
      else this.#ofLane.set(event.lane, [at])
    })
  }

  /** The events that concern a lane, in the order of the file. */
  of(lane: string): TrialEvent[] {
    const own = this.#ofLane.get(lane) ?? []
    const indexes = own.length === 0 ? this.#shared : [...this.#shared, ...own].toSorted((a, b) => a - b)
    return indexes.flatMap(at => this.all[at] ?? [])
  }
}
