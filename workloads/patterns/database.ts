/**
 * Opens the SQLite files of the stores so that everything committed survives a SIGKILL of the process.
 *
 * In WAL mode a commit is a write(2) of its pages to the `-wal` file. The kernel then holds them and outlives the
 * process. The next process that opens the file finds them there, and drops a transaction without its commit record.
 * `synchronous=NORMAL` skips the fsync of each commit, so a power loss or a kernel crash may lose the last commits,
 * though never half of one. `synchronous=FULL` would prevent that with one fsync per commit
 * (sqlite.org/pragma.html#pragma_synchronous). The faults of this harness kill client processes, not the host.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { LossproofError, messageOf } from '../../model/errors.ts'

/** How long a statement waits for another process that has locked the file. The wait blocks this process. */
const busyLimitMs = 5000
const retryMs = 5
/** SQLite's primary result code for a file that another connection has locked. */
const sqliteBusy = 5

/**
 * Opens the file at `path`, creates it and its folder when they are missing, and sets WAL mode. Then runs `schema`,
 * which must be safe to run on an existing file. Several processes may open the same file at once.
 * @throws LossproofError `client` when the file cannot be opened or is not an SQLite file
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
    throw new LossproofError('client', `cannot open the store ${path}: ${messageOf(error)}`, { cause: error })
  }
}

/** Runs `work` in a transaction. When it throws or the process dies, nothing of it is kept. */
export function transaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE')
  try {
    const result = work()
    database.exec('COMMIT')
    return result
  } catch (error) {
    // After some errors, such as a full disk, SQLite has rolled back already.
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/** Throws for anything but a message number: SQLite would store NaN as NULL, and replace a NULL key by a new number. */
export function checkNumber(s: number): number {
  if (!Number.isSafeInteger(s) || s < 0) throw new RangeError(`expected a message number, got ${s}`)
  return s
}

/**
 * Retries, because SQLite does not apply its busy timeout to the switch to WAL mode: when three processes created the
 * same file in the same millisecond, 28 of 450 attempts failed with "database is locked" (measured, SQLite 3.53).
 */
function enterWal(database: DatabaseSync): void {
  const deadline = performance.now() + busyLimitMs
  for (;;) {
    try {
      const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode']
      if (mode !== 'wal') throw new Error(`it stays in journal mode ${String(mode)} and cannot use wal`)
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
