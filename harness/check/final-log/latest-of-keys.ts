/** Where the final log has the last record of each key, which is what compaction keeps. Message `s` has the key `s % keys`. */
import type { MessageTable } from '../table/table.ts'
import type { StoredLog } from './final-log.ts'

export class LatestOfKeys {
  readonly #keys: number
  readonly #table: MessageTable
  /** By partition and key: offset. */
  readonly #latest = new Map<number, Map<number, number>>()

  constructor(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, keys: number) {
    this.#keys = keys
    this.#table = table
    for (const [p, log] of logs) {
      const ofPartition = new Map<number, number>()
      log.each((row, offset) => ofPartition.set(table.numberOf(row) % keys, offset))
      this.#latest.set(p, ofPartition)
    }
  }

  /** Whether a later record of the key of an acknowledged message stands in its partition; undefined: its offset is not known. */
  isSuperseded(row: number): boolean | undefined {
    const table = this.#table
    const offset = table.ackOffset.get(row)
    if (offset < 0) return undefined
    return (this.#latest.get(table.partition(row))?.get(table.numberOf(row) % this.#keys) ?? -1) > offset
  }
}
