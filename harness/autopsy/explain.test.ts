import { expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, lane, sent, stored, unknown } from '../testing/literal.ts'
import { lossCauses, skipCauses } from '../../systems/causes.ts'

const isr = (t: number, members: number[]): TrialEvent => ({ kind: 'isr', t, lane, p: 0, isr: members })
const ordered = (...events: TrialEvent[]) => [...failover, ...events].toSorted((a, b) => a.t - b.t)
const producer = [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)]
const causeOf = (files: LaneRecord[][], events: TrialEvent[], acks: string | number) =>
  check({ files, events, settings: { 'producer.acks': acks } }).lost[0]?.cause

test("truncated: acknowledged in one epoch, and the next leader's log goes on at their offsets", () => {
  const cause = causeOf([producer, [stored(0, 0), ...closed(1)]], ordered(isr(0, [1, 2, 3]), fence(1)), 1)
  expect(cause).toEqual({
    code: 'truncated-after-election',
    text:
      '2 messages (offsets 1–2) were acknowledged by broker 1, leader in epoch 0; broker 2 was elected in epoch 1 ' +
      'and its log went on at offset 1, so it had none of them. Broker 2 was an in-sync replica then: acks=all ' +
      'would have waited for it.',
  })
})

test('the remedy acks=all is named only where the ISR was known, and an unclean election is named as such', () => {
  const files = [producer, [stored(0, 0), ...closed(1)]]
  expect(causeOf(files, ordered(fence(1)), 1)?.text).toMatch(/none of them\.$/)
  expect(causeOf(files, ordered(isr(0, [1, 2, 3]), isr(1150, [1, 2]), fence(1)), 1)?.text).toMatch(/none of them\.$/)
  expect(causeOf(files, ordered(isr(0, [1, 2, 3]), isr(1150, [1]), fence(1)), 'all')).toMatchObject({
    code: 'truncated-after-election',
    text: expect.stringMatching(/Broker 2 was not among the in-sync replicas \(1\)\.$/),
  })
  expect(causeOf(files, ordered(isr(0, [1, 2, 3]), fence(1)), 'all')?.text).toMatch(/none of them\.$/)
  const unclean = { 'producer.acks': 'all', 'topic.unclean.leader.election.enable': true }
  expect(
    check({ files, events: ordered(isr(0, [1, 2, 3]), isr(900, [1]), fence(1)), settings: unclean }).lost[0]?.cause,
  ).toMatchObject({
    code: 'unclean-election',
    text: expect.stringMatching(/Broker 2 was not among the in-sync replicas \(1\): the election was unclean\.$/),
  })
  expect(check({ files, events: ordered(isr(0, [1, 2, 3]), fence(1)), settings: unclean }).lost[0]?.cause.code).toBe(
    'truncated-after-election',
  )
})

test("not established where the next leader's log begins behind the lost offsets", () => {
  // Offset 1 is gone although epoch 1 begins at offset 3.
  const cause = causeOf([producer, [stored(0, 0), stored(2, 2), ...closed(3)]], ordered(fence(3)), 1)
  expect(cause?.code).toBe('not-established')
})

test('not established without leader epochs', () => {
  const events = failover.filter(event => event.kind !== 'leader')
  expect(causeOf([producer, [stored(0, 0), ...closed(1)]], [...events, fence(1)], 1)).toMatchObject({
    code: 'not-established',
    text: expect.stringContaining('no leader epochs were observed'),
  })
})

const unasked = [sent(0, 500), acked(0, 501), sent(1, 2500), acked(1, 2501), sent(2, 3000), acked(2, 3001)]
const injected: TrialEvent = { kind: 'injected', t: 2100, id: 'crash-1' }

test("acks=0: sent between the leader's death and the next election", () => {
  const files = [unasked, [stored(0, 0), ...closed(1)]]
  expect(causeOf(files, ordered(injected, fence(1)), 0)).toMatchObject({
    code: 'never-reached-leader',
    text: expect.stringContaining('after broker 1, the leader, was killed and before broker 2 was elected'),
  })
})

