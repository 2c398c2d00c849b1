import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import {
  acked,
  check,
  closed,
  failover,
  fence,
  groupOffset,
  lane,
  processed,
  rejected,
  sent,
  stored,
  suppressed,
  unknown,
} from '../testing/literal.ts'

/** Message 0 before the cut, 1 and 2 inside it, 3 after the failover. */
const delivered = (s: number): LaneRecord => ({ op: 'delivered', s, p: 0, o: s, t: 5000 })
const producer = [
  sent(0, 500),
  acked(0, 510, 0),
  sent(1, 1100),
  acked(1, 1110, 1),
  sent(2, 1200),
  acked(2, 1210, 2),
  sent(3, 6000),
  acked(3, 6010, 1),
]
const lossy = [stored(0, 0, 0), stored(3, 1, 1), ...closed(2)]
const safe = [stored(0, 0, 0), stored(1, 1, 0), stored(2, 2, 0), stored(3, 3, 1), ...closed(4)]
const safeProducer = [...producer.slice(0, 7), acked(3, 6010, 3)]

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

  test('are told only of what was sent and acknowledged while the delay lasted, and was proved', () => {
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

  test('is complete where it was read to the end that was told then', () => {
    expect(check({ files: files(1), events: [...failover, sealed(1)] }).counts).toMatchObject({
      stored: 1,
      lost: 1,
      unaccounted: 0,
    })
  })

  test('and nowhere else', () => {
    const short = check({ files: files(1), events: [...failover, sealed(2)] })
    expect(short.counts).toMatchObject({ lost: 0, unaccounted: 1 })
    expect(short.reasons.join()).toContain('was read to offset 1, but ended at 2')
  })
})

