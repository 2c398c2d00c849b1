/**
 * Stores messages that the handler cannot process, with their payload and reason, and writes an alert for each. Parked
 * messages do not block the messages after them. Without the alert a parked message would be lost unnoticed.
 *
 * The row is written first, the alert second. When a process is killed between the two, the next one that opens the
 * store writes the missing alert: every parked message is alerted at least once, and rarely twice.
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
  /** When the alert was written, ISO 8601. */
  at: z.iso.datetime(),
  s: z.int().min(0),
  p: z.int().min(0),
  o: z.int().min(0),
  reason: z.string(),
})
export type Alert = z.infer<typeof Alert>

export interface ParkedMessage {
  s: number
  /** Partition (or queue) and offset of the copy that was parked first. */
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

  /** Opens or creates both files, and writes the alerts that a killed process did not. */
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
    this.#writeMissingAlerts()
  }

  /**
   * Parks a message once, however often it is delivered. Returns `known` when it was parked before; the first reason
   * stays. When this returns, a SIGKILL can undo neither the row nor the alert. Throws when the alert cannot be
   * written: the message is parked nevertheless, and the next call or the next process writes the alert.
   */
  park(message: ParkedMessage): 'parked' | 'known' {
    const { s, p, o, reason, payload } = message
    const isNew = Number(this.#insert.run(checkNumber(s), p, o, reason, payload).changes) === 1
    this.#writeMissingAlerts()
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

  #writeMissingAlerts(): void {
    for (const row of this.#unalerted.all()) {
      const { s, p, o, reason } = Row.parse(row)
      this.#write({ alert: 'parked', at: new Date().toISOString(), s, p, o, reason })
      this.#alerted.run(s)
    }
  }

  /** Uses one write(2), so that the lines of two processes that share the file do not mix. */
  #write(alert: Alert): void {
    const line = Buffer.from(`${endsInsideLine(this.#alerts) ? '\n' : ''}${JSON.stringify(alert)}\n`, 'utf8')
    const written = writeSync(this.#alerts, line)
    if (written < line.length)
      throw new Error(`only ${written} of ${line.length} bytes of an alert were written; the disk may be full`)
  }
}

/** Whether an earlier write was cut off inside a line. The next alert must then start a new line. */
function endsInsideLine(file: number): boolean {
  const { size } = fstatSync(file)
  const last = Buffer.alloc(1)
  return size > 0 && readSync(file, last, 0, 1, size - 1) === 1 && last.toString('latin1') !== '\n'
}
