/** Explanations of a skip that look right and are not established. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, fence, groupOffset, lane, sent, stored } from '../testing/literal.ts'
import type { Literal } from '../testing/literal.ts'

const leader: TrialEvent = { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 }
const observer = (t: number): TrialEvent => ({ kind: 'observer', t, intervalMs: 100, longestGapMs: 100 })
const died = (process: string, t: number): TrialEvent => ({ kind: 'client-died', t, lane, process, how: 'SIGKILL' })
const delivered = (s: number, t: number): LaneRecord => ({ op: 'delivered', s, p: 0, o: s, t })
const processed = (s: number, t: number): LaneRecord => ({ op: 'processed', s, p: 0, o: s, t })
const committed = (o: number, t: number): LaneRecord => ({ op: 'committed', p: 0, o, t })
const numbers = (count: number) => Array.from({ length: count }, (_, s) => s)
/** Messages 0 to `count` - 1, sent from `t` on. */
const messages = (count: number, t = 10) =>
  numbers(count)
    .flatMap(s => [sent(s, t + s), acked(s, t + 20 + s, s)])
    .toSorted((a, b) => a.t - b.t)
const log = (count: number) => [...numbers(count).map(s => stored(s, s)), ...closed(count)]

function causes(literal: Omit<Literal, 'events'>, events: TrialEvent[]) {
  const result = check({
    consumer: true,
    ...literal,
    events: [leader, ...events, observer(9900)].toSorted((a, b) => a.t - b.t),
  })
  return result.skipped.map(({ count, cause }) => ({ count, code: cause.code, text: cause.text }))
}

describe('messages that have expired and were never processed', () => {
  const expired = (consumers: LaneRecord[][], events: TrialEvent[], more: Partial<Literal> = {}) =>
    causes(
      {
        topicSettings: { 'retention.bytes': 1000 },
        files: [
          messages(4),
          [{ op: 'start', p: 0, o: 2, t: 8990 }, stored(2, 2), stored(3, 3), ...closed(4)],
          ...consumers,
        ],
        observer: [groupOffset(4)],
        ...more,
      },
      [fence(4), ...events],
    )
  const rest = [delivered(2, 5000), processed(2, 5001), delivered(3, 5002), processed(3, 5003), committed(4, 5004)]

  test('were removed unread where a living consumer finds them gone', () => {
    expect(expired([[...rest]], [])).toMatchObject([{ count: 2, code: 'expired-unread' }])
  })

  test('were received, committed and dropped with their consumer before they expired', () => {
    const first = [delivered(0, 100), delivered(1, 101), committed(2, 102)]
    expect(expired([first, rest], [died('consumer-1', 200)], { handling: { commit: 'before' } })).toMatchObject([
      { count: 2, code: 'committed-before-processing' },
    ])
  })

  test('open where the library may have committed past them before it died', () => {
    const found = expired([[committed(0, 90)], [...rest]], [died('consumer-1', 200)], {
      handling: { commit: 'library' },
    })
    expect(found).toMatchObject([{ count: 2, code: 'not-established' }])
    expect(found[0]?.text).toContain('or because what was before it had been removed')
  })
})

describe('an offset that was committed before the messages were sent', () => {
  const later = [sent(1, 200), acked(1, 210, 1), sent(2, 220), acked(2, 230, 2)]
  const begin = [delivered(0, 50), processed(0, 51)]

  test('is beyond a log that was cut back, where the log had reached it', () => {
    const producer = [
      sent(0, 10),
      acked(0, 20, 0),
      sent(3, 60),
      sent(4, 61),
      acked(3, 70, 1),
      acked(4, 71, 2),
      ...later,
    ]
    const consumer: LaneRecord[] = [
      ...begin,
      { op: 'delivered', s: 4, p: 0, o: 2, t: 80 },
      { op: 'processed', s: 4, p: 0, o: 2, t: 81 },
      committed(3, 100),
    ]
    const found = causes({ files: [producer, log(3), consumer], observer: [groupOffset(3)] }, [fence(3)])
    expect(found).toMatchObject([{ count: 2, code: 'position-beyond-log' }])
  })

  const replaced = [sent(0, 10), acked(0, 20, 0), sent(3, 60), sent(4, 61), acked(3, 70, 1), acked(4, 71, 2), ...later]
  const late = [3, 4].map((s, at): LaneRecord => ({ op: 'delivered', s, p: 0, o: at + 1, t: 300 + at }))
  const lateCodes = (more: TrialEvent[] = []) =>
    causes({ files: [replaced, log(3), [...begin, ...late, committed(3, 310)]], observer: [groupOffset(3)] }, [
      fence(3),
      ...more,
    ]).map(({ count, code }) => [count, code])

  test('or were replaced by what a client had fetched before the cut and handed over late', () => {
    expect(lateCodes()).toEqual([[2, 'position-beyond-log']])
    // With a second leader the client may have fetched them from another log.
    expect(lateCodes([{ kind: 'leader', t: 150, lane, p: 0, leader: 2, epoch: 1 }])).toEqual([[2, 'not-established']])
  })

  test('is explained by an older message that was received at its offset', () => {
    const early = late.map((record, at) => ({ ...record, t: 90 + at }))
    // Nothing behind offset 1 had been acknowledged or received when offset 2 was committed.
    const found = causes(
      {
        files: [[sent(0, 10), acked(0, 20, 0), ...later], log(3), [...begin, committed(2, 85), ...early.slice(0, 1)]],
        observer: [groupOffset(3)],
      },
      [fence(3)],
    )
    expect(found.map(({ code }) => code)).toContain('position-beyond-log')
  })

  test('is not explained where the log had never been so long', () => {
    const found = causes(
      {
        files: [[sent(0, 10), acked(0, 20, 0), ...later], log(3), [...begin, committed(50, 100)]],
        observer: [groupOffset(50)],
      },
      [fence(3)],
    )
    expect(found).toMatchObject([{ count: 2, code: 'not-established' }])
    expect(found[0]?.text).toContain('nothing shows that the log had ever reached it')
  })
})

