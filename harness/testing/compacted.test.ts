/** Messages that are absent from a compacted topic. */
import { describe, expect, test } from 'vitest'
import { acked, check, closed, failover, fence, sent, stored } from './literal.ts'
import type { Literal } from './literal.ts'

const compacted = (literal: Pick<Literal, 'files'> & Partial<Literal>) =>
  check({ topicSettings: { 'cleanup.policy': 'compact' }, ...literal })
const events = [...failover, fence(5)]

describe('a compacted topic', () => {
  test.each<[string, Record<string, string>]>([
    ['compact', { 'cleanup.policy': 'compact' }],
    ['compact,delete', { 'cleanup.policy': 'compact,delete' }],
  ])('%s: an absent message may have been replaced, so it is not lost', (_, topicSettings) => {
    const { counts, verdict, reasons } = compacted({
      topicSettings,
      events,
      files: [
        [sent(0, 10), sent(1, 11), acked(0, 20, 0), acked(1, 21, 1)],
        [stored(1, 1), ...closed(5)],
      ],
    })
    expect(counts).toMatchObject({ lost: 0, unaccounted: 1, stored: 1 })
    expect(verdict).toBe('inconclusive')
    expect(reasons.join()).toContain('1 acknowledged messages are absent from a compacted topic')
  })

  test('with keys, an absent message has expired where a later one of its key is stored, and is lost otherwise', () => {
    const files = [
      [0, 1, 2, 3].flatMap(s => [sent(s, 10 + 2 * s), acked(s, 11 + 2 * s, s)]),
      [stored(1, 1), ...closed(5)],
    ]
    const { counts, verdict } = compacted({ events, files, keys: 2 })
    expect(counts).toMatchObject({ stored: 1, lost: 3, expired: 0, unaccounted: 0 })
    expect(verdict).toBe('violated')
    const kept = [files[0] ?? [], [stored(2, 2), stored(3, 3), ...closed(5)]]
    expect(compacted({ events, files: kept, keys: 2 })).toMatchObject({
      counts: { stored: 2, lost: 0, expired: 2, unaccounted: 0 },
      verdict: 'held',
    })
  })

  test('with keys, an acknowledgement without offset leaves open whether a later record of the key is behind it', () => {
    const files = [
      [sent(0, 10), sent(1, 11), acked(0, 20), acked(1, 21, 1)],
      [stored(1, 1), ...closed(5)],
    ]
    expect(compacted({ events, files, keys: 1 }).counts).toMatchObject({ lost: 0, unaccounted: 1 })
  })

  test('another message has the offset in a later epoch: it was truncated, which compaction does not explain', () => {
    const { counts, verdict } = compacted({
      events,
      files: [
        [sent(0, 1100), sent(1, 5300), acked(0, 1200, 0), acked(1, 5400, 0)],
        [stored(1, 0, 1), ...closed(5)],
      ],
    })
    expect(counts).toMatchObject({ lost: 1, unaccounted: 0 })
    expect(verdict).toBe('violated')
  })

  test('nothing is absent: judged as any other topic', () => {
    const { counts, reasons } = compacted({
      events,
      files: [
        [sent(0, 10), acked(0, 20, 0)],
        [stored(0, 0), ...closed(5)],
      ],
    })
    expect(counts).toMatchObject({ stored: 1, unaccounted: 0 })
    expect(reasons).toEqual([])
  })

  test('the same history without compaction: lost', () => {
    const { counts } = check({
      events,
      files: [[sent(0, 10), acked(0, 20, 0)], [...closed(5)]],
    })
    expect(counts).toMatchObject({ lost: 1 })
  })
})