describe('outcomes', () => {
  test('acknowledged and absent from a complete final log is lost, with range, place and cause', () => {
    const verdict = check({
      files: [producer, lossy],
      events: [...failover, fence(2)],
      expect: { lost: 'acked-in(cut)' },
      settings: { 'producer.acks': 1 },
    })
    expect(verdict.counts).toMatchObject({ sent: 4, acked: 4, stored: 2, lost: 2, clientLost: 0, unaccounted: 0 })
    expect(verdict.lost).toMatchObject([
      { p: 0, from: 1, to: 2, count: 2, place: 'middle', cause: { code: 'truncated-after-election' } },
    ])
    expect(verdict.lost[0]?.cause.text).toContain(
      'broker 2 was elected in epoch 1 and its log went on at offset 1, so it had none of them',
    )
    expect(verdict.verdict).toBe('held')
  })

  test('an acknowledgement whose offset holds another message of the same epoch was untrue: clientLost', () => {
    const files = [
      [sent(0, 100), sent(1, 100), acked(0, 300, 0), acked(1, 310, 0)],
      [stored(1, 0, 0), ...closed(1)],
    ]
    const verdict = check({ files, events: [...failover, fence(1)] })
    expect(verdict.counts).toMatchObject({ lost: 0, clientLost: 1 })
    expect(verdict.verdict).toBe('violated')
  })

  test('the same offset in a later epoch is a truncation: lost, not clientLost', () => {
    const files = [
      [sent(0, 100), acked(0, 300, 0), sent(1, 6000), acked(1, 6100, 0)],
      [stored(1, 0, 1), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({ lost: 1, clientLost: 0 })
  })

  test('without epochs an untrue acknowledgement cannot be told from a truncation: lost, cause not established', () => {
    const files = [
      [sent(0, 100), sent(1, 100), acked(0, 300, 0), acked(1, 310, 0)],
      [stored(1, 0, 0), ...closed(1)],
    ]
    const verdict = check({ files, events: [...failover.filter(event => event.kind !== 'leader'), fence(1)] })
    expect(verdict.counts).toMatchObject({ lost: 1, clientLost: 0 })
    expect(verdict.lost[0]?.cause.code).toBe('not-established')
  })

  test('an ack near an election is not called untrue: its epoch is open', () => {
    const files = [
      [sent(0, 4900), acked(0, 4950, 0), sent(1, 6000), acked(1, 6010, 0)],
      [stored(1, 0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({ lost: 1, clientLost: 0 })
  })

  test('never acknowledged and absent is given up, and stored it is recovered', () => {
    const files = [
      [sent(0, 100), unknown(0, 200), sent(1, 100), unknown(1, 200), sent(2, 100)],
      [stored(1, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({
      acked: 0,
      unknown: 3,
      stored: 1,
      givenUp: 2,
      recovered: 1,
    })
  })

  test('rejected and stored is resurrected: always a violation', () => {
    const files = [
      [sent(0, 100), rejected(0, 200), sent(1, 100), acked(1, 110, 1)],
      [stored(0, 0), stored(1, 1), ...closed(2)],
    ]
    const verdict = check({ files, events: [...failover, fence(2)] })
    expect(verdict.counts.resurrected).toBe(1)
    expect(verdict.verdict).toBe('violated')
  })

  test('stored and never sent, and corrupt payloads, are always violations', () => {
    const strange = check({
      files: [
        [sent(0, 1), acked(0, 2, 0)],
        [stored(0, 0), stored(7, 1), ...closed(2)],
      ],
      events: [...failover, fence(2)],
    })
    expect(strange).toMatchObject({ counts: { unexpected: 1 }, verdict: 'violated' })
    const corrupt = check({
      files: [
        [sent(0, 1), acked(0, 2, 0)],
        [stored(0, 0), { op: 'stored', p: 0, o: 1, e: 0, t: 1, c: 'corrupt' }, ...closed(2)],
      ],
      events: [...failover, fence(2)],
    })
    expect(corrupt).toMatchObject({ counts: { corrupt: 1 }, verdict: 'violated' })
  })

  test('further copies are duplicates; they break an expectation of none', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [stored(0, 0), stored(0, 1), stored(0, 2), ...closed(3)],
    ]
    const verdict = check({ files, events: [...failover, fence(3)], expect: { duplicates: 0 } })
    expect(verdict).toMatchObject({ counts: { stored: 1, duplicates: 2 }, verdict: 'violated' })
  })

  test('a spooled message that never left is spooled, not lost', () => {
    const files = [[sent(0, 1), unknown(0, 2), { op: 'spooled' as const, s: 0, t: 3 }], [...closed(0)]]
    expect(check({ files, events: [...failover, fence(0)] }).counts).toMatchObject({ spooled: 1, givenUp: 0 })
  })

  test('a message is acknowledged if any attempt was', () => {
    const files = [
      [sent(0, 1), unknown(0, 2), { op: 'sent' as const, s: 0, p: 0, t: 3, n: 2 }, acked(0, 4, 0)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({
      sent: 1,
      acked: 1,
      unknown: 0,
      recovered: 0,
    })
  })

  test('an attempt that was never answered may be stored, whatever another attempt was told', () => {
    const files = [
      [sent(0, 1), { op: 'sent' as const, s: 0, p: 0, t: 3, n: 2 }, rejected(0, 4)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({
      rejected: 0,
      unknown: 1,
      recovered: 1,
      resurrected: 0,
    })
  })

  test('of two absent messages that were told one offset in one epoch, with nothing there now, an acknowledgement was untrue', () => {
    const files = [[sent(0, 100), sent(1, 100), acked(0, 300, 5), acked(1, 310, 5)], closed(2)]
    expect(check({ files, events: [...failover, fence(2)] }).counts).toMatchObject({ lost: 0, clientLost: 2 })
    const later = [[sent(0, 100), acked(0, 300, 5), sent(1, 6000), acked(1, 6010, 5)], closed(2)]
    expect(check({ files: later, events: [...failover, fence(2)] }).counts).toMatchObject({ lost: 2, clientLost: 0 })
  })

  test("without the observer's word on its gaps no epoch is sure", () => {
    const files = [
      [sent(0, 100), sent(1, 100), acked(0, 300, 0), acked(1, 310, 0)],
      [stored(1, 0, 0), ...closed(1)],
    ]
    expect(
      check({ files, events: [...failover.filter(event => event.kind !== 'observer'), fence(1)] }).counts,
    ).toMatchObject({ lost: 1, clientLost: 0 })
  })

  test('a message that went back into the spool and out again is where it was last, in any order of files', () => {
    const spool = (op: 'spooled' | 'unspooled', t: number) => ({ op, s: 0, t })
    const first = [sent(0, 1), unknown(0, 2), spool('spooled', 3)]
    const second = [spool('unspooled', 5)]
    const events = [...failover, fence(0)]
    for (const files of [
      [first, second, closed(0)],
      [second, first, closed(0)],
    ])
      expect(check({ files, events }).counts).toMatchObject({ spooled: 0, givenUp: 1 })
  })

  test('a message that was processed and then vanished is lost, and processed counts only what is stored', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 1), acked(1, 2, 1)],
      [processed(0), processed(1), processed(1), groupOffset(2)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).counts).toMatchObject({
      lost: 1,
      processed: 1,
      redelivered: 0,
      effects: 1,
      skipped: 0,
      stalled: 0,
    })
  })

  test('what an idempotent consumer suppressed was processed again, without effect', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 1), acked(1, 2, 1), sent(2, 1), acked(2, 2, 2)],
      [processed(0), suppressed(0), suppressed(0), processed(1), processed(1), suppressed(2), groupOffset(3)],
      [stored(0, 0), stored(1, 1), stored(2, 2), ...closed(3)],
    ]
    const verdict = check({ files, events: [...failover, fence(3)], expect: { effects: '<= 3', redelivered: 3 } })
    expect(verdict.counts).toMatchObject({ processed: 3, redelivered: 3, effects: 3 })
    expect(verdict.verdict).toBe('held')
    // Message 2 never had an effect: that is what suppressing without a cause would do.
    expect(check({ files, events: [...failover, fence(3)], expect: { effects: 'all' } })).toMatchObject({
      verdict: 'not-shown',
      reasons: ['effects: expected all = 3 (1 of them not), happened 3'],
    })
  })

  test('parked on purpose is neither skipped nor stalled', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [{ op: 'parked' as const, s: 0, p: 0, o: 0, t: 5 }, groupOffset(1)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] })).toMatchObject({
      counts: { parked: 1, skipped: 0, stalled: 0 },
      verdict: 'held',
    })
  })

  test("unprocessed, and the broker was not asked for the group's offset: neither skipped nor proved to be safe", () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 1), acked(1, 2, 1)],
      [processed(0)],
      [stored(0, 0), stored(1, 1), ...closed(2)],
    ]
    const verdict = check({ files, events: [...failover, fence(2)] })
    expect(verdict).toMatchObject({ counts: { skipped: 0 }, verdict: 'inconclusive' })
    expect(verdict.reasons).toEqual([
      "messages of partition 0 were not processed, and the group's committed offset there was not read",
    ])
  })

  test('a loss stays a violation while the drain is incomplete', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 1), acked(1, 2, 1)],
      [delivered(0)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)] }).verdict).toBe('violated')
  })

  test('skipped is judged in the partition where the message lies', () => {
    const files = [
      // The first attempt went to partition 0, the second, which nobody answered, to partition 1.
      [sent(0, 1), unknown(0, 2), { op: 'sent' as const, s: 0, p: 1, t: 3, n: 2 }, sent(1, 5), acked(1, 6, 0)],
      [processed(1), groupOffset(1), { op: 'group-offset' as const, p: 1, o: 0, t: 9 }],
      [stored(1, 0), ...closed(1), stored(0, 0, 0, 1), ...closed(1, 1)],
    ]
    expect(check({ files, events: [...failover, fence(1), fence(1, 1)], partitions: 2 }).counts).toMatchObject({
      skipped: 0,
      stalled: 1,
    })
  })

  test('on the consumer side, what the committed offset passed unprocessed is skipped, what it did not is stalled', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 1), acked(1, 2, 1), sent(2, 1), acked(2, 2, 2)],
      [
        { op: 'processed' as const, s: 0, p: 0, o: 0, t: 5 },
        { op: 'processed' as const, s: 0, p: 0, o: 0, t: 6 },
        { op: 'group-offset' as const, p: 0, o: 2, t: 9 },
      ],
      [stored(0, 0), stored(1, 1), stored(2, 2), ...closed(3)],
    ]
    const verdict = check({ files, events: [...failover, fence(3)] })
    expect(verdict.counts).toMatchObject({ processed: 1, redelivered: 1, skipped: 1, stalled: 1 })
    expect(verdict.verdict).toBe('violated')
  })
})