test('acks=0: not established where another broker crashed, the crash may be later, or the election is near', () => {
  const files = [unasked, [stored(0, 0), ...closed(1)]]
  const code = (events: TrialEvent[], sends = files) => causeOf(sends, events, 0)?.code
  const elsewhere = ordered(injected, fence(1)).map(event =>
    event.kind === 'fault' && event.id === 'crash-1' ? { ...event, nodes: ['broker-3'] } : event,
  )
  expect(code(elsewhere)).toBe('not-established')
  expect(code(ordered(fence(1)))).toBe('not-established')
  expect(code(ordered({ ...injected, t: 2600 }, fence(1)))).toBe('not-established')
  expect(
    code(ordered(injected, fence(1)), [
      [...unasked.slice(0, 2), sent(1, 4900), acked(1, 4901)],
      [stored(0, 0), ...closed(1)],
    ]),
  ).toBe('not-established')
})

test('acks=0: sent while a proved fault dropped everything from producers', () => {
  const cut: TrialEvent[] = [
    { kind: 'fault', t: 7200, id: 'cut-1', fault: 'cut', target: 'producer', nodes: ['producer-1', 'producer-2'] },
    { kind: 'injected', t: 7250, id: 'cut-1' },
    { kind: 'evidence', t: 7900, id: 'cut-1', complete: true, evidence: {} },
    { kind: 'healed', t: 7950, id: 'cut-1' },
  ]
  const files = [
    [sent(0, 500), acked(0, 501), sent(1, 7300), acked(1, 7301)],
    [stored(0, 0), ...closed(1)],
  ]
  expect(causeOf(files, ordered(...cut, fence(1)), 0)?.code).toBe('never-reached-leader')
  expect(causeOf(files, ordered(...cut.filter(event => event.kind !== 'evidence'), fence(1)), 0)?.code).toBe(
    'not-established',
  )
  expect(causeOf(files, ordered(...cut, fence(1)), 1)?.code).toBe('not-established')
})

test('an untrue acknowledgement is a client error', () => {
  const files = [
    [sent(0, 100), sent(1, 100), acked(0, 300, 0), acked(1, 310, 0), sent(2, 400), unknown(2, 500)],
    [stored(1, 0, 0), ...closed(1)],
  ]
  expect(causeOf(files, [...failover, fence(1)], 1)).toMatchObject({
    code: 'client-error',
    text: expect.stringContaining('was acknowledged at offset 0, which holds message 1, in the same leader epoch'),
  })
})

test('a range can have 200,000 messages', () => {
  const many = 200_000
  const sends: LaneRecord[] = []
  for (let s = 0; s < many; s++) sends.push(sent(s, 1100), acked(s, 1110, s))
  expect(causeOf([sends, closed(0)], [...failover, fence(0)], 1)).toMatchObject({
    code: 'truncated-after-election',
    text: expect.stringContaining('(offsets 0–199999)'),
  })
})

test('every cause has a meaning and its evidence written down', () => {
  for (const [, causes] of [...lossCauses, ...skipCauses])
    for (const { meaning, established } of Object.values(causes)) {
      expect(meaning.length).toBeGreaterThan(20)
      expect(established.length).toBeGreaterThan(20)
    }
})

/** Broker 1 led, its disk was hit at 2000, and it led again from an empty log. */
const returned = (fault: string, leader: number): TrialEvent[] => [
  { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 },
  {
    kind: 'fault',
    t: 2000,
    id: `${fault}-1`,
    fault,
    target: 'leader',
    nodes: leader === 1 ? ['broker-1'] : ['broker-1', 'broker-2'],
  },
  { kind: 'evidence', t: 2100, id: `${fault}-1`, complete: true, evidence: {} },
  { kind: 'leader', t: 6000, lane, p: 0, leader, epoch: 2, after: 2050 },
  { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 4000 },
  fence(0),
]

test('a disk fault is the cause where the leader, or a broker hit with it, leads again without the messages', () => {
  const files = [
    producer,
    [
      { op: 'fence' as const, p: 0, o: 0, e: 2, t: 9500 },
      { op: 'end' as const, p: 0, o: 1, t: 9600 },
    ],
  ]
  expect(causeOf(files, returned('power-loss', 1), 'all')).toEqual({
    code: 'unsynced-pages',
    text:
      '3 messages (offsets 0–2) were acknowledged by broker 1, leader in epoch 0, which lost power before they were ' +
      'synced or written back; its log went on at offset 0.',
  })
  expect(causeOf(files, returned('wipe-disk', 1), 'all')?.code).toBe('disk-wiped')
  expect(causeOf(files, returned('power-loss', 2), 'all')?.text).toContain('as did broker 2, elected in epoch 2')
  const unproved = returned('power-loss', 1).filter(event => event.kind !== 'evidence')
  expect(causeOf(files, unproved, 'all')?.code).not.toBe('unsynced-pages')
})
