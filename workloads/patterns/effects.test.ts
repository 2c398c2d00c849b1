import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EffectStore } from './effects.ts'
import { runVictim } from './testing/kill.ts'

let folder = ''
let file = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'effects-'))
  file = join(folder, 'effects.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

function stored(): number[] {
  const store = new EffectStore(file)
  try {
    return [...store.numbers()]
  } finally {
    store.close()
  }
}

describe('the store of an idempotent consumer', () => {
  it('applies each message once, in any order and however often it is delivered', () => {
    const store = new EffectStore(file)
    expect([5, 0, 5, 3, 0, 5].map(s => store.apply(s))).toEqual([
      'applied',
      'applied',
      'known',
      'applied',
      'known',
      'known',
    ])
    expect(store.count()).toBe(3)
    expect([...store.numbers()]).toEqual([0, 3, 5])
    store.close()
  })

  it('knows after a restart which messages were applied', () => {
    const before = new EffectStore(file)
    before.apply(7)
    before.close()
    const after = new EffectStore(file)
    expect(after.apply(7)).toBe('known')
    expect(after.apply(8)).toBe('applied')
    after.close()
  })

  it('leaves one file when it is closed, and refuses further messages', () => {
    const store = new EffectStore(file)
    store.apply(1)
    store.close()
    expect(readdirSync(folder)).toEqual(['effects.db'])
    expect(() => store.apply(2)).toThrow()
  })

  it('refuses invalid message numbers and stores nothing for them', () => {
    const store = new EffectStore(file)
    for (const wrong of [NaN, -1, 1.5, Infinity]) expect(() => store.apply(wrong)).toThrow(RangeError)
    expect(store.count()).toBe(0)
    store.close()
  })
})

describe('effects of a killed consumer', { timeout: 60_000 }, () => {
  it('are all stored once, plus at most the one in progress', async () => {
    let next = 0
    for (let kills = 0; kills < 3; kills++) {
      // Beyond 1000 pages of log, so that it is also carried over into the file at some time.
      const said = await runVictim('effects', folder, { killAfter: 1500 })
      expect(said).toEqual(said.map((_, at) => `${next + at} applied`))
      const found = stored()
      expect(found).toEqual(found.map((_, at) => at))
      expect(found.length).toBeGreaterThanOrEqual(next + said.length)
      expect(found.length).toBeLessThanOrEqual(next + said.length + 1)
      next = found.length
    }
    const store = new EffectStore(file)
    expect(store.apply(next - 1)).toBe('known')
    expect(store.apply(next)).toBe('applied')
    store.close()
  })
})

describe('a store that several processes open', { timeout: 60_000 }, () => {
  it('applies each message in only one of them', async () => {
    const both = await Promise.all([runVictim('effects-race', folder), runVictim('effects-race', folder)])
    const applied = both.flat().filter(line => line.endsWith(' applied'))
    expect(applied.map(line => Number.parseInt(line, 10)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 500 }, (_, s) => s),
    )
    expect(both.flat()).toHaveLength(1000)
  })
})
