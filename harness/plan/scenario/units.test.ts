import { expect, test } from 'vitest'
import { parseDuration, parseRate, parseSize } from './units.ts'

test('rates are messages per second', () => {
  expect([parseRate('200/s'), parseRate('60/min'), parseRate(20)]).toEqual([200, 1, 20])
  expect([parseRate('fast'), parseRate('200s'), parseRate(0)]).toEqual([undefined, undefined, undefined])
})

test('sizes are bytes', () => {
  expect([parseSize('100B'), parseSize('2KiB'), parseSize('2KB')]).toEqual([100, 2048, 2000])
  expect([parseSize('2 bytes'), parseSize(-1), parseSize(1.5)]).toEqual([undefined, undefined, undefined])
})

test('durations are milliseconds and need a unit', () => {
  expect([parseDuration('500ms'), parseDuration('2min')]).toEqual([500, 120_000])
  expect([parseDuration(5), parseDuration('5')]).toEqual([undefined, undefined])
})
