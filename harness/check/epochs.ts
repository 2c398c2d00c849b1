/** Leader epochs over time, as the observer saw them. */
import type { TrialEvent } from '../history/events.ts'

export interface EpochChange {
  t: number
  leader: number
  epoch: number
}

export class Epochs {
  readonly #byPartition = new Map<number, EpochChange[]>()
  /** How far behind the truth the observer may have been, ms. */
  readonly marginMs: number

  /** The changes of `lane`. Without any, nothing is known of its epochs. */
  constructor(events: readonly TrialEvent[], lane: string) {
    const observer = events.find(event => event.kind === 'observer')
    // Without the observer's own word on its gaps, any later change may have happened at any time before it was seen.
    this.marginMs = observer ? 250 + observer.intervalMs + observer.longestGapMs : Infinity
    for (const event of events) {
      if (event.kind !== 'leader' || event.lane !== lane) continue
      const changes = this.#byPartition.get(event.p) ?? []
      changes.push({ t: event.t, leader: event.leader, epoch: event.epoch })
      this.#byPartition.set(event.p, changes)
    }
  }

  /**
   * The epoch that was surely in force from `from` to `to`, or undefined. A change is seen late, never early: one seen
   * before `from` had happened by then, one seen soon after `to` may have happened before.
   */
  during(p: number, from: number, to: number): EpochChange | undefined {
    let current: EpochChange | undefined
    for (const change of this.#byPartition.get(p) ?? []) {
      if (change.t <= from) current = change
      else if (change.t <= to + this.marginMs && change.epoch !== current?.epoch) return undefined
    }
    return current
  }

  changes(p: number): readonly EpochChange[] {
    return this.#byPartition.get(p) ?? []
  }

  /** Elections after the initial state, of any partition. */
  elections(): EpochChange[] {
    return [...this.#byPartition.values()].flatMap(changes => {
      const [first, ...later] = changes
      return first ? later.filter(change => change.epoch > first.epoch) : []
    })
  }
}
