import { expect, test } from 'vitest'
import { trialSeconds } from '../../plan/trial-seconds.ts'
import { planOf } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { remainingMs, remainingWords } from './remaining.ts'

const [trial] = planOf(kafkaPair).trials
if (!trial) throw new Error('no trial')
const trials = ['a', 'b', 'c', 'd'].map(id => ({ ...trial, id }))
const left = (done: string[], elapsedMs: number, parallel = 1) =>
  remainingMs({ trials }, new Set(done), { elapsedMs, parallel })

test('before the first trial has ended the estimate of the plan counts, divided among those at once', () => {
  expect(left([], 0)).toBe(4 * 24_000)
  expect(left([], 8000, 2)).toBe(40_000)
  expect(left([], 1_000_000)).toBe(0)
})

test('then what the ended trials took', () => {
  expect(left(['a'], 10_000, 2)).toBe(30_000)
  expect(left(['a', 'b', 'c', 'd'], 10_000)).toBe(0)
})

test.each([
  [4000, 'a few seconds left'],
  [38_000, 'about 40 s left'],
  [170_000, 'about 3 min left'],
])('%i ms: %s', (ms, words) => {
  expect(remainingWords(ms)).toBe(words)
})

test.each([
  ['waits for time to pass', '{ leader-changed: true }', '{ elapsed: 40s }', 64],
  ['sends for longer than usual', 'size: 100B', 'size: 100B, messages: 4000', 52],
  ['sends for a short time', 'size: 100B', 'size: 100B, messages: 400', 24],
])('the estimate for a trial that %s', (_what, given, changed, seconds) => {
  expect(planOf(kafkaPair.replace(given, changed)).trials.map(trialSeconds)).toEqual([seconds])
})
