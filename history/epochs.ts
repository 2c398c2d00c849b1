/** Leader epochs over time, as the observer saw them. */
import type { TrialEvent } from './events.ts'

export interface EpochChange {
  t: number
  leader: number
  epoch: number
  /** Surely not before: when the observer last saw the state before it, less what metadata needs to spread. */
  earliest: number
}

/** A broker learns of a change within so much of the controller; ms. */
const spreadMs = 250

export class Epochs {
  readonly #byPartition = new Map<number, EpochChange[]>()
  /** How far behind the truth the observer may have been, ms. */
  readonly marginMs: number

  /** The changes of `lane`. Without any, nothing is known of its epochs. */
  constructor(events: readonly TrialEvent[], lane: string) {
    const observer = events.find(event => event.kind === 'observer')
    // Without the observer's own word on its gaps, any later change may have happened at any time before it was seen.
    this.marginMs = observer ? spreadMs + observer.intervalMs + observer.longestGapMs : Infinity
    for (const event of events) {
      if (event.kind !== 'leader' || event.lane !== lane) continue
      const changes = this.#byPartition.get(event.p) ?? []
      changes.push({ t: event.t, leader: event.leader, epoch: event.epoch, earliest: this.earliest(event) })
      this.#byPartition.set(event.p, changes)
    }
  }

  /** When at the earliest what the observer saw at `t` can have happened. `after`: see the events. */
  earliest({ t, after }: { t: number; after?: number | undefined }): number {
    return after === undefined ? t - this.marginMs : after - spreadMs
  }

  /**
   * The epoch that was surely in force from `from` to `to`, or undefined. A change is seen late, never early: one seen
   * before `from` had happened by then, one seen soon after `to` may have happened before.
   */
  during(p: number, from: number, to: number): EpochChange | undefined {
    let current: EpochChange | undefined
    for (const change of this.#byPartition.get(p) ?? []) {
      if (change.t <= from) current = change
      else if (change.earliest <= to && change.epoch !== current?.epoch) return undefined
    }
    return current
  }

  /**
   * The state that the observer saw before `from` and saw again after `to`. Weaker than `during` by what metadata needs
   * to spread: for when the end of that state is known from elsewhere, such as the death of the leader.
   */
  seenAround(p: number, from: number, to: number): EpochChange | undefined {
    const changes = this.#byPartition.get(p) ?? []
    const at = changes.findLastIndex(change => change.t <= from)
    const next = changes[at + 1]
    return next === undefined || next.earliest + spreadMs >= to ? changes[at] : undefined
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
