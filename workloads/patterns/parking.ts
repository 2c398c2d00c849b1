/**
 * Where a message goes that the handler cannot process: out of the way of those behind it, kept with its payload and its
 * reason, and somebody is told. Without the alert a parked message is a lost one that nobody misses.
 *
 * The row comes first, the alert second. A process killed between the two has parked without a word, so whoever opens the
 * store next says it: each parked message is alerted at least once, seldom twice, never not at all.
 */
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { z } from 'zod'
import { checkNumber, openDatabase } from './database.ts'

const schema = `
  CREATE TABLE IF NOT EXISTS parked (
    s INTEGER PRIMARY KEY, p INTEGER NOT NULL, o INTEGER NOT NULL, alerted INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL, payload BLOB NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS owed ON parked (s) WHERE alerted = 0;
`

const Row = z.object({ s: z.int(), p: z.int(), o: z.int(), reason: z.string(), payload: z.instanceof(Uint8Array) })

/** One line of the alert file. */
export const Alert = z.strictObject({
  alert: z.literal('parked'),
  /** When it was written, ISO 8601. */
  at: z.iso.datetime(),
  s: z.int().min(0),
  p: z.int().min(0),
  o: z.int().min(0),
  reason: z.string(),
})
export type Alert = z.infer<typeof Alert>

export interface ParkedMessage {
  s: number
  /** Partition or queue, and offset, of the copy that was parked first. */
  p: number
  o: number
  reason: string
  payload: Uint8Array
}

export class ParkingStore {
  readonly #database: DatabaseSync
  readonly #insert: StatementSync
  readonly #all: StatementSync
  readonly #unalerted: StatementSync
  readonly #alerted: StatementSync
  readonly #alerts: number

  /** Opens or creates both files and makes up for alerts that a killed process owes. */
  constructor(path: string, alertPath: string) {
    this.#database = openDatabase(path, schema)
    this.#insert = this.#database.prepare(
      'INSERT INTO parked (s, p, o, reason, payload) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    )
    this.#all = this.#database.prepare('SELECT s, p, o, reason, payload FROM parked ORDER BY s')
    this.#unalerted = this.#database.prepare('SELECT s, p, o, reason, payload FROM parked WHERE alerted = 0 ORDER BY s')
    this.#alerted = this.#database.prepare('UPDATE parked SET alerted = 1 WHERE s = ?')
    mkdirSync(dirname(alertPath), { recursive: true })
    this.#alerts = openSync(alertPath, 'a+')
    this.#alertOwed()
  }

  /**
   * Parks a message once, however often it comes: `known` is one that was parked before, whose first reason stays. When
   * this returns, a SIGKILL takes neither the message nor the alert back. Throws when the alert cannot be written; the
   * message is parked then, and the next call or the next process alerts.
   */
  park(message: ParkedMessage): 'parked' | 'known' {
    const { s, p, o, reason, payload } = message
    const isNew = Number(this.#insert.run(checkNumber(s), p, o, reason, payload).changes) === 1
    this.#alertOwed()
    return isNew ? 'parked' : 'known'
  }

  /** All parked messages, in order of number. */
  parked(): ParkedMessage[] {
    return this.#all.all().map(row => Row.parse(row))
  }

  close(): void {
    this.#database.close()
    closeSync(this.#alerts)
  }

  #alertOwed(): void {
    for (const row of this.#unalerted.all()) {
      const { s, p, o, reason } = Row.parse(row)
      this.#write({ alert: 'parked', at: new Date().toISOString(), s, p, o, reason })
      this.#alerted.run(s)
    }
  }

  /** In one write(2), so that two processes that share the file do not mix their lines. */
  #write(alert: Alert): void {
    const line = Buffer.from(`${endsInsideLine(this.#alerts) ? '\n' : ''}${JSON.stringify(alert)}\n`, 'utf8')
    const written = writeSync(this.#alerts, line)
    if (written < line.length)
      throw new Error(`an alert was cut off after ${written} of ${line.length} bytes: is the disk full?`)
  }
}

/** A write that was cut off leaves a line without its end, which must not spoil the next one. */
function endsInsideLine(file: number): boolean {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString('latin1') !== '\n'
}
