/** Causes by extracts of replica logs: small histories with the answer known, and with explanations that must not be given. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import type { LaneRecord } from '../../../history/records.ts'
import type { ReplicaExtract, Run } from '../../../history/replicas.ts'
import { acked, check, failover, fence, lane, sent, stored } from '../../../harness/testing/literal.ts'

/** Message 0 before the cut, 1 and 2 within. */
const producer = [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)]
/** `o` is where the log went on, in a later epoch. */
const reader = (o: number, ...before: LaneRecord[]): LaneRecord[] => [
  ...before,
  { op: 'fence', p: 0, o, e: o === 0 ? 2 : 1, t: 9500 },
  { op: 'end', p: 0, o: o + 1, t: 9600 },
]
const isr = (t: number, members: number[]): TrialEvent => ({ kind: 'isr', t, lane, p: 0, isr: members })
const events = (o: number, ...more: TrialEvent[]) =>
  [
    ...failover,
    { kind: 'injected' as const, t: 995, id: 'cut-replication-1' },
    { kind: 'injected' as const, t: 2050, id: 'crash-1' },
    isr(0, [1, 2, 3]),
    fence(o),
    ...more,
  ].toSorted((a, b) => a.t - b.t)

type Taken = Partial<ReplicaExtract> & Pick<ReplicaExtract, 'at' | 'broker' | 't' | 'runs'>
function extract({ runs, t, ...rest }: Taken): ReplicaExtract {
  const last = runs.at(-1)
  return {
    t,
    done: t + 50,
    p: 0,
    state: rest.at === 'killed' ? 'down' : rest.at === 'dark' ? 'paused' : 'running',
    start: 0,
    end: last ? last[0] + last[1] : 0,
    epochs: [[0, 0]],
    runs,
    ...rest,
  }
}

const all: Run[] = [[0, 3, 0, 0, 1]]
const first: Run[] = [[0, 1, 0, 0, 1]]
const after: [number, number][] = [
  [0, 0],
  [1, 1],
]
/** The leader, killed, has all three; broker 2, elected in epoch 1 at offset 1, and broker 3 have the first. */
const failedOver: ReplicaExtract[] = [
  extract({ at: 'killed', broker: 1, t: 2040, runs: all }),
  extract({ at: 'fault', broker: 2, t: 2060, runs: first }),
  extract({ at: 'fault', broker: 3, t: 2060, runs: first }),
  ...[1, 2, 3].map(broker =>
    extract({
      at: 'end',
      broker,
      t: 9700,
      runs: [
        [0, 1, 0, 0, 1],
        [1, 1, 1, -1, 0],
      ],
      epochs: after,
    }),
  ),
]

const causes = (literal: Parameters<typeof check>[0]) =>
  check(literal).lost.map(({ from, to, count, cause }) => ({ from, to, count, ...cause }))
const afterFailover = (
  settings: Record<string, string | number | boolean>,
  replicas = failedOver,
  ...more: TrialEvent[]
) => causes({ files: [producer, reader(1, stored(0, 0))], events: events(1, ...more), replicas, settings })

