/**
 * The producer's local spool: messages that the cluster may not have, on the producer's own disk, to be sent once it is
 * back. When a message goes in decides what it is worth:
 *
 * - write-ahead, before its first send: neither a dead cluster nor a dead producer loses it;
 * - after-failure, once its sends have failed: a producer that is killed in between takes it along.
 *
 * It leaves the spool when it is acknowledged. A producer killed between the acknowledgement and `remove` sends it again:
 * the spool is at least once, and the copies are the idempotent consumer's to know.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { checkNumber, openDatabase, transaction } from './database.ts'

const schema =
  'CREATE TABLE IF NOT EXISTS spool (s INTEGER PRIMARY KEY, p INTEGER NOT NULL, payload BLOB NOT NULL) STRICT'

/** Messages read at once: what a replay holds in memory. */
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
  /** Messages in the spool now, those of earlier processes included. */
  pending: number
  /** Put and removed by this process; what was already there, or was not there, does not count. */
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

  /** Opens or creates the file at `path`; what an earlier process left is pending. */
  constructor(path: string) {
    this.#database = openDatabase(path, schema)
    this.#insert = this.#database.prepare('INSERT INTO spool (s, p, payload) VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
    this.#delete = this.#database.prepare('DELETE FROM spool WHERE s = ?')
    this.#page = this.#database.prepare('SELECT s, p, payload FROM spool WHERE s > ? AND s <= ? ORDER BY s LIMIT ?')
    this.#summary = this.#database.prepare('SELECT count(*) AS pending, coalesce(max(s), -1) AS last FROM spool')
  }

  /** Spools one message. A SIGKILL no longer takes it when this returns; one that is there already stays as it is. */
  put(s: number, p: number, payload: Buffer): void {
    this.putAll([{ s, p, payload }])
  }

  /** Spools all of them or, when it throws or the process dies, none, in one transaction. Measured: 20 in 0.1 ms. */
  putAll(messages: readonly SpooledMessage[]): void {
    this.#put += this.#change(messages, ({ s, p, payload }) => this.#insert.run(checkNumber(s), p, payload))
  }

  /** Forgets a message, because it is acknowledged; one that is not there is none to forget. */
  remove(s: number): void {
    this.removeAll([s])
  }

  /** Forgets all of them in one transaction. */
  removeAll(numbers: readonly number[]): void {
    this.#removed += this.#change(numbers, s => this.#delete.run(checkNumber(s)))
  }

  /**
   * Everything in the spool, in order of number. Written ahead, messages under way are in it as well: a replay next to
   * sends under way must leave those out. Messages may be put and removed meanwhile: one removed shortly before its turn
   * may still come, and one with a number beyond the last of now waits for the next call.
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

  /** Runs `one` for each item, all in one transaction; returns how many rows that changed. */
  #change<T>(items: readonly T[], one: (item: T) => { changes: number | bigint }): number {
    if (items.length === 0) return 0
    return transaction(this.#database, () => items.reduce((sum, item) => sum + Number(one(item).changes), 0))
  }
}
