import { expect, test } from 'vitest'
import { sameSet } from './same-set.ts'
import { singleHolder } from './single-holder.ts'
import { warmUp } from './warm-up.ts'

const signal = new AbortController().signal

test('the holder of a role is the one that all lanes name; -1 names nobody', () => {
  expect(singleHolder('leader', [2, 2, -1])).toBe(2)
  expect(() => singleHolder('leader', [2, 3])).toThrow('lanes have different ones: broker-2, broker-3')
  expect(() => singleHolder('leader', [-1])).toThrow('no node holds this role now')
})

test('sets are the same in whatever order', () => {
  expect(sameSet([1, 2], [2, 1])).toBe(true)
  expect(sameSet([1, 2], [1, 3])).toBe(false)
  expect(sameSet([1], [1, 2])).toBe(false)
})

test('warming up ends after 20 quick writes in a row; a slow or failed write begins the count anew', async () => {
  let writes = 0
  const slowAt = 5
  const failedAt = 10
  await warmUp(
    async () => {
      writes += 1
      if (writes === slowAt) await new Promise(resolve => setTimeout(resolve, 40))
      if (writes === failedAt) throw new Error('not leader')
    },
    10_000,
    signal,
  )
  expect(writes).toBe(failedAt + 20)
})

test('a broker that stays slow is waited for no longer than the limit', async () => {
  const started = performance.now()
  await warmUp(async () => new Promise(resolve => setTimeout(resolve, 30)), 100, signal)
  expect(performance.now() - started).toBeLessThan(30_000)
})

test('an interruption ends the warm-up', async () => {
  await expect(warmUp(async () => {}, 10_000, AbortSignal.abort(new Error('interrupted')))).rejects.toThrow(
    'interrupted',
  )
})
