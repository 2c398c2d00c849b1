import { expect, test } from 'vitest'
import {
  acked,
  check as checkWith,
  closed,
  failover,
  fence,
  groupOffset,
  processed,
  sent,
  stored,
  unknown,
} from './literal.ts'
import type { Literal } from './literal.ts'
import type { LaneRecord } from '../../history/records.ts'

/** The fence is where the files say. */
const check = (literal: Literal) => {
  const written = literal.files.flat().find(({ op }) => op === 'fence')
  return checkWith({ ...literal, events: [...failover, fence(written && 'o' in written ? (written.o ?? 0) : 0)] })
}
const checkUnrecorded = (literal: Literal) => check({ ...literal, sendsUnrecorded: true })

/** The same producer, with and without records of its sends. The messages 1 and 2 are answered while `cut` is open. */
const answers = [acked(0, 500, 0), acked(1, 1500, 1), acked(2, 1600, 2)]
const withSends = answers.flatMap(answer => ('s' in answer ? [sent(answer.s ?? 0, answer.t), answer] : []))
const log = [stored(0, 0), stored(1, 1), ...closed(2)]

test('a message that is stored and has no record is recovered, not unexpected', () => {
  const reader = [stored(0, 0), stored(1, 1), stored(2, 2), stored(7, 3), ...closed(4)]
  const recorded = check({ files: [withSends, reader] })
  expect([recorded.verdict, recorded.counts.unexpected]).toEqual(['violated', 1])
  const { verdict, counts } = checkUnrecorded({ files: [answers, reader] })
  expect(verdict).toBe('held')
  expect(counts).toMatchObject({ sent: 4, acked: 3, unknown: 1, recovered: 1, stored: 4, unexpected: 0 })
})

test('a message that was processed before it vanished, and has no record, is no phantom', () => {
  const consumer = [processed(0), processed(7, 1), groupOffset(5)]
  const rest = [consumer, [stored(0, 0), stored(1, 1), stored(2, 2), ...closed(3)]]
  expect(check({ files: [withSends, ...rest], consumer: true }).counts.phantom).toBe(1)
  expect(checkUnrecorded({ files: [answers, ...rest], consumer: true }).counts).toMatchObject({
    phantom: 0,
    givenUp: 1,
  })
})

test('acknowledged and absent is still lost', () => {
  const { verdict, counts, lost } = checkUnrecorded({ files: [answers, log] })
  expect([verdict, counts.lost]).toEqual(['violated', 1])
  expect(lost).toMatchObject([{ p: 0, from: 2, to: 2 }])
})

test('an answer inside a window says nothing about when its message was sent, so no window is judged by it', () => {
  const reader = [stored(0, 0), ...closed(1)]
  const expected = { lost: 'acked-in(cut)' }
  expect(check({ files: [withSends, reader], expect: expected }).verdict).toBe('held')
  const { verdict, windows, reasons } = checkUnrecorded({ files: [answers, reader], expect: expected })
  expect(windows['cut']).toMatchObject({ sent: 0, acked: 0 })
  expect(verdict).toBe('inconclusive')
  expect(reasons.join()).toMatch(/cut/)
})

test('a message that was acknowledged before the window and lost is not excused by the window', () => {
  const reader = [stored(1, 0), stored(2, 1), ...closed(2)]
  expect(checkUnrecorded({ files: [answers, reader], expect: { lost: 'acked-in(cut)' } }).verdict).toBe('violated')
})

test('an unknown answer and a stored message are recovered, as always', () => {
  const files = [[unknown(0, 500)], [stored(0, 0), ...closed(1)]]
  expect(checkUnrecorded({ files }).counts).toMatchObject({ sent: 1, recovered: 1, lost: 0 })
})

test('there is no latency without times of sends', () => {
  const numbers = Array.from({ length: 20 }, (_, s) => s)
  const many = numbers.map(s => acked(s, 100 + s * 40, s))
  const { load } = checkUnrecorded({ files: [many, [...numbers.map(s => stored(s, s)), ...closed(20)]] })
  expect(load.ackedPerSec).toBeGreaterThan(0)
  expect(load.ackMsP50).toBeUndefined()
})

test('a "sent" in such a file is refused, and so is a number that two processes answer', () => {
  const reader: LaneRecord[] = [...closed(0)]
  expect(() => checkUnrecorded({ files: [withSends, reader] })).toThrow(/sends are unrecorded/)
  expect(() => checkUnrecorded({ files: [answers, [acked(1, 1700, 5)], reader] })).toThrow(/by two processes/)
})
