/** Outcomes on the consumer's side: poison, and consumers that received nothing. */
import { describe, expect, test } from 'vitest'
import type { LaneRecord } from '../../history/records.ts'
import {
  acked,
  check,
  closed,
  failover,
  fence,
  groupOffset,
  processed,
  sent,
  stored,
  unknown,
} from '../testing/literal.ts'
import { delivered } from './testing/failover-records.ts'

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

  test('without poisoned messages, an expectation about them is inconclusive', () => {
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

describe('the offset of a group that was read too early', () => {
  const files = (consumer: LaneRecord[]) => [
    [sent(0, 1), sent(1, 2), acked(0, 3, 0), acked(1, 4, 1)],
    [stored(0, 0), stored(1, 1), ...closed(2)],
    consumer,
  ]
  const observer: LaneRecord[] = [{ op: 'group-offset', p: 0, o: 1, t: 5500 }]
  const judged = (consumer: LaneRecord[]) =>
    check({
      files: files(consumer),
      observer,
      consumer: true,
      events: [...failover, fence(2)],
      expect: { stalled: '<= 1' },
    })

  test('does not show whether a message was skipped that a later commit has passed', () => {
    const { verdict, reasons } = judged([processed(0), { op: 'committed', p: 0, o: 2, t: 6000 }])
    expect(verdict).toBe('inconclusive')
    expect(reasons).toEqual([
      "the group's offset of partition 0 was read at 5500 ms, before a consumer committed offset 2, which passes messages " +
        'that were not processed',
    ])
  })

  test('hides nothing where all that the commit passed was processed, or where the commit came before', () => {
    expect(judged([processed(0), { ...processed(1), t: 5900 }, { op: 'committed', p: 0, o: 2, t: 6000 }]).verdict).toBe(
      'held',
    )
    expect(judged([processed(0), { op: 'committed', p: 0, o: 2, t: 5400 }]).verdict).toBe('held')
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
