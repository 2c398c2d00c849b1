/**
 * The producer's local spool: messages on the producer's own disk that the cluster may not have, to be sent when it is
 * back. The moment at which a message enters decides what the spool protects from:
 *
 * - write-ahead, before the first send: neither a dead cluster nor a killed producer loses the message;
 * - after-failure, once its sends have failed: a producer that is killed before then loses it.
 *
 * A message leaves the spool when it is acknowledged. A producer that is killed between the acknowledgement and
 * `remove` sends it again, so the spool delivers at least once and consumers must recognise the copies.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { checkNumber, openDatabase, transaction } from './database.ts'

const schema =
  'CREATE TABLE IF NOT EXISTS spool (s INTEGER PRIMARY KEY, p INTEGER NOT NULL, payload BLOB NOT NULL) STRICT'

/** Messages that a replay reads at once and holds in memory. */
const page = 500

const Row = z.object({
  s: z.int(),
  p: z.int(),
  payload: z.instanceof(Uint8Array).transform(bytes => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
})

export interface SpooledMessage {
  s: number
  /** Partition or queue. */
  p: number
  payload: Buffer
}

export interface SpoolCounts {
  /** Messages in the spool now, including those of earlier processes. */
  pending: number
  /** Messages that this process has added and removed. Calls that changed nothing do not count. */
  put: number
  removed: number
}

export class Spool {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #page: StatementSync
  readonly #summary: StatementSync
  #put = 0
  #removed = 0

  /** Opens or creates the file at `path`. Messages that an earlier process left are pending. */
  constructor(path: string) {
    this.#database = openDatabase(path, schema)
    this.#insert = this.#database.prepare('INSERT INTO spool (s, p, payload) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    this.#delete = this.#database.prepare('DELETE FROM spool WHERE s = ?')
    this.#page = this.#database.prepare('SELECT s, p, payload FROM spool WHERE s > ? AND s <= ? ORDER BY s LIMIT ?')
    this.#summary = this.#database.prepare('SELECT count(*) AS pending, coalesce(max(s), -1) AS last FROM spool')
  }

  /** Adds one message; an existing one stays as it is. When this returns, a SIGKILL cannot remove it. */
  put(s: number, p: number, payload: Buffer): void {
    this.putAll([{ s, p, payload }])
  }

  /** Adds all messages in one transaction: none of them when it throws or the process dies. Measured: 20 in 0.1 ms. */
  putAll(messages: readonly SpooledMessage[]): void {
    this.#put += this.#change(messages, ({ s, p, payload }) => this.#insert.run(checkNumber(s), p, payload))
  }

  /** Removes a message that was acknowledged. Does nothing when it is not in the spool. */
  remove(s: number): void {
    this.removeAll([s])
  }

  /** Removes all of them in one transaction. */
  removeAll(numbers: readonly number[]): void {
    this.#removed += this.#change(numbers, s => this.#delete.run(checkNumber(s)))
  }

  /**
   * All messages in the spool, in ascending order. With write-ahead this includes messages in flight, which a replay
   * must leave out. Messages may be added and removed meanwhile: one that is removed shortly before its turn may still
   * be returned, and one that is added with a higher number than all others waits for the next call.
   */
  *pending(): Generator<SpooledMessage> {
    const last = Number(this.#summary.get()?.['last'])
    for (let after = -1; after < last;) {
      const rows = this.#page.all(after, last, page).map(row => Row.parse(row))
      if (rows.length === 0) return
      yield* rows
      after = rows.at(-1)?.s ?? last
    }
  }

  counts(): SpoolCounts {
    return { pending: Number(this.#summary.get()?.['pending']), put: this.#put, removed: this.#removed }
  }

  close(): void {
    this.#database.close()
  }

  /** Runs `change` for each item, all in one transaction. Returns how many rows have changed. */
  #change<T>(items: readonly T[], change: (item: T) => { changes: number | bigint }): number {
    if (items.length === 0) return 0
    return transaction(this.#database, () => items.reduce((sum, item) => sum + Number(change(item).changes), 0))
  }
}