describe('a replica without the messages was elected', () => {
  test('the text names holders, reason, election, truncation and remedy', () => {
    expect(afterFailover({ 'producer.acks': 1 })).toEqual([
      {
        from: 1,
        to: 2,
        count: 2,
        code: 'truncated-after-election',
        text:
          '2 messages (offsets 1–2) lay only on broker 1, the leader in epoch 0, because replication was cut and acks=1 ' +
          'does not wait; broker 2 was elected in epoch 1 at offset 1; broker 1 truncated to 1 when it came back. ' +
          'acks=all would have kept them.',
      },
    ])
  })

  test('messages that a follower also held and truncated are a group of their own', () => {
    const further = failedOver.map(taken =>
      taken.broker === 3 && taken.at === 'fault' ? extract({ ...taken, runs: [[0, 2, 0, 0, 1]] }) : taken,
    )
    expect(
      afterFailover({ 'producer.acks': 1 }, further).map(({ from, text }) => [
        from,
        /lay only on ([^,]*?)(?:,| \()/.exec(text)?.[1],
      ]),
    ).toEqual([
      [1, 'brokers 1 and 3'],
      [2, 'broker 1'],
    ])
  })

  test('a leader that was cut off truncates when it learns of its successor', () => {
    const deposed = failedOver.map(taken =>
      taken.at === 'killed' ? extract({ ...taken, at: 'heal', state: 'running', t: 5150 }) : taken,
    )
    expect(afterFailover({ 'producer.acks': 1 }, deposed)).toMatchObject([
      {
        from: 1,
        to: 2,
        code: 'truncated-after-election',
        text: expect.stringContaining('broker 1 truncated to 1 when it learnt of it. acks=all'),
      },
    ])
  })

  test('unclean election where the setting allows it and the elected replica was out of sync', () => {
    const [cause] = afterFailover(
      { 'producer.acks': 'all', 'topic.unclean.leader.election.enable': true },
      failedOver,
      isr(1050, [1]),
    )
    expect(cause).toMatchObject({
      code: 'unclean-election',
      text: expect.stringContaining(
        'acks=all waits for the in-sync replicas alone, which was broker 1 by itself; broker 2 was elected in epoch 1 ' +
          'at offset 1, although it was not among the in-sync replicas (1)',
      ),
    })
    expect(cause?.text).toMatch(
      /unclean.leader.election.enable=false, which waits for broker 1, or min.insync.replicas=2, which does not/,
    )
    expect(cause?.text).toMatch(/which does not acknowledge them, would have kept them\.$/)
  })

  test('a replica outside the ISR is eligible where min.insync.replicas holds the high watermark back', () => {
    const [cause] = afterFailover({ 'producer.acks': 1, 'topic.min.insync.replicas': 2 }, failedOver, isr(1050, [1]))
    expect(cause).toMatchObject({ code: 'truncated-after-election', text: expect.stringContaining('KIP-966') })
    expect(cause?.text).toMatch(/acks=all would have kept them\.$/)
  })

  test('acks=all is no remedy where it was set, or where the ISR is not known', () => {
    expect(afterFailover({ 'producer.acks': 'all' })[0]?.text).not.toContain('would have kept')
    expect(afterFailover({ 'producer.acks': 1 }, failedOver, isr(1050, [1]))[0]?.text).not.toContain('would have kept')
  })

  test('not established where the end of a copy is unknown, or whether the new leader had the messages', () => {
    const code = (without: (taken: ReplicaExtract) => boolean) =>
      afterFailover(
        { 'producer.acks': 1 },
        failedOver.filter(taken => !without(taken)),
      ).map(cause => [cause.code, cause.text])
    // Then the history alone tells what it can.
    expect(code(taken => taken.broker === 1 && taken.at === 'end')[0]?.[1]).toMatch(
      /were acknowledged by broker 1, leader in epoch 0; broker 2 was elected/,
    )
    const partial = failedOver.map(taken => (taken.broker === 2 ? { ...taken, partial: 'no segment' } : taken))
    expect(afterFailover({ 'producer.acks': 1 }, partial)[0]?.text).toMatch(/were acknowledged by broker 1/)
  })

  test('the text says what is missing', () => {
    const silent = [sent(0, 500), acked(0, 510), sent(1, 1100), acked(1, 1110), sent(2, 1200), acked(2, 1210)]
    const replicas = failedOver.filter(taken => !(taken.broker === 1 && taken.at === 'end'))
    const [cause] = causes({
      files: [silent, reader(1, stored(0, 0))],
      events: events(1),
      replicas,
      settings: { 'producer.acks': 1 },
    })
    expect(cause).toMatchObject({
      code: 'not-established',
      text: '2 messages: cause not established; what became of the copy on broker 1 (no later extract of it).',
    })
  })
})

/** A fault at broker 1, or at all, from 2000 to 5200, and who led afterwards. */
const struck = (kind: string, nodes: string[], leader: number, o = 0): TrialEvent[] => [
  { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 },
  { kind: 'fault', t: 2000, id: 'f', fault: kind, target: 'leader', nodes },
  { kind: 'injected', t: 2100, id: 'f' },
  { kind: 'evidence', t: 2200, id: 'f', complete: true, evidence: {} },
  { kind: 'leader', t: 3000, lane, p: 0, leader: -1, epoch: 1 },
  { kind: 'healed', t: 5200, id: 'f' },
  { kind: 'leader', t: 6000, lane, p: 0, leader, epoch: 2 },
  { kind: 'recovered', t: 7000, seen: 'all' },
  fence(o),
  { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 },
]
const ended = (broker: number, runs: Run[] = [[0, 1, 2, -1, 0]], epochs: [number, number][] = [[2, 0]]) =>
  extract({ at: 'end', broker, t: 9700, runs, epochs })

describe('lost with a disk', () => {
  const dark = (broker: number, runs = all) => extract({ at: 'dark', broker, t: 2050, runs })
  const kept = (broker: number, runs: Run[]) => extract({ at: 'fault', broker, t: 2150, state: 'down', runs })

  test('all page caches of a rack were lost', () => {
    const replicas = [1, 2, 3].flatMap(broker => [dark(broker), kept(broker, []), ended(broker)])
    expect(
      causes({
        files: [producer, reader(0)],
        events: struck('power-loss', ['broker-1', 'broker-2', 'broker-3'], 3),
        replicas,
      }),
    ).toEqual([
      {
        from: 0,
        to: 2,
        count: 3,
        code: 'unsynced-pages',
        text:
          '3 messages (offsets 0–2) lay in the page caches of brokers 1, 2 and 3, which lost power before they were ' +
          'synced or written back: none was on disk there when the power was back; broker 3 came to lead in epoch 2 ' +
          'with a log that ended at offset 0. flush.messages=1, which syncs before it acknowledges, would have kept ' +
          'them.',
      },
    ])
  })

  test('one disk had kept the messages, and the broker truncated to a leader whose disk had not', () => {
    const replicas = [dark(1), kept(1, first), ended(1), dark(3), kept(3, []), ended(3)]
    const found = causes({
      files: [producer, reader(0)],
      events: struck('power-loss', ['broker-1', 'broker-2', 'broker-3'], 3),
      replicas,
    })
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [0, 0, 'unsynced-pages'],
      [1, 2, 'unsynced-pages'],
    ])
    expect(found[0]?.text).toContain(
      'page cache of broker 3, which lost power before it was synced or written back: none was on disk there when ' +
        'the power was back, and on broker 1; broker 3 came to lead in epoch 2 with a log that ended at offset 0, and ' +
        'broker 1 truncated to 0 when it came back',
    )
  })

  test('not established where the page cache of the new leader was not read', () => {
    const silent = producer.map(record => (record.op === 'acked' ? acked(record.s, record.t) : record))
    const code = (replicas: ReplicaExtract[]) =>
      causes({
        files: [silent, reader(0)],
        events: struck('power-loss', ['broker-1', 'broker-2', 'broker-3'], 3),
        replicas,
      })[0]
    const others = [dark(1), kept(1, all), ended(1), kept(3, []), ended(3)]
    expect(code(others)).toMatchObject({
      code: 'not-established',
      text: expect.stringContaining('whether broker 3, elected in epoch 2, had them'),
    })
    expect(code([...others, dark(3, [])])).toMatchObject({
      code: 'dropped-by-client',
      text: expect.stringContaining('broker 3 was elected in epoch 2'),
    })
  })

  test('not established where the disk was not read before the start, or the power loss has no evidence', () => {
    const code = (replicas: ReplicaExtract[], all_ = struck('power-loss', ['broker-1'], 1)) =>
      causes({
        files: [producer.map(record => (record.op === 'acked' ? acked(record.s, record.t) : record)), reader(0)],
        events: all_,
        replicas,
        replicationFactor: 1,
      })[0]
    expect(code([dark(1), kept(1, []), ended(1)])?.code).toBe('unsynced-pages')
    expect(code([dark(1), ended(1)])).toMatchObject({
      code: 'not-established',
      text: expect.stringContaining('its disk was not read between the power loss and its start'),
    })
    expect(
      code(
        [dark(1), kept(1, []), ended(1)],
        struck('power-loss', ['broker-1'], 1).filter(event => event.kind !== 'evidence'),
      )?.code,
    ).toBe('not-established')
    expect(code([dark(1), kept(1, []), ended(1)], struck('power-loss', ['broker-2'], 1))?.code).toBe('not-established')
  })

  test('disk wiped: the only replica in sync came back empty, and the others truncated to it', () => {
    const replicas = [
      extract({ at: 'killed', broker: 1, t: 2050, runs: all }),
      ...[2, 3].map(broker => extract({ at: 'fault', broker, t: 2150, runs: first })),
      ...[1, 2, 3].map(broker => ended(broker)),
    ]
    const found = causes({ files: [producer, reader(0)], events: struck('wipe-disk', ['broker-1'], 1), replicas })
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [0, 0, 'disk-wiped'],
      [1, 2, 'disk-wiped'],
    ])
    expect(found[0]?.text).toBe(
      '1 message (offset 0) lay on broker 1, whose disk was replaced by an empty one, and on brokers 2 and 3; ' +
        'broker 1 came to lead in epoch 2 with a log that ended at offset 0, and brokers 2 and 3 truncated to 0 when ' +
        'they followed. min.insync.replicas=2, with which no disk is ever the only one that counts, would have kept ' +
        'it.',
    )
    expect(
      causes({
        files: [producer, reader(0)],
        events: struck('wipe-disk', ['broker-1'], 1),
        replicas: [extract({ at: 'killed', broker: 1, t: 2050, runs: all }), ended(1)],
        replicationFactor: 1,
      })[0]?.text,
    ).toMatch(/Further replicas \(replication.factor=3\) would have kept them\.$/)
  })
})

