import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, rejected, sent, stored, unknown } from './literal.ts'
import { verdicts } from '../../model/verdict.ts'

/** One message: how it was answered and how many copies are stored. */
const message = fc.record({
  answer: fc.constantFrom('acked', 'rejected', 'unknown', 'none'),
  copies: fc.integer({ min: 0, max: 2 }),
})
const history = fc.array(message, { minLength: 1, maxLength: 40 }).map(messages => {
  const producer: LaneRecord[] = []
  const reader: LaneRecord[] = []
  messages.forEach(({ answer, copies }, s) => {
    const t = 10 * s
    producer.push(sent(s, t))
    if (answer === 'acked') producer.push(acked(s, t + 1))
    if (answer === 'rejected') producer.push(rejected(s, t + 1))
    if (answer === 'unknown') producer.push(unknown(s, t + 1))
    for (let copy = 0; copy < copies; copy++) reader.push(stored(s, reader.length))
  })
  return { messages, producer, reader }
})

const judge = (files: LaneRecord[][], end: number) =>
  check({ files, events: [...failover, fence(end)], expect: { duplicates: 0 } })
const rank = (files: LaneRecord[][], end: number) => verdicts.indexOf(judge(files, end).verdict)

test('counts equal what the history contains, and every message has exactly one outcome', () => {
  fc.assert(
    fc.property(history, ({ messages, producer, reader }) => {
      const { counts } = judge([producer, [...reader, ...closed(reader.length)]], reader.length)
      const planted = (of: (message: { answer: string; copies: number }) => boolean) => messages.filter(of).length
      expect(counts.sent).toBe(messages.length)
      expect(counts.acked + counts.rejected + counts.unknown).toBe(counts.sent)
      expect(
        counts.stored +
          counts.lost +
          counts.clientLost +
          counts.givenUp +
          counts.unsent +
          counts.spooled +
          counts.expired +
          counts.unaccounted,
      ).toBe(counts.sent)
      expect(counts.lost).toBe(planted(({ answer, copies }) => answer === 'acked' && copies === 0))
      expect(counts.resurrected).toBe(planted(({ answer, copies }) => answer === 'rejected' && copies > 0))
      expect(counts.recovered).toBe(
        planted(({ answer, copies }) => (answer === 'unknown' || answer === 'none') && copies > 0),
      )
      expect(counts.duplicates).toBe(planted(({ copies }) => copies === 2))
    }),
  )
})

test('the order of files does not matter', () => {
  fc.assert(
    fc.property(history, ({ producer, reader }) => {
      const read = [...reader, ...closed(reader.length)]
      expect(judge([read, producer], reader.length)).toEqual(judge([producer, read], reader.length))
    }),
  )
})

test('removing a stored record of an acknowledged message never improves the verdict', () => {
  fc.assert(
    fc.property(history, fc.nat(), ({ messages, producer, reader }, pick) => {
      const once = reader.filter(
        record =>
          record.op === 'stored' &&
          messages[record.s ?? 0]?.answer === 'acked' &&
          messages[record.s ?? 0]?.copies === 1,
      )
      fc.pre(once.length > 0)
      const gone = once[pick % once.length]
      const fewer = reader.filter(record => record !== gone)
      expect(rank([producer, [...fewer, ...closed(reader.length)]], reader.length)).toBeLessThanOrEqual(
        rank([producer, [...reader, ...closed(reader.length)]], reader.length),
      )
    }),
  )
})

/** Events of a lane `b` that shares the trial. */
const neighbour: fc.Arbitrary<TrialEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('leader' as const),
    t: fc.nat(10_000),
    lane: fc.constant('b'),
    p: fc.nat(3),
    leader: fc.integer({ min: -1, max: 3 }),
    epoch: fc.nat(5),
  }),
  fc.record({
    kind: fc.constant('isr' as const),
    t: fc.nat(10_000),
    lane: fc.constant('b'),
    p: fc.nat(3),
    isr: fc.array(fc.nat(3)),
  }),
  fc.record({
    kind: fc.constant('fence' as const),
    t: fc.nat(10_000),
    lane: fc.constant('b'),
    p: fc.nat(3),
    o: fc.nat(50),
  }),
  fc.record({
    kind: fc.constant('client-died' as const),
    t: fc.nat(10_000),
    lane: fc.constant('b'),
    process: fc.constant('x'),
    how: fc.constant('y'),
  }),
  fc.record({
    kind: fc.constant('wait-expired' as const),
    t: fc.nat(10_000),
    what: fc.constant('x'),
    limitMs: fc.constant(1),
    seen: fc.constant('y'),
    lane: fc.constant('b'),
  }),
)

test('another lane of the trial changes nothing', () => {
  fc.assert(
    fc.property(history, fc.array(neighbour), ({ producer, reader }, others) => {
      const files = [producer, [...reader, ...closed(reader.length)]]
      const events = [...failover, fence(reader.length)]
      const together = [...events, ...others].toSorted((a, b) => a.t - b.t)
      expect(check({ files, events: together, expect: { lost: 'acked-in(cut)' } })).toEqual(
        check({ files, events, expect: { lost: 'acked-in(cut)' } }),
      )
    }),
  )
})

test('the verdict does not depend on the order in which files of processes and partitions are read', () => {
  const spread = fc.array(
    fc.record({
      s: fc.nat(20),
      p: fc.nat(2),
      answer: fc.constantFrom('acked', 'unknown', 'none'),
      stored: fc.boolean(),
      processed: fc.boolean(),
    }),
    { minLength: 1, maxLength: 30 },
  )
  const several = spread.chain(messages => {
    const files: LaneRecord[][] = [0, 1, 2].flatMap(p => {
      const own = messages.map((one, at) => ({ ...one, t: 100 * at })).filter(one => one.p === p)
      const log = own.filter(one => one.stored)
      return [
        own.flatMap(({ s, t, answer }) => [
          { ...sent(s, t, p), n: p + 1 },
          ...(answer === 'acked' ? [{ ...acked(s, t + 1, undefined, p), n: p + 1 }] : []),
          ...(answer === 'unknown' ? [{ ...unknown(s, t + 1), n: p + 1 }] : []),
        ]),
        [...log.map(({ s }, o) => stored(s, o, 0, p)), ...closed(log.length, p)],
        [
          ...log.flatMap(({ s, processed: done }, o): LaneRecord[] =>
            done ? [{ op: 'processed', s, p, o, t: 5000 }] : [],
          ),
          { op: 'group-offset', p, o: Math.floor(log.length / 2), t: 9000 },
        ],
      ]
    })
    const events = [
      ...failover,
      ...[0, 1, 2].map(p => fence(messages.filter(one => one.p === p && one.stored).length, p)),
    ]
    return fc.shuffledSubarray(files, { minLength: files.length }).map(shuffled => ({ files, shuffled, events }))
  })
  fc.assert(
    fc.property(several, ({ files, shuffled, events }) => {
      const verdict = check({ files, events, partitions: 3 })
      expect(check({ files: shuffled, events, partitions: 3 })).toEqual(verdict)
      const { sent: all, stored: found, lost, clientLost, givenUp, spooled, expired, unaccounted } = verdict.counts
      expect(found + lost + clientLost + givenUp + spooled + expired + unaccounted).toBe(all)
    }),
  )
})
