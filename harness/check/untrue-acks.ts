/**
 * Acknowledgements that were untrue when they were given: another message stands at the (partition, offset) that they
 * name, or another message's acknowledgement names it too, within one leader epoch, so that no truncation explains it.
 *
 * Limits. The epoch has to be known and unchanged around the send and the acknowledgement, by the observer's margin;
 * where it is not, the message counts as lost and its cause stays open. Of two absent messages that claim one place one
 * acknowledgement may have been true; which one, the history does not tell, and both count as untrue.
 */
import type { Epochs } from './epochs.ts'
import type { MessageTable, StoredLog } from './table.ts'

export class UntrueAcks {
  readonly #table: MessageTable
  readonly #logs: ReadonlyMap<number, StoredLog>
  readonly #epochs: Epochs
  /** Messages whose acknowledgements name the same place, by `p:o`, where one of them at least is absent. */
  readonly #claimants: ReadonlyMap<string, number[]>

  constructor(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, epochs: Epochs) {
    this.#table = table
    this.#logs = logs
    this.#epochs = epochs
    this.#claimants = claimantsOf(table)
  }

  /** Whether the acknowledgement of `s`, which is acked and absent, was untrue. */
  has(s: number): boolean {
    const table = this.#table
    const offset = table.ackOffset[s] ?? -1
    if (offset < 0) return false
    const epoch = this.#epochOf(s)
    if (epoch === undefined) return false
    const standing = this.#logs.get(table.partition[s] ?? -1)?.at(offset)
    if (standing) return standing.s !== s && standing.epoch === epoch
    // Nothing stands there now: a truncation removed it, unless two acks named one offset in one epoch.
    return (this.#claimants.get(placeOf(table, s)) ?? []).some(other => other !== s && this.#epochOf(other) === epoch)
  }

  #epochOf(s: number): number | undefined {
    const table = this.#table
    return this.#epochs.during(table.partition[s] ?? -1, table.sentAt[s] ?? 0, table.ackedAt[s] ?? 0)?.epoch
  }
}

function claimantsOf(table: MessageTable): ReadonlyMap<string, number[]> {
  const claimants = new Map<string, number[]>()
  const named = (s: number) => table.has(s, 'acked') && (table.ackOffset[s] ?? -1) >= 0
  for (let s = 0; s < table.size; s++) if (named(s) && (table.copies[s] ?? 0) === 0) claimants.set(placeOf(table, s), [])
  if (claimants.size === 0) return claimants
  for (let s = 0; s < table.size; s++) if (named(s)) claimants.get(placeOf(table, s))?.push(s)
  return claimants
}

function placeOf(table: MessageTable, s: number): string {
  return `${table.partition[s]}:${table.ackOffset[s]}`
}