describe('never on any replica', () => {
  const unasked = [
    sent(0, 500),
    acked(0, 501),
    sent(1, 1100),
    acked(1, 1101),
    sent(2, 2500),
    acked(2, 2501),
    sent(3, 6000),
    acked(3, 6001),
  ]
  const files = [unasked, reader(1, stored(0, 0))]
  const settings = { 'producer.acks': 0 }
  const leader = extract({ at: 'killed', broker: 1, t: 2040, runs: [[0, 2, 0, 0, 1]] })
  const replicas = [leader, ...failedOver.slice(1)]

  test('acks=0: messages on the leader are distinguished from messages that no broker took', () => {
    const found = causes({ files, events: events(1), replicas, settings })
    expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
      [1, 1, 'truncated-after-election'],
      [2, 3, 'never-reached-leader'],
    ])
    expect(found[1]?.text).toBe(
      '2 messages were never on any replica: the logs of brokers 1 and 2, which led then or later, never had them. ' +
        'They were sent between 2.5 s and 6.0 s, after broker 1, the leader, had died at 2.0 s; broker 2 was elected ' +
        'in epoch 1 at 5.0 s. With acks=0 the producer waits for no answer; acks=1 or all would have reported it.',
    )
  })

  test('a leader that was frozen before its power loss is read completely', () => {
    const power = replicas.map(taken =>
      taken.at === 'killed' ? extract({ ...taken, at: 'dark', state: 'paused', runs: first }) : taken,
    )
    expect(causes({ files, events: events(1), replicas: power, settings }).find(({ to }) => to === 3)?.code).toBe(
      'never-reached-leader',
    )
  })

  test('not established where a leader was not read after its lead', () => {
    const code = (taken: ReplicaExtract[]) =>
      causes({ files, events: events(1), replicas: taken, settings }).find(({ to }) => to === 3)?.code
    expect(code(replicas.filter(({ at, broker }) => !(at === 'end' && broker === 2)))).toBe('not-established')
    expect(code(replicas.filter(({ at }) => at !== 'killed'))).toBe('not-established')
    expect(code(replicas.map(taken => (taken.at === 'killed' ? { ...taken, state: 'running' as const } : taken)))).toBe(
      'not-established',
    )
    expect(
      code(
        replicas.map(taken =>
          taken.at === 'killed' ? { ...taken, partial: 'a broken batch behind offset 1' } : taken,
        ),
      ),
    ).toBe('not-established')
  })

  test('acks=1 or all: an acknowledgement without an offset is not an answer of a broker', () => {
    const none = [extract({ at: 'killed', broker: 1, t: 2040, runs: first }), ...failedOver.slice(1)]
    const found = causes({
      files: [[sent(0, 500), acked(0, 510, 0), sent(1, 2500), acked(1, 2510)], reader(1, stored(0, 0))],
      events: events(1),
      replicas: none,
      settings: { 'producer.acks': 'all' },
    })
    expect(found).toMatchObject([
      {
        from: 1,
        code: 'dropped-by-client',
        text: expect.stringContaining('the client reported success without an answer'),
      },
    ])
    const named = causes({
      files: [[sent(0, 500), acked(0, 510, 0), sent(1, 2500), acked(1, 2510, 7)], reader(1, stored(0, 0))],
      events: events(1),
      replicas: none,
      settings: { 'producer.acks': 'all' },
    })
    expect(named[0]?.code).not.toBe('dropped-by-client')
  })
})