describe('poison', () => {
  // Every second message: 1 and 3, of which 3 never came into the log.
  const files = [
    [0, 1, 2, 3].flatMap(s => [sent(s, 1100 + s), ...(s === 3 ? [unknown(s, 1150)] : [acked(s, 1150, s)])]),
    [
      processed(0),
      { op: 'failed' as const, s: 1, p: 0, o: 1, t: 5 },
      { op: 'parked' as const, s: 1, p: 0, o: 1, t: 6 },
      processed(2),
      groupOffset(3),
    ],
    [stored(0, 0), stored(1, 1), stored(2, 2), ...closed(3)],
  ]
  const events = [...failover, fence(3)]

  test('is what was sent as poison and is stored', () => {
    const verdict = check({
      files,
      events,
      poisonEvery: 2,
      expect: { parked: 'poisoned', processed: '>= 2', skipped: 0 },
    })
    expect(verdict).toMatchObject({ verdict: 'held', expect: [{ expected: 'poisoned = 1' }, {}, {}, {}, {}] })
  })

  test('parked, skipped, stalled and processed are compared with it, and with windows, as sets', () => {
    const verdictOf = (expected: Record<string, string>, consumer: LaneRecord[]) =>
      check({ files: [files[0] ?? [], consumer, files[2] ?? []], events, poisonEvery: 2, expect: expected }).verdict
    const swallowed = [processed(0), processed(2), groupOffset(3)]
    expect(verdictOf({ skipped: 'poisoned' }, swallowed)).toBe('held')
    expect(verdictOf({ skipped: 'poisoned' }, [processed(0), processed(1), processed(2)])).toBe('not-shown')
    expect(verdictOf({ skipped: 'poisoned' }, [processed(0), groupOffset(3)])).toBe('violated')
    const blocked = [processed(0), groupOffset(1)]
    expect(verdictOf({ stalled: '>= poisoned' }, blocked)).toBe('held')
    expect(verdictOf({ stalled: 'poisoned' }, blocked)).toBe('violated')
    expect(verdictOf({ processed: 'acked-in(cut)' }, [processed(0), processed(1), processed(2)])).toBe('held')
    expect(verdictOf({ skipped: 'acked-in(cut)' }, [delivered(0), groupOffset(3)])).toBe('held')
  })

  test('where there is none, an expectation of it shows nothing', () => {
    for (const poisonEvery of [undefined, 100]) {
      const verdict = check({
        files,
        events,
        ...(poisonEvery === undefined ? {} : { poisonEvery }),
        expect: { skipped: 'poisoned' },
      })
      expect(verdict).toMatchObject({
        verdict: 'inconclusive',
        reasons: ['skipped: poisoned = 0, so it shows nothing'],
      })
    }
  })
})

