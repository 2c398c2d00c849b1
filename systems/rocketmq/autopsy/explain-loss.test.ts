import { describe, expect, test } from 'vitest'
import { acked, check, fence, lane, sent, stored } from '../../../harness/testing/literal.ts'
import type { Literal } from '../../../harness/testing/literal.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { LaneRecord } from '../../../history/records.ts'
import type { CommitLog, ReplicaExtract, Run } from '../../../history/replicas.ts'
import { rocketmqLossCauses } from './causes.ts'

/** 0 before anything, 1 and 2 under the fault. */
const producer = [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)]
const kept = [stored(0, 0), { op: 'end' as const, p: 0, o: 1, t: 9000 }]
const fault = (t: number, kind: string, complete = true): TrialEvent[] => [
  { kind: 'fault', t, id: `${kind}-1`, fault: kind, target: 'master', nodes: ['broker-1'] },
  { kind: 'evidence', t: t + 1, id: `${kind}-1`, complete, evidence: {} },
]
const leads = (t: number, leader: number, epoch: number): TrialEvent => ({
  kind: 'leader',
  t,
  lane,
  p: 0,
  leader,
  epoch,
  after: t - 100,
})
const observer: TrialEvent = { kind: 'observer', t: 9999, intervalMs: 100, longestGapMs: 100 }
const sealed: TrialEvent = { kind: 'sealed', t: 8000, lane, p: 0, o: 1, seen: '' }
const healed = (t: number, id: string): TrialEvent => ({ kind: 'healed', t, id })

const causeOf = (events: TrialEvent[], settings = {}, files = [producer, kept]) =>
  check({
    system: 'rocketmq',
    files,
    settings,
    events: [leads(0, 1, 0), ...events, sealed, observer].toSorted((a, b) => a.t - b.t),
  }).lost[0]?.cause

test('not replicated: acknowledged while the link to the slaves was cut, then the master was lost', () => {
  const cause = causeOf([...fault(1000, 'cut-replication'), ...fault(2000, 'wipe-disk')])
  expect(cause).toEqual({
    code: 'not-replicated',
    text:
      '2 messages: acknowledged by broker 1, master in epoch 0, while the link on which its slaves copy was cut; ' +
      'then it was lost (wipe-disk), and what its slave serves ends at offset 1.',
  })
  expect(causeOf([...fault(1000, 'cut-replication', false), ...fault(2000, 'wipe-disk')])?.code).toBe('not-established')
  expect(
    causeOf([...fault(1000, 'cut-replication'), healed(1150, 'cut-replication-1'), ...fault(2000, 'wipe-disk')])?.code,
  ).toBe('not-established')
  expect(causeOf(fault(2000, 'wipe-disk'))?.code).toBe('not-established')
})

test('not replicated: acknowledged by a master with a new disk, behind its slave, and then lost', () => {
  const wiped = fault(600, 'wipe-disk')
  const again = [leads(700, -1, 0), leads(900, 1, 1)]
  expect(causeOf([...wiped, ...again, ...fault(2000, 'crash')])).toMatchObject({
    code: 'not-replicated',
    text: expect.stringContaining('after it had come back with an empty disk'),
  })
  expect(causeOf([...wiped, ...again])?.code).toBe('not-established')
})

test("lost with the master's own disk or memory, where the same broker serves again", () => {
  const again = (kind: string, settings = {}) =>
    causeOf([...fault(2000, kind), leads(2100, -1, 0), leads(5000, 1, 1)], settings)?.code
  expect(again('power-loss')).toBe('unsynced-pages')
  expect(again('wipe-disk')).toBe('disk-wiped')
  expect(again('crash')).toBe('not-established')
  expect(again('crash', { 'broker.transientStorePoolEnable': true })).toBe('uncommitted-pool')
})

test('acknowledged by a master that was frozen and deposed', () => {
  const late = [
    [sent(0, 500), acked(0, 510, 0), sent(1, 1100), sent(2, 1200), acked(1, 6010, 1), acked(2, 6020, 2)],
    kept,
  ]
  const events = [...fault(1000, 'pause'), leads(4000, 2, 1), healed(6000, 'pause-1')]
  expect(causeOf(events, {}, late)?.code).toBe('deposed-master')
  expect(causeOf(events)?.code).toBe('not-established')
})

