/** Messages passed over for reasons that only RocketMQ has: small histories with the answer known. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import { check, fence, groupOffset } from '../testing/literal.ts'
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
} from '../testing/skips.ts'

describe('the copies for another delivery were lost', () => {
  const hit = (fault: string, t = 2000): TrialEvent[] => [
    { kind: 'fault', t, id: `${fault}-1`, fault, target: 'master', nodes: ['broker-1'] },
    { kind: 'injected', t: t + 100, id: `${fault}-1` },
    { kind: 'evidence', t: t + 200, id: `${fault}-1`, complete: true, evidence: {} },
  ]
  const sentBack = [
    ...handed,
    processed(0, 1010),
    processed(2, 1012),
    processed(3, 1013),
    processed(4, 1014),
    processed(5, 1015),
    failed(1, 1020),
    committed(6, 1500),
  ]
  const leads = (t: number, leader: number, epoch: number): TrialEvent => ({
    kind: 'leader',
    t,
    lane: 'a',
    p: 0,
    leader,
    epoch,
  })
  const observer: TrialEvent = { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 }
  const codes = (happened: TrialEvent[], more: Parameters<typeof skips>[1] = {}) =>
    skips(
      [sentBack],
      { system: 'rocketmq', handling: { onPoison: 'reconsume-later' }, ...more },
      [leads(0, 1, 0), fence(messages), ...happened, observer].toSorted((a, b) => a.t - b.t),
    ).map(({ code }) => code)

  test('with the page cache of the broker, or with a master that was replaced', () => {
    const [found] = skips([sentBack], { system: 'rocketmq', handling: { onPoison: 'reconsume-later' } }, [
      leads(0, 1, 0),
      ...hit('power-loss'),
      leads(3000, 1, 1),
      fence(messages),
      observer,
    ])
    expect(found).toEqual({
      p: 0,
      from: 1,
      to: 1,
      count: 1,
      code: 'retry-lost',
      text:
        '1 message (offset 1) was handed to consumer-1 at 1.0 s; its handler asked for another delivery, and ' +
        'consumer-1 committed offset 6 at 1.5 s, behind the copies by which it was to come again. ' +
        'Such copies wait for neither flush nor slave, and were lost when broker 1 lost power. Storing it in the ' +
        'application before success is returned would have kept it.',
    })
    expect(codes([...hit('crash'), leads(3000, 2, 1)])).toEqual(['retry-lost'])
  })

  test('another cause where nothing removed the copies, they came again, or nothing was sent back', () => {
    expect(codes([...hit('crash'), leads(3000, 1, 1)])).toEqual(['failure-swallowed'])
    expect(codes(hit('power-loss', 1200))).toEqual(['failure-swallowed'])
    expect(codes(hit('power-loss'), { handling: { onPoison: 'swallow' } })).toEqual(['failure-swallowed'])
    expect(codes(hit('power-loss'), { consumerSettings: { messageModel: 'BROADCASTING' } })).toEqual([
      'failure-swallowed',
    ])
  })
})

describe('the members of a RocketMQ group subscribe to different tags', () => {
  const tagged = { system: 'rocketmq' as const, tags: ['A', 'B'], subscriptions: ['A', 'B'] }
  const odd = [1, 3, 5].flatMap(s => [delivered(s, 1000 + s), processed(s, 1000.5 + s)])
  const passed = [...odd, committed(6, 1500)]

  test('what no process received was filtered out', () => {
    const found = skips([passed], tagged, events())
    expect(found.map(({ from, count, code }) => [from, count, code])).toEqual([[0, 3, 'filtered-out']])
    expect(found[0]?.text).toBe(
      '3 messages (within offsets 0–4) were not handed to any process: not every member of the group wants the tag ' +
        '(subscriptions: A, B), and consumer-1 committed offset 6 at 1.5 s. The same subscription in every member of the ' +
        'group would have had them delivered.',
    )
  })

  test('not where the members agree, each of them wants the tag, or nobody committed past it', () => {
    const code = (more: object, consumers = [passed]) => skips(consumers, { ...tagged, ...more }, events())[0]?.code
    expect(code({ subscriptions: ['A||B', 'A||B'] })).toBe('not-established')
    expect(code({ subscriptions: ['A||B', 'A'] })).toBe('not-established')
    expect(code({ subscriptions: ['A||B', 'B'] })).toBe('filtered-out')
    expect(code({}, [odd])).toBe('not-established')
  })

  test('not what a process had received, or held when it died', () => {
    const [first] = skips([[delivered(0, 900), ...passed]], tagged, events())
    expect(first).toMatchObject({ from: 0, to: 0, code: 'dropped-by-handler' })
    expect(skips([[committed(0, 900), committed(6, 1500)]], tagged)[0]?.code).toBe('committed-before-delivery')
  })

  test('not where the first member began behind them by its reset policy', () => {
    const began = [delivered(5, 1005), processed(5, 1005.5), committed(6, 1500)]
    const last = { ...tagged, consumerSettings: { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' } }
    expect(skips([began], last, events())[0]?.code).toBe('reset-to-latest')
  })
})

describe('a RocketMQ group without offsets begins at the end', () => {
  const last = {
    system: 'rocketmq' as const,
    handling: { commit: 'library' as const },
    consumerSettings: { consumeFromWhere: 'CONSUME_FROM_LAST_OFFSET' },
  }
  const early = events(...crash.map(event => ({ ...event, t: event.t - 1950 })))
  const late = producer.map(record => ({ ...record, t: record.t + 300 }))
  const judge = (more: Partial<Parameters<typeof check>[0]> = {}) =>
    check({
      files: [late, [committed(0, 20)], [committed(6, 3000)], log],
      observer: [groupOffset(messages)],
      events: early,
      consumer: true,
      ...last,
      ...more,
    }).skipped.map(({ cause }) => cause.code)

  test('what was sent after its only process had died, and before the next one began', () => {
    expect(judge()).toEqual(['reset-to-latest'])
  })

  test('not with CONSUME_FROM_FIRST_OFFSET, nor where the dead process may have committed', () => {
    expect(judge({ consumerSettings: {} })).toEqual(['not-established'])
    expect(
      judge({ files: [producer, [committed(0, 20)], [committed(6, 3000)], log], events: events(...crash) }),
    ).toEqual(['not-established'])
  })
})
