/** Order within a partition: small histories with the answer known. */
import { describe, expect, test } from 'vitest'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, groupOffset, processed, sent, stored, suppressed } from './literal.ts'

/** Messages sent one after the other to partition 0. */
const sends = (...numbers: number[]): LaneRecord[] =>
  numbers.flatMap((s, at) => [sent(s, 100 + 10 * at), acked(s, 101 + 10 * at)])
/** Their numbers in the order of the log. */
const log = (...numbers: number[]): LaneRecord[] => [...numbers.map((s, o) => stored(s, o)), ...closed(numbers.length)]
const judge = (files: LaneRecord[][], end: number, expected: Record<string, string | number> = {}) =>
  check({ files, events: [...failover, fence(end)], expect: { duplicates: '<= 9', ...expected } })

describe('reordered', () => {
  test('are the messages behind one that was sent later', () => {
    expect(judge([sends(0, 1, 2, 3), log(0, 1, 2, 3)], 4).counts.reordered).toBe(0)
    expect(judge([sends(0, 1, 2, 3), log(3, 2, 1, 0)], 4).counts.reordered).toBe(3)
    expect(judge([sends(0, 1, 2, 3), log(0, 2, 1, 3)], 4).counts.reordered).toBe(1)
  })

  test('a copy behind later messages brings its message out of order, one next to it does not', () => {
    expect(judge([sends(0, 1, 2), log(0, 1, 2, 0)], 4).counts).toMatchObject({ reordered: 1, duplicates: 1 })
    expect(judge([sends(0, 1, 2), log(0, 0, 1, 2)], 4).counts).toMatchObject({ reordered: 0, duplicates: 1 })
  })

  test('the time of a send decides, not its number', () => {
    expect(judge([sends(2, 1, 0), log(2, 1, 0)], 3).counts.reordered).toBe(0)
    expect(judge([sends(2, 1, 0), log(0, 1, 2)], 3).counts.reordered).toBe(2)
  })

  test('messages of different producers have no order', () => {
    expect(judge([sends(10, 11), sends(0, 1), log(10, 0, 11, 1)], 4).counts.reordered).toBe(0)
    expect(judge([sends(10, 11), sends(0, 1), log(11, 0, 10, 1)], 4).counts.reordered).toBe(1)
  })

  test('messages of different partitions have no order', () => {
    const other: LaneRecord[] = [sent(0, 100, 1), acked(0, 101, 0, 1), sent(1, 110), acked(1, 111, 0)]
    const logs = [...log(1), stored(0, 0, 0, 1), ...closed(1, 1)]
    const found = check({ files: [other, logs], events: [...failover, fence(1), fence(1, 1)], partitions: 2 })
    expect(found.counts).toMatchObject({ reordered: 0, stored: 2 })
  })

  test('a message that the application sent again later keeps its place in the order', () => {
    const again: LaneRecord[] = [
      sent(0, 100),
      { op: 'unknown', s: 0, t: 101, c: 'X' },
      sent(1, 110),
      acked(1, 111),
      { op: 'sent', s: 0, p: 0, t: 120, n: 2 },
      { op: 'acked', s: 0, p: 0, t: 121, n: 2 },
    ]
    expect(judge([again, log(1, 0)], 2).counts.reordered).toBe(1)
    expect(judge([again, log(0, 1)], 2).counts.reordered).toBe(0)
  })

  test('nobody promises the order unless the cell does', () => {
    const files = [sends(0, 1), log(1, 0)]
    expect(judge(files, 2).verdict).toBe('held')
    expect(judge(files, 2, { reordered: 0 }).verdict).toBe('violated')
    expect(judge(files, 2, { reordered: '>= 1' }).verdict).toBe('held')
    expect(judge([sends(0, 1), log(0, 1)], 2, { reordered: '>= 1' }).verdict).toBe('not-shown')
  })
})

describe('out of order', () => {
  const counted = (...consumers: LaneRecord[][]) =>
    check({
      files: [sends(0, 1, 2), ...consumers, log(0, 1, 2)],
      events: [...failover, fence(3)],
      observer: [groupOffset(3)],
      consumer: true,
    }).counts.outOfOrder

  test('are messages that one consumer processes behind later ones', () => {
    expect(counted([processed(0), processed(1), processed(2)])).toBe(0)
    expect(counted([processed(2), processed(0), processed(1)])).toBe(2)
    expect(counted([processed(0), processed(1), processed(2), processed(1)])).toBe(1)
  })

  test('not what another consumer processes, nor what an idempotent one suppresses', () => {
    expect(counted([processed(2)], [processed(0), processed(1)])).toBe(0)
    expect(counted([processed(0), processed(1), processed(2), suppressed(1)])).toBe(0)
  })
})
