/** Leaders and their epochs over time, as the observer saw them. */
import type { EpochChange } from './epoch-change.ts'
import type { TrialEvent } from './events.ts'
import { staleLeads } from './stale-leads.ts'
import type { StaleLead } from './stale-leads.ts'

/** Time in which brokers learn of a change from the controller, ms. */
const spreadMs = 250

export class Epochs {
  readonly #byPartition = new Map<number, EpochChange[]>()
  readonly #events: readonly TrialEvent[]
  /** By partition; found when first asked for. */
  readonly #stale = new Map<number, readonly StaleLead[]>()
  /** How late the observer may have seen a change, ms. */
  readonly marginMs: number

  /** Reads the changes of `lane`. Without any, its epochs are unknown. */
  constructor(events: readonly TrialEvent[], lane: string) {
    this.#events = events
    const observer = events.find(event => event.kind === 'observer')
    // Without an `observer` event its gaps are unknown: a change may have happened any time before it was seen.
    this.marginMs = observer ? spreadMs + observer.intervalMs + observer.longestGapMs : Infinity
    for (const event of events) {
      if (event.kind !== 'leader' || event.lane !== lane) continue
      const changes = this.#byPartition.get(event.p) ?? []
      changes.push({ t: event.t, leader: event.leader, epoch: event.epoch, earliest: this.earliest(event) })
      this.#byPartition.set(event.p, changes)
    }
  }

  /** The earliest time at which a change seen at `t` can have happened. `after`: as in the events. */
  earliest({ t, after }: { t: number; after?: number | undefined }): number {
    return after === undefined ? t - this.marginMs : after - spreadMs
  }

  /**
   * The epoch in which every acknowledgement from `from` to `to` was surely given, or undefined. A change is seen late, never
   * early: a change seen before `from` had happened by then, and a change seen soon after `to` may have happened before. An
   * earlier leader that a fault kept from learning of its successor may still have acknowledged.
   */
  during(p: number, from: number, to: number): EpochChange | undefined {
    let current: EpochChange | undefined
    for (const change of this.#byPartition.get(p) ?? []) {
      if (change.t <= from) current = change
      else if (change.earliest <= to && change.epoch !== current?.epoch) return undefined
    }
    return this.#mayBeOfEarlier(p, from, to, current) ? undefined : current
  }

  /**
   * The state that the observer saw before `from` and again after `to`. Weaker than `during` by the time that metadata needs
   * to spread. For states whose end is known from elsewhere, such as the death of the leader.
   */
  seenAround(p: number, from: number, to: number): EpochChange | undefined {
    const changes = this.#byPartition.get(p) ?? []
    const at = changes.findLastIndex(change => change.t <= from)
    const next = changes[at + 1]
    if (this.#mayBeOfEarlier(p, from, to, changes[at])) return undefined
    return next === undefined || next.earliest + spreadMs >= to ? changes[at] : undefined
  }

  #mayBeOfEarlier(p: number, from: number, to: number, current: EpochChange | undefined): boolean {
    const known = this.#stale.get(p)
    const stale = known ?? staleLeads(this.changes(p), this.#events)
    if (known === undefined) this.#stale.set(p, stale)
    return stale.some(lead => lead.epoch !== current?.epoch && lead.from <= to && lead.to >= from)
  }

  changes(p: number): readonly EpochChange[] {
    return this.#byPartition.get(p) ?? []
  }

  /**
   * Elections of any partition after its initial state, each with the broker that led before; -1: unknown. A leader that
   * did not answer for a while and leads in the same epoch afterwards was not elected.
   */
  elections(): (EpochChange & { before: number })[] {
    return [...this.#byPartition.values()].flatMap(([first, ...later]) => {
      if (first === undefined) return []
      let [latest, before] = [first.epoch, first.leader]
      return later.flatMap(change => {
        const { leader, epoch } = change
        const isOther = leader >= 0 && before >= 0 && leader !== before && epoch > first.epoch
        const election = epoch > latest || (epoch === latest && isOther) ? [{ ...change, before }] : []
        // An older view says nothing of who leads now.
        if (leader >= 0 && epoch >= latest) before = leader
        latest = Math.max(latest, epoch)
        return election
      })
    })
  }
}
