/**
 * The SQLite files of the stores: opened so that what a call returned from survives a SIGKILL of the process.
 *
 * In WAL mode a commit is a write(2) of its pages to the file `-wal`. From then on they are the kernel's, which outlives
 * the process; whoever opens the file next finds them there, and cuts off a transaction without its commit record.
 * `synchronous=NORMAL` leaves out the fsync of each commit. A power loss (or a crash of the kernel) may therefore take the
 * last commits with it, though it never leaves half of one; against that it would take `synchronous=FULL`, at one fsync a
 * commit (sqlite.org/pragma.html#pragma_synchronous). The faults of this harness kill client processes, not the host.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LossproofError, messageOf } from '../../model/errors.ts'

/** How long a statement waits for another process that holds the file. It blocks this process meanwhile. */
const busyLimitMs = 5000
const retryMs = 5
/** Primary result code of SQLite for a file that another connection has locked. */
const sqliteBusy = 5

/**
 * Opens the file at `path`, or creates it with its folder, and brings it into WAL mode; then runs `schema`, which must do
 * no harm to an existing file. Several processes may open the same file at once.
 * @throws LossproofError `client` when the file cannot be opened or is no SQLite file
 */
export function openDatabase(path: string, schema: string): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    mkdirSync(dirname(path), { recursive: true })
    database = new DatabaseSync(path)
    database.exec(`PRAGMA busy_timeout = ${busyLimitMs}`)
    enterWal(database)
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec(schema)
    return database
  } catch (error) {
    database?.close()
    throw new LossproofError('client', `the store ${path} could not be opened: ${messageOf(error)}`, { cause: error })
  }
}

/** All of `work`, or nothing of it when it throws or the process dies. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // Some errors, such as a full disk, have rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** SQLite would take a number that is none for a wish to choose one itself. */
export function checkNumber(s: number): number {
  if (!Number.isSafeInteger(s) || s < 0) throw new RangeError(`expected a message number, got ${s}`)
  return s
}

/**
 * SQLite does not apply its busy timeout to the change into WAL mode: when three processes created the same file in the
 * same millisecond, 28 of 450 openings failed with "database is locked" (measured, SQLite 3.53).
 */
function enterWal(database: DatabaseSync): void {
  const deadline = performance.now() + busyLimitMs
  for (;;) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode']
      if (mode !== 'wal') throw new Error(`it stays in journal mode ${String(mode)}, not wal`)
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, retryMs)
    }
  }
}

function isBusy(error: unknown): boolean {
  // The lowest byte of an extended result code is the primary one.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === sqliteBusy
}