test('deposed master: sent after the election, acknowledged by the frozen master soon after it resumed', () => {
  const sentTo = (at: number) => [
    [sent(0, 500), acked(0, 510, 0), sent(1, 6100), sent(2, 6110), acked(1, at, 1), acked(2, at + 1, 2)],
    kept.map(record => ({ ...record, t: record.t + 10_000 })),
  ]
  const events = [...fault(1000, 'pause'), leads(4000, 2, 1), healed(6000, 'pause-1')]
  expect(causeOf(events, {}, sentTo(6200))).toMatchObject({
    code: 'deposed-master',
    text: expect.stringContaining(
      'sent to broker 1, master in epoch 0, which was frozen; acknowledged when it woke, after broker 2 had been elected in epoch 1',
    ),
  })
  expect(causeOf(events, {}, sentTo(12_000))?.code).toBe('not-established')
  expect(
    causeOf(
      events.filter(event => event.kind !== 'evidence'),
      {},
      sentTo(6200),
    )?.code,
  ).toBe('not-established')
  const other: TrialEvent[] = [
    { kind: 'fault', t: 7000, id: 'crash-2', fault: 'crash', target: 'master', nodes: ['broker-2'] },
    { kind: 'evidence', t: 7001, id: 'crash-2', complete: true, evidence: {} },
  ]
  expect(causeOf([...events, ...other], {}, sentTo(6200))?.code).toBe('not-established')
})

test('served by a slave that does not know the topic', () => {
  const unknown: TrialEvent = {
    kind: 'sealed',
    t: 7900,
    lane,
    p: 0,
    o: 0,
    topicUnknown: true,
    seen: 'by broker-2; broker-2: TOPIC_NOT_EXIST, although the queue ends at 3',
  }
  const none = [producer, [{ op: 'end' as const, p: 0, o: 0, t: 9000 }]]
  const of = (happened: TrialEvent[]) =>
    check({
      system: 'rocketmq',
      files: none,
      events: [leads(0, 1, 0), ...happened, observer].toSorted((a, b) => a.t - b.t),
    })
  const injected: TrialEvent = { kind: 'injected', t: 2050, id: 'crash-1' }
  const verdict = of([...fault(2000, 'crash'), injected, unknown])
  expect(verdict.counts).toMatchObject({ acked: 3, lost: 3, unaccounted: 0 })
  expect(verdict.lost[0]?.cause).toMatchObject({
    code: 'topic-unknown',
    text: expect.stringContaining('broker-2: TOPIC_NOT_EXIST, although the queue ends at 3'),
  })
  expect(of([unknown]).lost[0]?.cause.code).toBe('not-established')
  expect(of([...fault(2000, 'crash'), injected, healed(3000, 'crash-1'), unknown]).lost[0]?.cause.code).toBe(
    'not-established',
  )
  expect(of([...fault(2000, 'crash'), injected, { ...sealed, o: 3 }]).counts).toMatchObject({ lost: 0, unaccounted: 3 })
})

test('the causes of this file are defined', () => {
  for (const code of ['not-replicated', 'topic-unknown', 'deposed-master', 'uncommitted-pool'] as const)
    expect(rocketmqLossCauses).toHaveProperty(code)
})

