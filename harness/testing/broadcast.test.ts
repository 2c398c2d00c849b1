/** Consumers that each get every message: each instance is judged by what it did itself. */
import { describe, expect, test } from 'vitest'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, fence, processed, sent, stored } from './literal.ts'
import type { Literal } from './literal.ts'

const committed = (o: number, t = 6000): LaneRecord => ({ op: 'committed', p: 0, o, t })
const parked = (s: number): LaneRecord => ({ op: 'parked', s, p: 0, o: s, t: 5500 })

/** Messages 0, 1 and 2 are sent, acknowledged and stored at offsets 0, 1 and 2; then the records of each instance. */
function broadcast(instances: LaneRecord[][], literal: Partial<Literal> = {}) {
  const numbers = [0, 1, 2]
  return check({
    system: 'rocketmq',
    consumer: true,
    consumerSettings: { messageModel: 'BROADCASTING' },
    events: [fence(3)],
    files: [
      numbers.flatMap(s => [sent(s, 10 + s), acked(s, 20 + s, s)]).toSorted((a, b) => a.t - b.t),
      [...numbers.map(s => stored(s, s)), ...closed(3)],
      // An instance is known by its file, so each gets an array of its own.
      ...instances.map(records => [...records]),
    ],
    expect: { lost: 0, skipped: 0, redelivered: 0 },
    ...literal,
  })
}

const all = [processed(0), processed(1), processed(2), committed(3)]

describe('broadcasting', () => {
  test('every instance processes every message once: nothing skipped, nothing redelivered', () => {
    const { counts } = broadcast([all, all, all])
    expect(counts).toMatchObject({ processed: 3, redelivered: 0, skipped: 0, stalled: 0 })
  })

  test('one instance passed a message that the other processed: skipped', () => {
    const { counts, verdict } = broadcast([all, [processed(0), processed(2), committed(3)]])
    expect(counts).toMatchObject({ skipped: 1, stalled: 0, redelivered: 0 })
    expect(verdict).toBe('violated')
  })

  test('each of two instances passed another message: both are skipped, although each was processed somewhere', () => {
    const { counts } = broadcast([
      [processed(1), processed(2), committed(3)],
      [processed(0), processed(1), committed(3)],
    ])
    expect(counts).toMatchObject({ processed: 3, skipped: 2 })
  })

  test('an instance that has not reached a message has stalled before it, however far the other is', () => {
    const { counts, verdict } = broadcast([all, [processed(0), committed(1)]])
    expect(counts).toMatchObject({ skipped: 0, stalled: 2 })
    expect(verdict).not.toBe('held')
  })

  test('one instance processed a message twice: redelivered once', () => {
    const { counts, verdict } = broadcast([all, [processed(0), ...all]])
    expect(counts).toMatchObject({ redelivered: 1, skipped: 0 })
    expect(verdict).toBe('violated')
  })

  test('a message that an instance parked is not skipped by it, and parking it is no redelivery', () => {
    const { counts } = broadcast([all, [processed(0), processed(1), parked(1), parked(2), committed(3)]])
    expect(counts).toMatchObject({ skipped: 0, stalled: 0, redelivered: 0, parked: 2 })
  })

  test('the first copy was passed and the second is ahead: stalled, not skipped', () => {
    const { counts } = broadcast([all, [processed(1), processed(2), committed(3)]], {
      events: [fence(4)],
      files: [
        [sent(0, 10), acked(0, 20, 0)],
        [stored(0, 0), stored(0, 3), ...closed(4)],
        [processed(0), committed(4)],
        [committed(3)],
      ],
    })
    expect(counts).toMatchObject({ skipped: 0, stalled: 1, duplicates: 1 })
  })

  test('what is gone from the log counts as lost only, however often it was processed', () => {
    const { counts } = broadcast([], {
      files: [
        [sent(0, 10), sent(1, 11), acked(0, 20, 0), acked(1, 21, 1)],
        [stored(0, 0), ...closed(3)],
        [processed(0), processed(1), processed(1), committed(2)],
        [processed(0), processed(1), committed(2)],
      ],
    })
    expect(counts).toMatchObject({ lost: 1, redelivered: 0, skipped: 0, stalled: 0 })
  })

  test('the progress of an instance beyond the end of the log is a violation: it will pass over what comes next', () => {
    const { counts, verdict } = broadcast([all, [processed(0), processed(1), processed(2), committed(50)]])
    expect(counts).toMatchObject({ ahead: 1, skipped: 0 })
    expect(verdict).toBe('violated')
    expect(broadcast([all, [processed(0), processed(1), processed(2), committed(4)]]).counts.ahead).toBe(0)
  })

  test('forty instances are kept apart', () => {
    const others = Array.from({ length: 38 }, () => all)
    const { counts } = broadcast([...others, [processed(0), processed(1), committed(3)], all])
    expect(counts).toMatchObject({ processed: 3, redelivered: 0, skipped: 1 })
  })
})
