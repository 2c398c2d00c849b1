import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase, transaction } from './database.ts'
import { runVictim } from './testing/kill.ts'

const schema = 'CREATE TABLE IF NOT EXISTS numbers (s INTEGER PRIMARY KEY) STRICT'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'database-'))
  file = join(folder, 'store.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

function withFile<T>(use: (database: DatabaseSync) => T): T {
  const database = openDatabase(file, schema)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

const numbers = (database: DatabaseSync) =>
  database
    .prepare('SELECT s FROM numbers ORDER BY s')
    .all()
    .map(row => row['s'])

describe('opening the file of a store', { timeout: 60_000 }, () => {
  it('uses WAL mode and does not sync each commit', () => {
    withFile(database => {
      expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
      expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 })
    })
  })

  it('creates the file and its folder, and keeps the content of an existing file', () => {
    file = join(folder, 'a', 'b', 'store.db')
    withFile(database => database.exec('INSERT INTO numbers VALUES (3)'))
    expect(withFile(numbers)).toEqual([3])
  })

  it('fails for a file that is not a store, names it, and does not change it', () => {
    const text = 'no database at all, but long enough to be looked at as one'
    writeFileSync(file, text)
    expect(() => openDatabase(file, schema)).toThrow(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('refuses a database in memory, where nothing would survive', () => {
    expect(() => openDatabase(':memory:', schema)).toThrow('journal mode memory')
  })

  it('waits while another process is creating the same file', async () => {
    const { promise: held, resolve } = Promise.withResolvers<void>()
    const ended = runVictim('hold-open', folder, { onLine: resolve })
    await held
    expect(withFile(numbers)).toEqual([])
    expect(await ended).toEqual(['held'])
  })
})

describe('a transaction', () => {
  it('commits all of its work', () => {
    expect(
      withFile(database =>
        transaction(database, () => Number(database.prepare('INSERT INTO numbers VALUES (1), (2)').run().changes)),
      ),
    ).toBe(2)
    expect(withFile(numbers)).toEqual([1, 2])
  })

  it('keeps nothing when the work throws, and allows the next transaction', () => {
    withFile(database => {
      const insert = database.prepare('INSERT INTO numbers VALUES (?)')
      expect(() => transaction(database, () => [1, 2, 1].map(s => insert.run(s)))).toThrow('UNIQUE')
      expect(numbers(database)).toEqual([])
      transaction(database, () => insert.run(4))
      expect(numbers(database)).toEqual([4])
    })
  })
})
