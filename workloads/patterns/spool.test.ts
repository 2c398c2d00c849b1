import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Spool } from './spool.ts'
import type { SpooledMessage } from './spool.ts'
import { runVictim } from './testing/kill.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-'))
  file = join(folder, 'spool.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

function withSpool<T>(use: (spool: Spool) => T): T {
  const spool = new Spool(file)
  try {
    return use(spool)
  } finally {
    spool.close()
  }
}

const message = (s: number, text = `message ${s}`): SpooledMessage => ({ s, p: s % 3, payload: Buffer.from(text) })
const messages = (from: number, count: number) => Array.from({ length: count }, (_, at) => message(from + at))
const numbers = (spool: Spool) => [...spool.pending()].map(({ s }) => s)

describe('the spool', () => {
  it('returns unacknowledged messages in ascending order, with partition and payload', () => {
    withSpool(spool => {
      for (const s of [8, 2, 5]) spool.put(s, s % 3, message(s).payload)
      spool.remove(5)
      expect([...spool.pending()]).toEqual([message(2), message(8)])
    })
  })

  it('keeps its messages over a restart', () => {
    withSpool(spool => spool.putAll(messages(0, 4)))
    withSpool(spool => {
      expect([...spool.pending()]).toEqual(messages(0, 4))
      spool.removeAll([0, 1])
    })
    expect(withSpool(numbers)).toEqual([2, 3])
  })

  it('counts pending messages, and those that this process added and removed', () => {
    withSpool(spool => spool.putAll(messages(0, 5)))
    withSpool(spool => {
      expect(spool.counts()).toEqual({ pending: 5, put: 0, removed: 0 })
      spool.putAll(messages(3, 4))
      spool.removeAll([0, 1, 99])
      spool.remove(0)
      expect(spool.counts()).toEqual({ pending: 5, put: 2, removed: 2 })
    })
  })

  it('keeps the first version of a message', () => {
    withSpool(spool => {
      spool.putAll([message(1, 'first'), message(1, 'second')])
      spool.put(1, 2, Buffer.from('third'))
      expect([...spool.pending()]).toEqual([message(1, 'first')])
    })
  })

  it('adds all of a batch or none of it', () => {
    withSpool(spool => {
      expect(() => spool.putAll([message(0), message(1), message(NaN)])).toThrow(RangeError)
      expect(spool.counts()).toEqual({ pending: 0, put: 0, removed: 0 })
      spool.put(2, 0, message(2).payload)
      expect(numbers(spool)).toEqual([2])
    })
  })

  it('opens no transaction for an empty batch', () => {
    withSpool(spool => {
      spool.putAll([])
      spool.removeAll([])
      expect(spool.counts()).toEqual({ pending: 0, put: 0, removed: 0 })
    })
  })

  it('is replayed page by page while messages are removed and added', () => {
    withSpool(spool => {
      spool.putAll(messages(0, 1700))
      const replayed: number[] = []
      for (const { s } of spool.pending()) {
        replayed.push(s)
        spool.remove(s)
        spool.put(10_000 + s, 0, Buffer.from('new'))
      }
      expect(replayed).toEqual(Array.from({ length: 1700 }, (_, s) => s))
      expect(numbers(spool)).toEqual(replayed.map(s => 10_000 + s))
    })
  })

  it('does not replay messages that were removed before their page was read', () => {
    withSpool(spool => {
      spool.putAll(messages(0, 1200))
      const replay = spool.pending()
      expect(replay.next().value).toEqual(message(0))
      spool.removeAll(Array.from({ length: 600 }, (_, at) => 600 + at))
      expect([...replay].map(({ s }) => s)).toEqual(Array.from({ length: 599 }, (_, at) => 1 + at))
    })
  })

  it('stores payloads of any bytes and sizes', () => {
    const payloads = [Buffer.alloc(0), Buffer.from([0, 255, 10, 0]), Buffer.alloc(200_000, 7)]
    withSpool(spool => {
      spool.putAll(payloads.map((payload, s) => ({ s, p: 0, payload })))
      expect([...spool.pending()].map(({ payload, s }) => payload.equals(payloads[s] ?? Buffer.from('?')))).toEqual([
        true,
        true,
        true,
      ])
    })
  })
})

describe('the spool of a killed producer', { timeout: 60_000 }, () => {
  it('holds each message whose put returned, plus at most the one in progress', async () => {
    let next = 0
    for (let kills = 0; kills < 3; kills++) {
      const said = await runVictim('spool-put', folder, { killAfter: 600 })
      const found = withSpool(spool => [...spool.pending()])
      expect(found.map(({ s }) => s)).toEqual(found.map((_, at) => at))
      expect(found.length).toBeGreaterThanOrEqual(next + said.length)
      expect(found.length).toBeLessThanOrEqual(next + said.length + 1)
      expect(found.every(({ s, payload }) => payload.toString('utf8') === `message ${s}`)).toBe(true)
      next = found.length
    }
  })

  it('holds complete batches only: those whose put returned, plus at most the one in progress', async () => {
    const said = await runVictim('spool-batches', folder, { killAfter: 100 })
    const { pending } = withSpool(spool => spool.counts())
    expect(pending % 100).toBe(0)
    expect(pending / 100).toBeGreaterThanOrEqual(said.length)
    expect(pending / 100).toBeLessThanOrEqual(said.length + 1)
  })

  it('holds no message whose removal returned, and every other message', async () => {
    const said = await runVictim('spool-acks', folder, { killAfter: 600 })
    const last = Number(said.at(-1))
    // With message s the victim put it and removed s - 10; of the next pair nothing, the put or both may be done.
    const kept = Array.from({ length: 10 }, (_, at) => last - 9 + at)
    expect([kept, [...kept, last + 1], [...kept.slice(1), last + 1]]).toContainEqual(withSpool(numbers))
  })
})