describe('with extracts of commit logs', () => {
  type Taken = Partial<ReplicaExtract> & Pick<ReplicaExtract, 'at' | 'broker' | 't'>
  const all: Run[] = [[0, 3, -1, 0, 1]]
  const first: Run[] = [[0, 1, -1, 0, 1]]
  const log = (end: number, more: Partial<CommitLog> = {}): CommitLog => ({ end, flushed: end, epochs: [], ...more })
  function extract({ t, runs = first, ...rest }: Taken): ReplicaExtract {
    const last = runs.at(-1)
    return {
      t,
      done: t + 50,
      p: 0,
      state: rest.at === 'killed' ? 'down' : rest.at === 'dark' ? 'paused' : 'running',
      start: 0,
      end: last ? last[0] + last[1] : 0,
      epochs: [],
      runs,
      ...rest,
    }
  }
  const withLogs = (events: TrialEvent[], replicas: ReplicaExtract[], more: Partial<Literal> = {}) =>
    check({
      system: 'rocketmq',
      files: [producer, more.mode === 'controller' ? fenced : kept],
      events: [leads(0, 1, 0), ...events, more.mode === 'controller' ? fence(1) : sealed, observer].toSorted(
        (a, b) => a.t - b.t,
      ),
      replicas,
      ...more,
    }).lost.map(({ from, to, cause }) => ({ from, to, ...cause }))
  /** Where a controller has an election, and a fence is written after it. */
  const fenced: LaneRecord[] = [stored(0, 0), { op: 'fence', p: 0, o: 1, t: 9000 }, { op: 'end', p: 0, o: 2, t: 9000 }]
  const cut = fault(1000, 'cut-replication')
  const killed = extract({ at: 'killed', broker: 1, t: 2010, runs: all, commitLog: log(900, { acknowledged: [300] }) })
  const slave = extract({ at: 'fault', broker: 2, t: 2060, commitLog: log(300) })
  const wiped = fault(2000, 'wipe-disk')
  const again = (at: number, epoch = 1) => [leads(2100, -1, 0), leads(at, 1, epoch)]

  describe('not replicated', () => {
    test('only on the master: the text says how far its slave was and why the master did not wait', () => {
      expect(
        withLogs([...cut, ...wiped], [killed, slave], { settings: { 'broker.brokerRole': 'SYNC_MASTER' } }),
      ).toEqual([
        {
          from: 1,
          to: 2,
          code: 'not-replicated',
          text:
            '2 messages (queue offsets 1–2) lay only on broker 1, the master, because the HA link was cut, at byte 300 of ' +
            "its log's 900, and inSyncReplicas is 1; its disk was replaced by an empty one, and what its slave serves " +
            'ends at queue offset 1. inSyncReplicas=2, which acknowledges nothing that no slave has, would have kept ' +
            'them.',
        },
      ])
      expect(withLogs([...cut, ...fault(2000, 'crash')], [killed, slave])[0]?.text).toMatch(
        / and an ASYNC_MASTER waits for no slave; it was killed, and .* brokerRole=SYNC_MASTER with inSyncReplicas=2, which/,
      )
    })

    test('"only" is not said where the slave was not read after the acknowledgements, nor a place where the master was not read', () => {
      const text = (replicas: ReplicaExtract[]) => withLogs([...cut, ...wiped], replicas)[0]?.text
      expect(text([killed])).toMatch(/lay on broker 1, the master/)
      expect(text([killed, { ...slave, t: 1150 }])).toMatch(/lay on broker 1, the master/)
      expect(text([killed, { ...slave, partial: 'no message, but bytes' }])).toMatch(/lay on broker 1, the master/)
      expect(text([slave])).toMatch(/^2 messages: acknowledged by broker 1, master in epoch 0, while the link/)
    })

    test("not established where the slave's log had them, or the master's had not", () => {
      const open = (replicas: ReplicaExtract[]) => withLogs([...cut, ...wiped], replicas)
      expect(open([killed, { ...slave, runs: all, end: 3 }])).toMatchObject([
        {
          code: 'not-established',
          text:
            "2 messages: cause not established; by what was observed it would be not-replicated, but broker 2's log, read " +
            'at 2.1 s, has them.',
        },
      ])
      expect(open([{ ...killed, runs: first, end: 1 }, slave])[0]).toMatchObject({
        code: 'not-established',
        text: expect.stringContaining(
          "broker 1's log, read at 2.0 s when its process or power was gone, does not have",
        ),
      })
    })

    test('messages that the slave also had are a group of their own', () => {
      const found = withLogs([...cut, ...wiped], [killed, { ...slave, runs: [[0, 2, -1, 0, 1]], end: 2 }])
      expect(found.map(({ from, to, code }) => [from, to, code])).toEqual([
        [1, 1, 'not-established'],
        [2, 2, 'not-replicated'],
      ])
    })

    test('failover: the text names the elected broker, its offset and the truncation of the old master', () => {
      const elected = [leads(2500, 2, 1), { kind: 'isr' as const, t: 0, lane, p: 0, isr: [1, 2] }]
      const end = [1, 2].map(broker =>
        extract({
          at: 'end',
          broker,
          t: 9700,
          epochs: [
            [0, 0],
            [1, 1],
          ],
        }),
      )
      expect(
        withLogs([...cut, ...fault(2000, 'crash'), ...elected], [killed, slave, ...end], { mode: 'controller' })[0]
          ?.text,
      ).toBe(
        '2 messages (queue offsets 1–2) lay only on broker 1, the master in epoch 0, because the HA link was cut, at ' +
          "byte 300 of its log's 900, and inSyncReplicas is 1; it was killed, and broker 2 was elected in epoch 1 at " +
          'queue offset 1, to whose log broker 1 truncated its own when it came back. inSyncReplicas=2 or ' +
          'allAckInSyncStateSet=true, which acknowledges nothing that no slave has, would have kept them.',
      )
    })

    test('behind its own slave after the loss of its disk', () => {
      const ahead = { ...slave, commitLog: log(5000) }
      const events = [...fault(600, 'wipe-disk'), leads(700, -1, 0), leads(900, 1, 1), ...fault(2000, 'crash')]
      expect(withLogs(events, [killed, ahead])[0]).toMatchObject({
        code: 'not-replicated',
        text: expect.stringContaining(
          'lay only on broker 1, the master, because it had come back with an empty disk, and a slave that is ahead of ' +
            'its master copies nothing from it and counts as in step (its log had 900 bytes, that of broker 2 5000); it ' +
            'was killed',
        ),
      })
      expect(withLogs(events, [killed, { ...ahead, runs: all, end: 3 }])[0]?.code).toBe('not-established')
    })
  })

  describe('lost with the disk or memory of a master that serves again', () => {
    const dark = extract({ at: 'dark', broker: 1, t: 2010, runs: all, commitLog: log(900, { flushed: 300 }) })
    const disk = extract({ at: 'fault', broker: 1, t: 2200, state: 'down' })
    const power = [...fault(2000, 'power-loss'), ...again(5000)]

    test('unsynced pages: the text says how far the page cache and the disk reached', () => {
      expect(withLogs(power, [dark, disk, { ...slave, runs: all, end: 3 }])).toEqual([
        {
          from: 1,
          to: 2,
          code: 'unsynced-pages',
          text:
            '2 messages (queue offsets 1–2) lay in the page cache of broker 1, the master, which lost power before they ' +
            "were synced or written back: the queue ended at offset 3 (of its log's 900 bytes 300 were surely synced), " +
            'and when the power was back at 1; broker 2, its slave, had them as well, but broker 1 is the master again. ' +
            'flushDiskType=SYNC_FLUSH, which syncs before it acknowledges, would have kept them.',
        },
      ])
      expect(withLogs(power, [dark])[0]?.text).toBe(
        '2 messages: acknowledged by broker 1, which lost power before they were synced or written back.',
      )
    })

    test('not established where the disk had kept them, or the page cache never had them', () => {
      expect(withLogs(power, [dark, { ...disk, runs: all, end: 3 }])[0]).toMatchObject({
        code: 'not-established',
        text: expect.stringContaining("broker 1's log, read at 2.2 s when the power was back, has them"),
      })
      expect(withLogs(power, [{ ...dark, runs: first, end: 1 }, disk])[0]?.code).toBe('not-established')
    })

    test('disk wiped', () => {
      const events = [...wiped, ...again(5000)]
      expect(withLogs(events, [killed, slave])[0]).toMatchObject({
        code: 'disk-wiped',
        text: '2 messages (queue offsets 1–2) lay only on broker 1, the master, whose disk was replaced by an empty one.',
      })
      expect(withLogs(events, [{ ...killed, runs: [], end: 0 }, slave])[0]?.code).toBe('not-established')
    })

    test('uncommitted pool only where the files of the broker never had them', () => {
      const events = [...fault(2000, 'crash'), ...again(5000)]
      const settings = { 'broker.transientStorePoolEnable': true }
      expect(withLogs(events, [{ ...killed, runs: first, end: 1 }], { settings })[0]).toMatchObject({
        code: 'uncommitted-pool',
        text: expect.stringContaining(
          'in its files, read then, the queue ends at offset 1. transientStorePoolEnable=false',
        ),
      })
      expect(withLogs(events, [killed], { settings })[0]?.code).toBe('not-established')
      expect(
        withLogs(events, [{ ...killed, partial: 'more than 8 files', runs: first, end: 1 }], { settings })[0]?.text,
      ).toContain('which was killed while they lay in memory of its own')
    })
  })

  test('a deposed master only where no log had them afterwards', () => {
    const late = [
      [sent(0, 500), acked(0, 510, 0), sent(1, 1100), sent(2, 1200), acked(1, 6010, 1), acked(2, 6020, 2)],
      fenced,
    ]
    const events = [...fault(1000, 'pause'), leads(4000, 2, 1), healed(6000, 'pause-1')]
    const end = [1, 2].map(broker =>
      extract({
        at: 'end',
        broker,
        t: 9700,
        epochs: [
          [0, 0],
          [1, 1],
        ],
      }),
    )
    const told = (replicas: ReplicaExtract[]) => withLogs(events, replicas, { files: late, mode: 'controller' })[0]
    expect(told(end)).toMatchObject({
      code: 'deposed-master',
      text: expect.stringContaining(
        'No log of the group had them afterwards; that of broker 1 goes on at queue offset 1 in epoch 1.',
      ),
    })
    expect(told([])?.code).toBe('deposed-master')
    for (const broker of [1, 2])
      expect(told(end.map(taken => (taken.broker === broker ? { ...taken, runs: all, end: 3 } : taken)))?.code).toBe(
        'not-established',
      )
  })
})
