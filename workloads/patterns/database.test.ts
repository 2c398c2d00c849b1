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

describe('the file of a store', { timeout: 60_000 }, () => {
  it('keeps a log ahead of it, of which not each commit is synced', () => {
    withFile(database => {
      expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
      expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 1 })
    })
  })

  it('is created with its folder, and keeps what is in it when it is opened again', () => {
    file = join(folder, 'a', 'b', 'store.db')
    withFile(database => database.exec('INSERT INTO numbers VALUES (3)'))
    expect(withFile(numbers)).toEqual([3])
  })

  it('is named when it is no store, and left alone', () => {
    const text = 'no database at all, but long enough to be looked at as one'
    writeFileSync(file, text)
    expect(() => openDatabase(file, schema)).toThrow(file)
    expect(readFileSync(file, 'utf8')).toBe(text)
  })

  it('cannot be in memory, where nothing would survive', () => {
    expect(() => openDatabase(':memory:', schema)).toThrow('journal mode memory')
  })

  it('is waited for while another process, which creates it too, is not done', async () => {
    const { promise: held, resolve } = Promise.withResolvers<void>()
    const ended = runVictim('hold-open', folder, { onLine: resolve })
    await held
    expect(withFile(numbers)).toEqual([])
    expect(await ended).toEqual(['held'])
  })
})

describe('a transaction', () => {
  it('keeps all of its work', () => {
    expect(
      withFile(database =>
        transaction(database, () => Number(database.prepare('INSERT INTO numbers VALUES (1), (2)').run().changes)),
      ),
    ).toBe(2)
    expect(withFile(numbers)).toEqual([1, 2])
  })

  it('keeps nothing when the work throws, and lets the next one begin', () => {
    withFile(database => {
      const insert = database.prepare('INSERT INTO numbers VALUES (?)')
      expect(() => transaction(database, () => [1, 2, 1].map(s => insert.run(s)))).toThrow('UNIQUE')
      expect(numbers(database)).toEqual([])
      transaction(database, () => insert.run(4))
      expect(numbers(database)).toEqual([4])
    })
  })
})