test('records without message numbers are identified by offset, or not at all', () => {
  const nameless = failedOver.map(taken => ({
    ...taken,
    runs: taken.runs.map(([o, n, e, s]): Run => [o, n, e, s < 0 ? s : -2, 0]),
  }))
  const [cause] = causes({
    files: [producer, reader(1, stored(0, 0))],
    events: events(1),
    replicas: nameless,
    settings: { 'producer.acks': 1 },
  })
  expect(cause?.text).toMatch(/were acknowledged by broker 1, leader in epoch 0; broker 2 was elected/)
})

test('a range with too many groups is explained as one', () => {
  const many = 60
  const sends = Array.from({ length: many }, (_, s) => [sent(s, 1100 + s), acked(s, 1101 + s, s)]).flat()
  const evens: Run[] = Array.from({ length: many / 2 }, (_, at): Run => [at * 2, 1, 0, at * 2, 0])
  const replicas = [
    extract({ at: 'killed', broker: 1, t: 2040, runs: [[0, many, 0, 0, 1]] }),
    extract({ at: 'fault', broker: 3, t: 2060, runs: evens }),
  ]
  expect(
    causes({ files: [sends, reader(0)], events: events(0), replicas, settings: { 'producer.acks': 1 } }),
  ).toMatchObject([{ from: 0, to: many - 1, count: many }])
})