describe('committed offsets that were lost', () => {
  const minutes = 60_000
  const lost = (diedAt: number, events: TrialEvent[] = [], more: Partial<Literal> = {}) =>
    causes(
      {
        consumerSettings: { 'auto.offset.reset': 'latest' },
        brokerSettings: { 'offsets.retention.minutes': 1 },
        files: [
          [
            sent(0, 10),
            acked(0, 20, 0),
            sent(1, diedAt + 10),
            acked(1, diedAt + 20, 1),
            sent(2, diedAt + 30),
            acked(2, diedAt + 40, 2),
            sent(3, 3 * minutes + 10),
            acked(3, 3 * minutes + 20, 3),
          ],
          log(4).map(record => ({ ...record, t: record.t + 4 * minutes })),
          [delivered(0, 30), processed(0, 31), committed(1, 32)],
          [delivered(3, 3 * minutes + 100), processed(3, 3 * minutes + 101), committed(4, 3 * minutes + 102)],
        ],
        observer: [{ ...groupOffset(4), t: 4 * minutes }],
        ...more,
      },
      [fence(4), died('consumer-1', diedAt), ...events],
    )

  test('had expired where the group was empty for as long as they are kept', () => {
    expect(lost(1.5 * minutes)).toMatchObject([
      { count: 2, code: 'reset-to-latest', text: expect.stringContaining('expired') },
    ])
  })

  test('had not where a member lived until shortly before: an offset of a group with members does not expire', () => {
    expect(lost(2.5 * minutes)).toMatchObject([{ count: 2, code: 'not-established' }])
  })

  test('were on the disk of the coordinator, not on that of any broker', () => {
    const wiped = (target: string): TrialEvent[] => [
      { kind: 'fault', t: 2.8 * minutes, id: 'wipe-disk-1', fault: 'wipe-disk', target, nodes: ['broker-2'] },
      { kind: 'injected', t: 2.8 * minutes + 10, id: 'wipe-disk-1' },
      { kind: 'evidence', t: 2.8 * minutes + 20, id: 'wipe-disk-1', complete: true, evidence: {} },
    ]
    const one = { brokerSettings: { 'offsets.topic.replication.factor': 1 } }
    expect(lost(2.5 * minutes, wiped('coordinator'), one)).toMatchObject([
      { code: 'reset-to-latest', text: expect.stringContaining('lost with the disk of broker-2') },
    ])
    expect(lost(2.5 * minutes, wiped('leader'), one)).toMatchObject([{ code: 'not-established' }])
  })
})

test('a kill without evidence is no death', () => {
  const kill = (complete: boolean): TrialEvent[] => [
    { kind: 'fault', t: 150, id: 'crash-client-1', fault: 'crash-client', target: 'consumer', nodes: ['consumer-1'] },
    { kind: 'injected', t: 160, id: 'crash-client-1' },
    { kind: 'evidence', t: 170, id: 'crash-client-1', complete, evidence: {} },
  ]
  const consumer = [delivered(0, 100), delivered(1, 101), committed(2, 102)]
  const of = (complete: boolean) =>
    causes({ files: [messages(2), log(2), consumer], observer: [groupOffset(2)] }, [fence(2), ...kill(complete)])
  expect(of(true)).toMatchObject([{ code: 'committed-before-processing' }])
  expect(of(false)).toMatchObject([{ code: 'not-established' }])
})

test.each([
  ['earliest', 'committed-before-processing'],
  ['none', 'committed-before-processing'],
  ['by_duration:PT1S', 'not-established'],
])('a successor that begins behind them, with the reset policy %s: %s', (policy, code) => {
  const found = causes(
    {
      consumerSettings: { 'auto.offset.reset': policy },
      files: [
        messages(4),
        log(4),
        [delivered(0, 100), delivered(1, 101), delivered(2, 102)],
        [delivered(3, 5000), processed(3, 5001), committed(4, 5002)],
      ],
      observer: [groupOffset(4)],
    },
    [fence(4), died('consumer-1', 200)],
  )
  expect(found).toMatchObject([{ count: 3, code }])
})

test('ten thousand skipped messages among a hundred thousand are explained within seconds', () => {
  const count = 100_000
  const [from, to] = [50_000, 60_000]
  const before = numbers(count).filter(s => s < from)
  const after = numbers(count).filter(s => s >= to)
  const handle = (list: number[]) => list.flatMap(s => [delivered(s, 200_000 + s), processed(s, 200_000 + s)])
  const began = performance.now()
  const found = causes(
    {
      consumerSettings: { 'auto.offset.reset': 'latest' },
      files: [
        messages(count),
        log(count).map(record => ({ ...record, t: record.t + 400_000 })),
        [...handle(before), ...handle(after), committed(count, 390_000)],
      ],
      observer: [{ ...groupOffset(count), t: 400_000 }],
    },
    [fence(count)],
  )
  expect(found.map(({ count: skipped }) => skipped)).toEqual([to - from])
  expect(performance.now() - began).toBeLessThan(30_000)
}, 60_000)
