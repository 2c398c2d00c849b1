import { expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import type { LaneRecord } from '../../../history/records.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { acked, check, closed, failover, fence, lane, sent, stored } from '../../../harness/testing/literal.ts'

const before: [number, number][] = [[0, 0]]
const after: [number, number][] = [
  [0, 0],
  [1, 1],
]

/** What a broker's log held: the first `messages` of epoch 0. */
const extract = (
  t: number,
  at: ReplicaExtract['at'],
  broker: number,
  messages: number,
  epochs = at === 'end' ? after : before,
): ReplicaExtract => ({
  t,
  done: t + 20,
  at,
  broker,
  p: 0,
  state: at === 'start' ? 'down' : at === 'dark' ? 'paused' : 'running',
  start: 0,
  end: messages,
  epochs,
  runs: messages === 0 ? [] : [[0, messages, 0, 0, 1]],
})
const producer = [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)]
const log: LaneRecord[] = [stored(0, 0), ...closed(1)]
const isr: TrialEvent = { kind: 'isr', t: 0, lane, p: 0, isr: [1, 2, 3] }
const events = [...failover, isr, { kind: 'injected' as const, t: 2050, id: 'crash-1' }, fence(1)].toSorted(
  (a, b) => a.t - b.t,
)
const leaderHad = [
  extract(2100, 'fault', 2, 1),
  extract(2100, 'fault', 3, 1),
  extract(5180, 'start', 1, 3),
  ...[1, 2, 3].map(broker => extract(9700, 'end', broker, 1)),
]

test('the text names holders, the elected broker with its offset, truncations and the remedy', () => {
  const { lost } = check({
    files: [producer, log],
    events,
    replicas: leaderHad,
    settings: { 'producer.acks': 1, 'topic.replication.factor': 3 },
  })
  expect(lost).toMatchObject([{ from: 1, to: 2, count: 2, cause: { code: 'truncated-after-election' } }])
  const text = lost[0]?.cause.text ?? ''
  for (const part of ['only on broker 1', 'epoch 0', 'broker 2 was elected in epoch 1', 'truncated', 'acks=all'])
    expect(text).toContain(part)
})

test('"only" is not said where a replica was not read before the election', () => {
  const unseen = leaderHad.filter(({ broker, at }) => broker !== 3 || at === 'end')
  expect(
    check({
      files: [producer, log],
      events,
      replicas: unseen,
      settings: { 'producer.acks': 1, 'topic.replication.factor': 3 },
    }).lost[0]?.cause.text,
  ).not.toContain('only on')
})

/** Brokers 1 and 2 lose their disks at 2000, and broker 2 leads next from an empty log. */
const dark = (fault: string): TrialEvent[] => [
  { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 },
  { kind: 'fault', t: 2000, id: 'disk-1', fault, target: 'all', nodes: ['broker-1', 'broker-2'] },
  { kind: 'injected', t: 2400, id: 'disk-1' },
  { kind: 'evidence', t: 2500, id: 'disk-1', complete: true, evidence: {} },
  { kind: 'leader', t: 6000, lane, p: 0, leader: 2, epoch: 2, after: 5900 },
  { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 },
  fence(0),
]
const darkLog: LaneRecord[] = [
  { op: 'fence', p: 0, o: 0, e: 2, t: 9500 },
  { op: 'end', p: 0, o: 1, t: 9600 },
]
const three = [sent(0, 500), acked(0, 510, 0), sent(1, 600), acked(1, 610, 1), sent(2, 700), acked(2, 710, 2)]

test.each([
  ['power-loss', 'dark', 'unsynced-pages'],
  ['wipe-disk', 'killed', 'disk-wiped'],
] as const)('%s: what the log held before and did not hold after went with the disk', (fault, moment, code) => {
  const replicas = [1, 2].flatMap(broker => [
    extract(2100, moment, broker, 3),
    extract(5000, 'start', broker, 0, []),
    extract(9700, 'end', broker, 0, [[2, 0]]),
  ])
  const { lost } = check({
    files: [three, darkLog],
    replicas,
    events: dark(fault),
    settings: { 'producer.acks': 'all', 'topic.replication.factor': 2 },
  })
  expect(lost.map(({ from, to, cause }) => [from, to, cause.code])).toEqual([[0, 2, code]])
})

test('messages truncated before the disk was replaced were not lost with the disk', () => {
  const wiped: TrialEvent[] = [
    { kind: 'fault', t: 6000, id: 'wipe-disk-1', fault: 'wipe-disk', target: 'leader', nodes: ['broker-1'] },
    { kind: 'injected', t: 6400, id: 'wipe-disk-1' },
    { kind: 'evidence', t: 6500, id: 'wipe-disk-1', complete: true, evidence: {} },
  ]
  const replicas = [
    ...leaderHad.filter(({ broker, at }) => broker !== 1 || at !== 'end'),
    extract(6200, 'killed', 1, 1, after),
    extract(6600, 'start', 1, 0, []),
    extract(9700, 'end', 1, 1),
  ]
  const { lost } = check({
    files: [producer, log],
    replicas,
    events: [...events, ...wiped].toSorted((a, b) => a.t - b.t),
    settings: { 'producer.acks': 1, 'topic.replication.factor': 3 },
  })
  expect(lost.map(({ cause }) => cause.code)).toEqual(['truncated-after-election'])
})