describe('expected causes', () => {
  const judged = (cause: string | string[], replicas = failedOver, files = [producer, reader(1, stored(0, 0))]) => {
    const {
      verdict,
      reasons,
      expect: said,
    } = check({ files, events: events(1), replicas, settings: { 'producer.acks': 1 }, expect: { lost: '>= 0', cause } })
    return { verdict, reasons, said: said.find(({ what }) => what === 'cause') }
  }

  test('held where the cause is one of those expected', () => {
    expect(judged('truncated-after-election')).toEqual({
      verdict: 'held',
      reasons: [],
      said: { what: 'cause', expected: 'truncated-after-election of all 2', actual: 2, ok: true },
    })
    expect(judged(['disk-wiped', 'truncated-after-election'])).toMatchObject({
      verdict: 'held',
      said: { expected: 'disk-wiped or truncated-after-election of all 2', ok: true },
    })
  })

  test('not shown where another cause is found, or nothing was lost', () => {
    expect(judged('disk-wiped')).toMatchObject({
      verdict: 'not-shown',
      reasons: ['cause: expected disk-wiped of all 2, happened 0'],
    })
    expect(judged('disk-wiped', [], [[sent(0, 500), acked(0, 510, 0)], reader(1, stored(0, 0))])).toMatchObject({
      verdict: 'not-shown',
      reasons: ['cause: expected disk-wiped of all 0, happened 0'],
    })
  })

  test('inconclusive where the cause is not established', () => {
    const silent = [sent(0, 500), acked(0, 510), sent(1, 1100), acked(1, 1110)]
    expect(judged('disk-wiped', [], [silent, reader(1, stored(0, 0))])).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['the cause of 1 of 1 messages that were lost, skipped or unsent is not established'],
    })
  })
})
