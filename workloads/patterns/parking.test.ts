import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Alert, ParkingStore } from './parking.ts'
import type { ParkedMessage } from './parking.ts'
import { runVictim } from './testing/kill.ts'

/** Every write to this device fails as on a full disk. */
const full = '/dev/full'

let folder = ''
let file = ''
let alertFile = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'parking-'))
  file = join(folder, 'parked.db')
  alertFile = join(folder, 'alerts.jsonl')
})
afterEach(() => rmSync(folder, { recursive: true }))

function withStore<T>(use: (store: ParkingStore) => T): T {
  const store = new ParkingStore(file, alertFile)
  try {
    return use(store)
  } finally {
    store.close()
  }
}

function lines(): string[] {
  return readFileSync(alertFile, 'utf8').split('\n').slice(0, -1)
}

const alerts = () => lines().map(line => Alert.parse(JSON.parse(line)))
const poison = (s: number, reason = 'TypeError: x is not a function'): ParkedMessage => ({
  s,
  p: 1,
  o: 40 + s,
  reason,
  payload: Buffer.from(`poison ${s}`),
})
const bytes = (message: ParkedMessage) => ({ ...message, payload: Buffer.from(message.payload).toString('utf8') })

describe('parking', () => {
  it('stores the message with place, reason and payload, and writes one alert line', () => {
    withStore(store => {
      expect(store.park(poison(9, 'two\nlines'))).toBe('parked')
      expect(store.park(poison(3))).toBe('parked')
      expect(store.parked().map(bytes)).toEqual([bytes(poison(3)), bytes(poison(9, 'two\nlines'))])
    })
    expect(alerts()).toMatchObject([{ alert: 'parked', s: 9, p: 1, o: 49, reason: 'two\nlines' }, { s: 3 }])
  })

  it('parks a message once, with the first reason, and alerts once', () => {
    withStore(store => store.park(poison(3, 'first')))
    withStore(store => {
      expect(store.park(poison(3, 'second'))).toBe('known')
      expect(store.park({ ...poison(3, 'third'), o: 99 })).toBe('known')
      expect(store.parked().map(bytes)).toEqual([bytes(poison(3, 'first'))])
    })
    expect(alerts()).toHaveLength(1)
  })

  it('writes the alerts that a killed process did not write', () => {
    withStore(store => store.park(poison(1)))
    const killed = new DatabaseSync(file)
    killed
      .prepare('INSERT INTO parked (s, p, o, reason, payload) VALUES (?, ?, ?, ?, ?)')
      .run(2, 0, 7, 'killed', Buffer.from('x'))
    killed.close()
    withStore(() => {})
    withStore(store => expect(store.park(poison(2))).toBe('known'))
    expect(alerts().map(({ s }) => s)).toEqual([1, 2])
  })

  it('starts a new line after an alert that was cut off', () => {
    writeFileSync(alertFile, '{"alert":"par')
    withStore(store => store.park(poison(4)))
    expect(lines()).toHaveLength(2)
    expect(Alert.parse(JSON.parse(lines()[1] ?? '')).s).toBe(4)
  })

  it('refuses an invalid message number', () => {
    withStore(store => {
      expect(() => store.park(poison(NaN))).toThrow(RangeError)
      expect(store.parked()).toEqual([])
    })
  })

  it.skipIf(!existsSync(full))('parks, and says so later, when the alert cannot be written', () => {
    withStore(() => {})
    rmSync(alertFile)
    const store = new ParkingStore(file, full)
    expect(() => store.park(poison(5))).toThrow('ENOSPC')
    store.close()
    withStore(again => expect(again.parked().map(({ s }) => s)).toEqual([5]))
    expect(alerts().map(({ s }) => s)).toEqual([5])
  })
})

describe('messages parked by a killed consumer', { timeout: 60_000 }, () => {
  it('are all stored with their payloads, each with an alert', async () => {
    let known = 0
    for (let kills = 0; kills < 3; kills++) {
      const said = await runVictim('parking', folder, { killAfter: 300 })
      expect(said).toEqual(said.map((_, at) => `${known + at} parked`))
      const found = withStore(store => store.parked())
      expect(found.map(({ s }) => s)).toEqual(found.map((_, at) => at))
      expect(found.length).toBeGreaterThanOrEqual(known + said.length)
      expect(found.length).toBeLessThanOrEqual(known + said.length + 1)
      expect(found.every(({ s, payload }) => Buffer.from(payload).equals(Buffer.alloc(3000, s % 256)))).toBe(true)
      known = found.length
    }
    const told = alerts().map(({ s }) => s)
    expect([...new Set(told)]).toEqual(Array.from({ length: known }, (_, s) => s))
    expect(told.length - known, 'alerts told twice').toBeLessThanOrEqual(3)
  })
})
