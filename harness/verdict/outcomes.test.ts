/** What becomes of each message, by literal histories. */
import { describe, expect, test } from 'vitest'
import {
  acked,
  check,
  closed,
  failover,
  fence,
  groupOffset,
  processed,
  rejected,
  sent,
  stored,
  suppressed,
  unknown,
} from '../testing/literal.ts'
import { delivered, producer, lossy } from './testing/failover-records.ts'

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

  test('an unanswered attempt may be stored, whatever the answer to another attempt was', () => {
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

  test('when two absent messages were acknowledged at one offset of one epoch, an acknowledgement was untrue', () => {
    const files = [[sent(0, 100), sent(1, 100), acked(0, 300, 5), acked(1, 310, 5)], closed(2)]
    expect(check({ files, events: [...failover, fence(2)] }).counts).toMatchObject({ lost: 0, clientLost: 2 })
    const later = [[sent(0, 100), acked(0, 300, 5), sent(1, 6000), acked(1, 6010, 5)], closed(2)]
    expect(check({ files: later, events: [...failover, fence(2)] }).counts).toMatchObject({ lost: 2, clientLost: 0 })
  })

  test("without the record of the observer's gaps no epoch is certain", () => {
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

  test("an unprocessed message is neither skipped nor safe while the group's offset is unknown", () => {
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

  test('an unprocessed message is skipped when the committed offset has passed it, else stalled', () => {
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
