/** Why consumers passed messages over: small histories with the answer known. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { check, closed, groupOffset, stored } from '../testing/literal.ts'
import {
  messages,
  producer,
  log,
  delivered,
  processed,
  failed,
  committed,
  crash,
  events,
  skips,
  handed,
  done,
} from '../testing/skips.ts'

describe('committed before the work was done', () => {
  test('the application committed before processing and died', () => {
    expect(skips([[...handed, committed(6, 1008), ...done]], { handling: { commit: 'before' } })).toEqual([
      {
        p: 0,
        from: 2,
        to: 5,
        count: 4,
        code: 'committed-before-processing',
        text:
          '4 messages (offsets 2–5) were handed to consumer-1 at 1.0 s; consumer-1 committed offset 6 at 1.0 s; ' +
          'consumer-1 was gone at 2.1 s, before it had processed them. Committing after the work would have had them ' +
          'delivered again.',
      },
    ])
  })

  test('the library committed messages that the application never received', () => {
    const found = skips([[...handed.slice(0, 3), ...done, committed(6, 1100)]])
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [2, 2, 'committed-before-processing'],
      [3, 5, 'committed-before-delivery'],
    ])
    expect(found[1]?.text).toContain(
      '3 messages (offsets 3–5) were fetched and never handed to the application; ' +
        'consumer-1 committed offset 6 at 1.1 s; consumer-1 was gone at 2.1 s.',
    )
  })

  test('a successor that begins behind the messages proves a commit without a record', () => {
    const next = [committed(6, 3000)]
    expect(skips([[...handed, ...done, committed(2, 1100)], next])).toMatchObject([
      {
        from: 2,
        to: 5,
        code: 'committed-before-processing',
        text: expect.stringContaining(
          'consumer-1 committed past them without living to write it down: consumer-2 began at offset 6',
        ),
      },
    ])
  })

  test('not established where no process is known to have died', () => {
    expect(skips([[...handed, committed(6, 1008), ...done]], {}, events())).toMatchObject([
      {
        code: 'not-established',
        text: expect.stringMatching(
          /cause not established; the process that received it committed past it and is not known to have died\.$/,
        ),
      },
    ])
    expect(skips([[...handed, ...done, committed(2, 1100)], [committed(6, 1500)]])).toMatchObject([
      { code: 'not-established' },
    ])
  })

  test('a process that ended by itself counts as dead', () => {
    const died: TrialEvent = { kind: 'client-died', t: 2500, lane: 'a', process: 'consumer-1', how: 'exit code 0' }
    expect(skips([[...handed, committed(6, 1008), ...done]], {}, events(died))).toMatchObject([
      { code: 'committed-before-processing', text: expect.stringContaining('was gone at 2.5 s') },
    ])
  })
})

test('failure swallowed: the same process committed past the failed message afterwards', () => {
  const all = [0, 1, 2, 3, 4, 5].flatMap(s => [
    delivered(s, 1000 + 10 * s),
    s === 3 ? failed(s, 1005 + 10 * s) : processed(s, 1005 + 10 * s),
  ])
  expect(skips([[...all, committed(6, 1100)]], {}, events())).toMatchObject([
    {
      from: 3,
      to: 3,
      count: 1,
      code: 'failure-swallowed',
      text: expect.stringContaining(
        '1 message (offset 3) was handed to consumer-1 at 1.0 s; its handler failed, the failure was swallowed, ' +
          'and consumer-1 committed offset 6 at 1.1 s.',
      ),
    },
  ])
  // Committed before it failed: then it was not the failure that was passed over.
  expect(
    skips([[...all.slice(0, 6), delivered(3, 1030), committed(6, 1031), failed(3, 1035), ...all.slice(8)]])[0]?.code,
  ).toBe('committed-before-processing')
})

describe('the group had committed nothing', () => {
  const consumers = [[...handed.slice(0, 4), ...done], [committed(6, 3000)]]

  test('with auto.offset.reset=latest the next consumer begins at the end', () => {
    const found = skips(consumers, { consumerSettings: { 'auto.offset.reset': 'latest' } })
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [2, 3, 'reset-to-latest'],
      [4, 5, 'reset-to-latest'],
    ])
    expect(found[1]?.text).toBe(
      '2 messages (offsets 4–5) were not handed to any process, and nothing had been committed when consumer-1 was ' +
        'gone at 2.1 s; consumer-2 then began at offset 6. auto.offset.reset=earliest would have had them delivered.',
    )
  })

  test('the first consumer of a group begins behind messages sent before it had a position', () => {
    const first = skips([[...handed.slice(2), ...done.slice(2), committed(6, 1500)]], {
      consumerSettings: { 'auto.offset.reset': 'latest' },
    })
    expect(first[0]).toMatchObject({
      from: 0,
      code: 'reset-to-latest',
      text: expect.stringMatching(
        /not handed to any process: nothing had been committed when consumer-1, the first of its group, began at offset 2\./,
      ),
    })
    expect(
      skips([[...handed.slice(2), ...done.slice(2), committed(6, 1500)]], {
        consumerSettings: { 'auto.offset.reset': 'earliest' },
      })[0]?.code,
    ).not.toBe('reset-to-latest')
    expect(
      skips([[committed(6, 900), ...handed.slice(2), ...done.slice(2)]], {
        consumerSettings: { 'auto.offset.reset': 'latest' },
      })[0]?.code,
    ).not.toBe('reset-to-latest')
  })

  test('with auto.offset.reset=earliest the cause is not established', () => {
    expect(skips(consumers, { consumerSettings: { 'auto.offset.reset': 'earliest' } }).map(({ code }) => code)).toEqual(
      ['not-established', 'not-established'],
    )
  })
})

describe('the position of the consumer was not its own', () => {
  const latest = { consumerSettings: { 'auto.offset.reset': 'latest' } }

  test('committed beyond a log that was then cut: new messages took offsets that the group had passed', () => {
    // What lay there before was delivered, and cut off with the log.
    const before: LaneRecord = { op: 'delivered', s: 90, p: 0, o: 5, t: 40 }
    const [found] = skips([[before, committed(6, 50)]], {}, events())
    expect(found).toMatchObject({ code: 'position-beyond-log', count: 6 })
    // After the first sends the commit explains nothing by itself.
    expect(skips([[before, committed(6, 5000)]], {}, events())[0]?.code).toBe('not-established')
  })

  test('what it had read was lost before it committed: new messages took those offsets', () => {
    const old = [7, 8].map((s, at): LaneRecord => ({ op: 'delivered', s, p: 0, o: at + 2, t: 50 }))
    const found = skips([[...old, delivered(4, 1000), processed(4, 1001), committed(6, 1500)]], {}, events())
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [0, 1, 'not-established'],
      [2, 3, 'position-beyond-log'],
      [5, 5, 'not-established'],
    ])
    expect(found[1]?.text).toContain(
      '2 messages (offsets 2–3) were not handed to any process: consumer-1 was given older messages at their offsets. ' +
        'The log was then cut to below that offset',
    )
    // Received after they were sent: then their offsets were not free.
    const late = old.map(record => ({ ...record, t: 900 }))
    const codes = skips([[...late, committed(6, 1500)]], {}, events()).map(({ code }) => code)
    expect(new Set(codes)).toEqual(new Set(['not-established']))
  })

  const jumping = [
    delivered(0, 150),
    processed(0, 151),
    committed(1, 152),
    delivered(5, 1005),
    processed(5, 1006),
    committed(6, 1007),
  ]

  test('a living consumer, alone on the partition, was reset to the end of the log', () => {
    expect(skips([jumping], latest, events())).toMatchObject([
      { from: 1, to: 4, code: 'reset-to-latest', text: expect.stringContaining('went from offset 0 to 5') },
    ])
  })

  test('not with another policy, where another consumer had the partition, or where the log was longer by then', () => {
    expect(skips([jumping], {}, events())[0]?.code).not.toBe('reset-to-latest')
    expect(skips([jumping, [delivered(3, 700)]], latest, events())[0]?.code).not.toBe('reset-to-latest')
    const late = jumping.map(record => ({ ...record, t: record.t + 1000 }))
    expect(skips([late], latest, events())[0]?.code).not.toBe('reset-to-latest')
  })

  test('an expired group offset: only where the settings ask for it and the time has passed', () => {
    const before = [delivered(0, 150), processed(0, 151), committed(1, 152)]
    const crashed = events(...crash.map(event => ({ ...event, t: event.t - 1840 })))
    const after = [committed(6, 70_000)]
    const code = (brokerSettings: Record<string, number>) =>
      skips([before, after], { ...latest, brokerSettings }, crashed)[0]
    expect(code({ 'offsets.retention.minutes': 1 })).toMatchObject({
      code: 'reset-to-latest',
      text: expect.stringContaining('had expired (offsets.retention.minutes=1)'),
    })
    expect(code({ 'offsets.retention.minutes': 2 })?.code).toBe('not-established')
    expect(code({})?.code).toBe('not-established')
  })
})

test('retention: messages below the log start have expired, and were skipped where nobody had processed them', () => {
  const shortLog: LaneRecord[] = [
    { op: 'start', p: 0, o: 3, t: 8900 },
    ...[3, 4, 5].map(s => stored(s, s)),
    ...closed(messages),
  ]
  const judge = (topicSettings: Record<string, number>) =>
    check({
      files: [
        producer,
        [delivered(0, 300), processed(0, 301), delivered(3, 400), ...[3, 4, 5].map(s => processed(s, 500 + s))],
        shortLog,
      ],
      observer: [groupOffset(messages)],
      events: events(),
      consumer: true,
      topicSettings,
    })
  const kept = judge({ 'retention.bytes': 1000 })
  expect(kept.counts).toMatchObject({ expired: 3, lost: 0, skipped: 2 })
  expect(kept.skipped).toMatchObject([{ from: 1, to: 2, cause: { code: 'expired-unread' } }])
  expect(judge({}).counts).toMatchObject({ expired: 0, lost: 3 })
})

describe('explanations that the history refutes', () => {
  const codes = (...of: Parameters<typeof skips>) => skips(...of).map(({ code }) => code)
  const latest = { consumerSettings: { 'auto.offset.reset': 'latest' } }
  const handle = (...numbers: number[]) => numbers.flatMap(s => [delivered(s, 1000 + s), processed(s, 1000.5 + s)])

  test('no commit before the delivery of messages that were sent after the process had died', () => {
    const early = events(...crash.map(event => ({ ...event, t: event.t - 1950 })))
    const late = producer.map(record => ({ ...record, t: record.t + 300 }))
    const found = check({
      files: [late, [committed(0, 20)], [committed(6, 3000)], log],
      observer: [groupOffset(messages)],
      events: early,
      consumer: true,
    })
    expect(found.skipped.map(({ cause }) => cause.code)).toEqual(['not-established'])
  })

  test('no commit before delivery by a process that began behind the messages, or delivered later ones', () => {
    expect(codes([[...handle(4, 5), committed(6, 1100)]])).toEqual(['not-established'])
    expect(codes([[...handle(0, 1, 4, 5), committed(6, 1100)]])).toEqual(['not-established'])
  })

  test('a handler dropped nothing where a worker may still come to it, or where it failed', () => {
    const without = [...handle(0, 1), delivered(2, 1002), ...handle(3, 4, 5), committed(6, 1100)]
    expect(codes([without], {}, events())).toEqual(['dropped-by-handler'])
    expect(codes([without], { handling: { processing: 'worker' } }, events())).toEqual(['not-established'])
    const failing = [...without.slice(0, 5), failed(2, 1002.5), ...without.slice(5)]
    expect(codes([failing], {}, events())).toEqual(['failure-swallowed'])
    expect(codes([failing], { handling: { attempts: 2 } }, events())).toEqual(['not-established'])
  })

  test('workers had the messages only where they can be so many, and where the process died', () => {
    const pool = { processing: 'worker', workers: 2, commitPoint: 'highest' } as const
    const held = [...handle(0, 1), delivered(2, 1002), ...handle(3, 4, 5), committed(6, 1100)]
    expect(codes([held], { handling: pool })).toEqual(['committed-past-worker'])
    expect(codes([held], { handling: pool }, events())).toEqual(['not-established'])
    expect(codes([held], { handling: { ...pool, commitPoint: 'contiguous' } })).toEqual(['not-established'])
    const three = [...handle(0), ...[1, 2, 3].map(s => delivered(s, 1001)), ...handle(4, 5), committed(6, 1100)]
    expect(new Set(codes([three], { handling: pool }))).toEqual(new Set(['not-established']))
    const failing = [...held.slice(0, 5), failed(2, 1002.5), ...held.slice(5)]
    expect(codes([failing], { handling: pool })).toEqual(['failure-swallowed'])
  })

  test('the position was not beyond the log where a consumer received the messages', () => {
    const received = [committed(6, 50), ...handle(0, 1), delivered(2, 1002)]
    const found = skips([received])
    expect(found.find(({ from }) => from === 2)?.code).toBe('committed-before-processing')
  })

  test('not reset to latest where the dead process had received all, or older messages lie behind the start', () => {
    expect(new Set(codes([[...handed, ...done], [committed(6, 3000)]], latest))).toEqual(new Set(['not-established']))
    const behind = [committed(3, 3000), ...[3, 4, 5].flatMap(s => [delivered(s, 3010 + s), processed(s, 3010.5 + s)])]
    expect(codes([handle(0), behind], latest)).not.toContain('reset-to-latest')
  })
})
