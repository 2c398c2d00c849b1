import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import { acked, check, closed, failover, fence, lane, sent, stored, unknown } from '../testing/literal.ts'
import { producer, lossy } from './testing/failover-records.ts'

describe('send statuses', () => {
  test('are expected of the messages that were answered so, as a number or as a set', () => {
    const files = [
      [sent(0, 500), acked(0, 510, 0), sent(1, 1100), unknown(1, 1110), sent(2, 1200), unknown(2, 1210)],
      [stored(0, 0), stored(1, 1), stored(2, 2), ...closed(3)],
    ]
    const verdictOf = (expected: Record<string, string | number>) =>
      check({ files, events: [...failover, fence(3)], expect: expected, answeredWith: { FLUSH_SLAVE_TIMEOUT: [1, 2] } })
    expect(verdictOf({ FLUSH_SLAVE_TIMEOUT: 'sent-in(cut)', FLUSH_DISK_TIMEOUT: 0 }).expect).toMatchObject([
      { actual: 2, ok: true },
      { actual: 0, ok: true },
      {},
      {},
      {},
    ])
    expect(verdictOf({ FLUSH_SLAVE_TIMEOUT: 'all' })).toMatchObject({ verdict: 'not-shown' })
    expect(verdictOf({ SLAVE_NOT_AVAILABLE: '>= 1' })).toMatchObject({ verdict: 'not-shown' })
  })
})

describe('early acknowledgements', () => {
  const slow: TrialEvent[] = [
    {
      kind: 'fault',
      t: 1000,
      id: 'slow-replication-1',
      fault: 'slow-replication',
      target: 'master',
      nodes: ['broker-1'],
    },
    { kind: 'injected', t: 1050, id: 'slow-replication-1' },
    { kind: 'evidence', t: 3000, id: 'slow-replication-1', complete: true, evidence: { ms: 300 } },
  ]
  const of = (at: number, after: number, events = slow) =>
    check({
      files: [
        [sent(0, at), acked(0, at + after, 0)],
        [stored(0, 0), ...closed(1)],
      ],
      events: [...events, fence(1)],
      expect: { early: 0 },
    }).expect[0]?.actual

  test('came sooner than replication can have carried the message', () => {
    expect([of(1100, 299), of(1100, 300)]).toEqual([1, 0])
  })

  test('are reported only for messages that were sent and acknowledged during a proved delay', () => {
    expect([of(1000, 10), of(2995, 10)]).toEqual([0, 0])
    expect(
      of(
        1100,
        10,
        slow.map(event => (event.kind === 'evidence' ? { ...event, complete: false } : event)),
      ),
    ).toBe(0)
  })
})

describe('a log that was sealed without a fence', () => {
  const files = (end: number) => [
    [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1)],
    [stored(0, 0), { op: 'end' as const, p: 0, o: end, t: 9000 }],
  ]
  const sealed = (o: number): TrialEvent => ({ kind: 'sealed', t: 8000, lane, p: 0, o, seen: 'by broker-2' })

  test('is complete in partitions that were read to the recorded end', () => {
    expect(check({ files: files(1), events: [...failover, sealed(1)] }).counts).toMatchObject({
      stored: 1,
      lost: 1,
      unaccounted: 0,
    })
  })

  test('is incomplete in all other partitions', () => {
    const short = check({ files: files(1), events: [...failover, sealed(2)] })
    expect(short.counts).toMatchObject({ lost: 0, unaccounted: 1 })
    expect(short.reasons.join()).toContain('was read to offset 1, but ended at 2')
  })
})

describe('an incomplete final log', () => {
  const events = [...failover, fence(2)]
  test.each([
    ['a partition without end', [stored(0, 0), { op: 'fence' as const, p: 0, o: 2, e: 0, t: 1 }], events],
    ['a fence that was not read', [stored(0, 0), { op: 'end' as const, p: 0, o: 2, t: 1 }], events],
    ['no fence acknowledged', lossy, failover],
    [
      'an end beyond the fence, with nothing read there',
      [stored(0, 0), { op: 'fence' as const, p: 0, o: 2, e: 1, t: 1 }, { op: 'end' as const, p: 0, o: 5, t: 1 }],
      events,
    ],
    [
      'records behind the fence',
      [
        stored(0, 0),
        { op: 'fence' as const, p: 0, o: 2, e: 0, t: 1 },
        stored(3, 3, 1),
        { op: 'end' as const, p: 0, o: 4, t: 1 },
      ],
      events,
    ],
  ])('%s: nothing is called lost, and the cell is inconclusive', (_, reader, found) => {
    const verdict = check({ files: [producer, reader], events: found })
    expect(verdict.counts.lost).toBe(0)
    expect(verdict.counts.unaccounted).toBeGreaterThan(0)
    expect(verdict.verdict).toBe('inconclusive')
  })

  test('no reader at all', () => {
    expect(check({ files: [producer], events }).reasons).toContain('the final log was not read')
  })

  test('the second partition of two was not read', () => {
    expect(check({ files: [producer, lossy], events, partitions: 2 }).reasons).toContain(
      'partition 1 was not read to its end',
    )
  })
})
