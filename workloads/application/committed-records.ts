/**
 * Which records of a log a reader of committed records gets. Records of a transaction count once its commit marker has been
 * read, and never when it was aborted. Pure: fed with batches in the order of offsets.
 */
export interface LoggedBatch<R> {
  /** The producer of a transaction; undefined for records outside of transactions. */
  producer: bigint | undefined
  /** The batch is the end of a transaction. */
  marker: 'commit' | 'abort' | undefined
  records: readonly R[]
  timestamp: number
}

export class CommittedRecords<R extends { timestamp: number }> {
  readonly #open = new Map<bigint, R[]>()

  /** The records that became readable with this batch. Those of a transaction have the time of its commit. */
  take({ producer, marker, records, timestamp }: LoggedBatch<R>): R[] {
    if (producer === undefined) return [...records]
    const open = this.#open.get(producer) ?? []
    if (marker === undefined) {
      this.#open.set(producer, [...open, ...records])
      return []
    }
    this.#open.delete(producer)
    return marker === 'commit' ? open.map(record => ({ ...record, timestamp })) : []
  }
}