describe('a consumer that did nothing shows nothing', () => {
  const producer2 = [sent(0, 1), acked(0, 2, 0)]
  const reader2 = [stored(0, 0), ...closed(1)]
  const events = [...failover, fence(1)]

  test.each(['processed', 'redelivered', 'effects', 'skipped', 'parked', 'stalled'])(
    '%s is expected of a lane without a consumer',
    what => {
      const verdict = check({ files: [producer2, reader2], events, expect: { [what]: 0 } })
      expect(verdict).toMatchObject({
        verdict: 'inconclusive',
        reasons: [`the lane has no consumer, so nothing can be said about ${what}`],
      })
    },
  )

  test('nothing was delivered, whether the plan or a file tells of the consumer', () => {
    const reasons = ['nothing was delivered to a consumer']
    expect(check({ files: [producer2, reader2], observer: [groupOffset(0)], events, consumer: true })).toMatchObject({
      verdict: 'inconclusive',
      reasons,
    })
    expect(
      check({ files: [producer2, [{ op: 'committed' as const, p: 0, o: 0, t: 1 }, groupOffset(0)], reader2], events }),
    ).toMatchObject({ verdict: 'inconclusive', reasons })
  })

  test('nothing was delivered, and the group has passed what is stored: skipped all the same', () => {
    expect(check({ files: [producer2, reader2], observer: [groupOffset(1)], events, consumer: true })).toMatchObject({
      verdict: 'violated',
      counts: { skipped: 1 },
    })
  })

  test('a group whose offset has passed a message skipped it, even where no consumer left a file', () => {
    expect(check({ files: [producer2, reader2], observer: [groupOffset(1)], events })).toMatchObject({
      verdict: 'violated',
      counts: { skipped: 1, stalled: 0 },
    })
    expect(
      check({
        files: [producer2, [{ op: 'delivered' as const, s: 0, p: 0, o: 0, t: 1 }], reader2],
        observer: [groupOffset(1)],
        events,
      }),
    ).toMatchObject({ verdict: 'violated', counts: { skipped: 1 } })
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

describe('the verdict, in its order', () => {
  const events = [...failover, fence(4)]
  test('held: nothing lost as promised', () => {
    expect(check({ files: [safeProducer, safe], events, expect: { lost: 0 } })).toMatchObject({
      verdict: 'held',
      reasons: [],
    })
  })

  test('violated even when a fault left no evidence', () => {
    const unproved = [...failover.filter(event => event.kind !== 'evidence'), fence(2)]
    expect(check({ files: [producer, lossy], events: unproved, expect: { lost: 0 } }).verdict).toBe('violated')
  })

  test('inconclusive when a fault left no evidence', () => {
    const sabotaged = events.map(event =>
      event.kind === 'evidence' && event.id === 'crash-1' ? { ...event, complete: false } : event,
    )
    const verdict = check({ files: [safeProducer, safe], events: sabotaged, expect: { lost: 0 } })
    expect(verdict.verdict).toBe('inconclusive')
    expect(verdict.reasons[0]).toContain('crash-1')
  })

  test("inconclusive when one of the schedule's faults was not injected", () => {
    const crashOnly = events.filter(event => !('id' in event) || event.id !== 'cut-replication-1')
    expect(check({ files: [safeProducer, safe], events: crashOnly, expect: { lost: 0 } })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['fault cut-replication-1 was not injected'],
    })
  })

  test('evidence that was found in the end is evidence', () => {
    const early: TrialEvent = { kind: 'evidence', t: 1500, id: 'crash-1', complete: false, evidence: { running: true } }
    const verdict = check({ files: [safeProducer, safe], events: [early, ...events] })
    expect(verdict.verdict).toBe('held')
    expect(verdict.faults.map(fault => fault.evidence)).toEqual([{ toxic: 'cut-replication' }, { exitCode: 137 }])
  })

  test.each([
    ['the trial failed', { kind: 'trial-failed' as const, t: 1, why: 'x' }],
    ['a client of this lane died', { kind: 'client-died' as const, t: 1, lane, process: 'p', how: 'exit code 1' }],
  ])('inconclusive when %s', (_, event) => {
    expect(check({ files: [safeProducer, safe], events: [...events, event] }).verdict).toBe('inconclusive')
  })

  test('inconclusive when a wait ran out, of this lane or of all, but not of another', () => {
    const expired = (id?: string) => ({
      kind: 'wait-expired' as const,
      t: 1,
      what: 'x',
      limitMs: 1000,
      seen: 'y',
      ...(id === undefined ? {} : { lane: id }),
    })
    expect(check({ files: [safeProducer, safe], events: [...events, expired()] }).verdict).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...events, expired(lane)] }).verdict).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...events, expired('b')] }).verdict).toBe('held')
  })

  test('inconclusive when no fault was injected, or nothing was acknowledged', () => {
    const quiet = events.filter(event => event.kind !== 'fault' && event.kind !== 'evidence')
    expect(check({ files: [safeProducer, safe], events: quiet }).reasons).toContain('no fault was injected')
    expect(check({ files: [[sent(0, 1)], closed(4)], events }).reasons).toContain(
      'nothing was acknowledged in this lane',
    )
  })

  test('inconclusive when the window that an expectation names has nothing in it, or never opened', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [stored(0, 0), ...closed(4)],
    ]
    expect(check({ files, events, expect: { lost: 'acked-in(cut)' } }).verdict).toBe('inconclusive')
    expect(check({ files, events, expect: { lost: 'acked-in(nowhere)' } }).verdict).toBe('inconclusive')
  })

  test('violated by a loss outside a window, even when nothing was acknowledged inside it', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 3), acked(1, 4, 1)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)], expect: { lost: 'acked-in(cut)' } }).verdict).toBe(
      'violated',
    )
    expect(check({ files, events: [...failover, fence(1)], expect: { lost: 'acked-in(nowhere)' } }).verdict).toBe(
      'inconclusive',
    )
  })

  test('not shown when an expected loss did not happen', () => {
    expect(check({ files: [safeProducer, safe], events, expect: { lost: 'acked-in(cut)' } }).verdict).toBe('not-shown')
    expect(check({ files: [safeProducer, safe], events, expect: { lost: '>= 1' } }).verdict).toBe('not-shown')
  })

  test('violated when more was lost than the set, although the count is the same', () => {
    // Message 0, acked before the cut, is gone instead of message 2.
    const files = [producer, [stored(2, 2, 0), stored(3, 3, 1), ...closed(4)]]
    const verdict = check({ files, events: [...failover, fence(4)], expect: { lost: 'acked-in(cut)' } })
    expect(verdict).toMatchObject({ verdict: 'violated', counts: { lost: 2 } })
    expect(verdict.expect[0]?.expected).toBe('acked-in(cut) = 2 (1 of them not, 1 others too)')
  })

  test("a message open at the window's close and acked later may be lost with it", () => {
    const files = [[...producer.slice(0, 6), sent(4, 1800), acked(4, 1950, 3), ...producer.slice(6)], lossy]
    expect(check({ files, events: [...failover, fence(2)], expect: { lost: 'acked-in(cut)' } }).verdict).toBe('held')
  })

  test('where load went on, what was under way at an edge may be lost with the window, what was not may not', () => {
    const unquiesced = failover.map(event => ('quiesced' in event ? { ...event, quiesced: false } : event))
    const found = [...unquiesced, { kind: 'injected' as const, t: 2150, id: 'crash-1' }, fence(4)]
    const edges = [sent(4, 950), acked(4, 995, 3), sent(5, 2100), acked(5, 2110, 4)]
    expect(
      check({
        files: [
          [...producer.slice(0, 6), ...edges, ...producer.slice(6)],
          [stored(0, 0, 0), stored(3, 1, 1), ...closed(4)],
        ],
        events: found,
        expect: { lost: 'acked-in(cut)' },
      }).verdict,
    ).toBe('held')
    const late = [sent(4, 2300), acked(4, 2310, 3)]
    expect(
      check({
        files: [
          [...producer.slice(0, 6), ...late, ...producer.slice(6)],
          [stored(0, 0, 0), stored(3, 1, 1), ...closed(4)],
        ],
        events: found,
        expect: { lost: 'acked-in(cut)' },
      }).verdict,
    ).toBe('violated')
  })

  test('an election that no step caused makes an exact expectation inconclusive, not lost: 0', () => {
    const restless = [...failover, { kind: 'leader' as const, t: 7500, lane, p: 0, leader: 3, epoch: 2 }]
    expect(
      check({ files: [producer, lossy], events: [...restless, fence(2)], expect: { lost: 'acked-in(cut)' } }).verdict,
    ).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...restless, fence(4)], expect: { lost: 0 } }).verdict).toBe(
      'held',
    )
  })

  test('between a recovery and the next fault nothing was caused; after a fault everything was', () => {
    const files = [producer, lossy]
    const expected = { lost: 'acked-in(cut)' }
    const again = (t: number): TrialEvent[] => [
      { kind: 'fault', t: 8500, id: 'crash-2', fault: 'crash', target: 'follower', nodes: ['broker-3'] },
      { kind: 'evidence', t: 8900, id: 'crash-2', complete: true, evidence: {} },
      { kind: 'broker', t: 100, broker: 'broker-3', up: false },
      { kind: 'broker', t: 200, broker: 'broker-3', up: true },
      { kind: 'broker', t, broker: 'broker-3', up: false },
    ]
    const ordered = (t: number) => [...failover, ...again(t), fence(2)].toSorted((a, b) => a.t - b.t)
    expect(check({ files, events: ordered(8600), expect: expected }).verdict).toBe('held')
    expect(check({ files, events: ordered(8000), expect: expected })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['broker-3 went away at 8000 ms, which no step caused'],
    })
  })

  test('what was seen after a recovery belongs to the fault when it was last seen otherwise before that', () => {
    const recovered = failover.findLast(event => event.kind === 'recovered')?.t ?? NaN
    const reasons = (after: number) => {
      const gone: TrialEvent[] = [
        { kind: 'broker', t: 100, broker: 'broker-3', up: true },
        { kind: 'broker', t: recovered + 2000, broker: 'broker-3', up: false, after },
      ]
      return check({
        files: [producer, lossy],
        events: [...failover, ...gone, fence(2)].toSorted((a, b) => a.t - b.t),
        expect: { lost: 'acked-in(cut)' },
      }).reasons
    }
    expect(reasons(recovered - 1)).toEqual([])
    expect(reasons(recovered + 1000)).toEqual([`broker-3 went away at ${recovered + 2000} ms, which no step caused`])
  })

  test('sets: acked-before, unacked-in, sent-in, all, and at least or at most of them', () => {
    const all = [producer, closed(4)]
    const complete = [...failover, fence(4)]
    const verdictOf = (files: LaneRecord[][], expected: Record<string, string>) =>
      check({ files, events: complete, expect: expected }).verdict
    expect(verdictOf(all, { lost: 'all' })).toBe('held')
    expect(verdictOf(all, { lost: '>= acked-in(cut)' })).toBe('held')
    expect(verdictOf(all, { lost: '<= acked-in(cut)' })).toBe('violated')
    expect(verdictOf(all, { lost: '>= 1' })).toBe('held')
    expect(verdictOf(all, { lost: '<= 3' })).toBe('violated')
    const before = [producer, [stored(1, 1), stored(2, 2), stored(3, 3, 1), ...closed(4)]]
    expect(verdictOf(before, { lost: 'acked-before(cut)' })).toBe('held')
    expect(verdictOf(before, { lost: 'sent-in(cut)' })).toBe('violated')
    const refused = [
      [sent(0, 500), acked(0, 510, 0), sent(1, 1100), unknown(1, 1500), sent(2, 1200)],
      [stored(0, 0), ...closed(4)],
    ]
    expect(verdictOf(refused, { givenUp: 'unacked-in(cut)' })).toBe('held')
    expect(verdictOf(refused, { givenUp: 'sent-in(cut)' })).toBe('held')
  })

  test('what always is a violation is told among the expectations, unless they speak of it', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [stored(0, 0), stored(7, 1), ...closed(2)],
    ]
    const silent = check({ files, events: [...failover, fence(2)] })
    expect(silent.expect).toContainEqual({ what: 'unexpected', expected: '0', actual: 1, ok: false })
    expect(check({ files, events: [...failover, fence(2)], expect: { unexpected: 1 } }).verdict).toBe('held')
  })

  test('a cell that says nothing of loss promises none', () => {
    expect(
      check({ files: [producer, lossy], events: [...failover, fence(2)], expect: { duplicates: 0 } }).verdict,
    ).toBe('violated')
  })
})

describe('messages that were unanswered when the harness stopped waiting', () => {
  const verdictOf = (open: number) =>
    check({
      files: [
        [sent(0, 500), acked(0, 510, 0), sent(1, 1100)],
        [stored(0, 0), ...closed(1)],
      ],
      events: [
        ...failover,
        { kind: 'client-stats', t: 8000, lane, process: 'producer-1', overflow: 0, ...(open > 0 ? { open } : {}) },
        fence(1),
      ],
      expect: { givenUp: 0 },
    })

  test('do not count as given up against a promise', () => {
    const unknown = verdictOf(1)
    expect(unknown.verdict).toBe('inconclusive')
    expect(unknown.reasons.join()).toContain('the harness stopped waiting for the answers to 1 messages')
  })

  test('and do where the producer itself had stopped trying', () => {
    expect(verdictOf(0)).toMatchObject({ verdict: 'violated', counts: { givenUp: 1 } })
  })
})
