/** Acknowledgements by leaders that were replaced and did not know it yet. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, fence, lane, sent, stored } from './literal.ts'

const leads = (t: number, leader: number, epoch: number): TrialEvent => ({
  kind: 'leader',
  t,
  lane,
  p: 0,
  leader,
  epoch,
  after: Math.max(0, t - 100),
})
const fault = (name: string, t: number, nodes: string[], healedAt?: number): TrialEvent[] => [
  { kind: 'fault', t, id: `${name}-1`, fault: name, target: 'leader', nodes },
  { kind: 'injected', t: t + 10, id: `${name}-1` },
  { kind: 'evidence', t: t + 20, id: `${name}-1`, complete: true, evidence: {} },
  ...(healedAt === undefined ? [] : [{ kind: 'healed' as const, t: healedAt, id: `${name}-1` }]),
]
const observer: TrialEvent = { kind: 'observer', t: 20_000, intervalMs: 100, longestGapMs: 100 }

/** Broker 2 leads from 4000 on. Message 1 is acknowledged at `at` with the offset that message 2 has in epoch 1. */
function judged(at: number, faults: TrialEvent[], more: TrialEvent[] = []) {
  const producer: LaneRecord[] = [
    sent(0, 500),
    acked(0, 510, 0),
    sent(1, at),
    acked(1, at + 10, 1),
    sent(2, at + 20),
    acked(2, at + 30, 1),
  ]
  const log = [stored(0, 0, 0), stored(2, 1, 1), ...closed(2)].map(record => ({ ...record, t: record.t + 10_000 }))
  const events = [leads(0, 1, 0), ...faults, leads(4000, 2, 1), ...more, observer, { ...fence(2), t: 18_000 }]
  return check({
    files: [producer, log],
    settings: { 'producer.acks': '1' },
    events: events.toSorted((a, b) => a.t - b.t),
  })
}

const outcomeOf = ({ counts, lost }: ReturnType<typeof judged>) => ({
  lost: counts.lost,
  clientLost: counts.clientLost,
  cause: lost[0]?.cause.code,
})
const oldLeader = { lost: 1, clientLost: 0, cause: 'not-established' }
const client = { lost: 0, clientLost: 1, cause: 'client-error' }

describe('an acknowledgement that names an offset which another message has in the same epoch', () => {
  test.each([
    ['cut off', fault('partition', 2000, ['broker-1'], 7000), 5000],
    ['cut off, and not yet told of its successor', fault('isolate', 2000, ['broker-1'], 5000), 6000],
    ['cut off by a fault of all other nodes', fault('partition', 2000, ['broker-2', 'broker-3'], 7000), 5000],
    ['frozen, and just awake again', fault('pause', 2000, ['broker-1'], 5000), 5010],
    ['cut off for good', fault('partition-ring', 2000, ['broker-1']), 9000],
  ])('may be of the leader before: it was %s', (_, faults, at) => {
    expect(outcomeOf(judged(at, faults))).toEqual(oldLeader)
  })

  test.each([
    ['was killed', fault('crash', 2000, ['broker-1']), 6000],
    ['was healed long before', fault('partition', 2000, ['broker-1'], 3000), 9500],
    ['had been healed before the election', fault('partition', 1000, ['broker-1'], 1500), 5000],
    [
      'was cut off and then killed',
      [...fault('partition', 1000, ['broker-1'], 9000), ...fault('crash', 2000, ['broker-1'])],
      6000,
    ],
    ['was not the broker that was frozen', fault('pause', 2000, ['broker-3'], 9000), 6000],
  ])('is untrue where the leader before %s', (_, faults, at) => {
    expect(outcomeOf(judged(at, faults))).toEqual(client)
  })
})

test('a loss is not ascribed to the leader that was seen, where one before it may have acknowledged', () => {
  const { lost } = check({
    settings: { 'producer.acks': '1' },
    events: [
      leads(0, 1, 0),
      ...fault('partition', 1000, ['broker-1'], 7000),
      leads(3000, 2, 1),
      ...fault('crash', 5500, ['broker-2']),
      leads(6500, 3, 2),
      { ...observer, t: 9900 },
      fence(2),
    ],
    files: [
      [sent(0, 500), acked(0, 510, 0), sent(1, 4500), acked(1, 4510, 7), sent(2, 6800), acked(2, 6810, 1)],
      [
        stored(0, 0, 0),
        stored(2, 1, 2),
        { op: 'fence', p: 0, o: 2, e: 2, t: 9500 },
        { op: 'end', p: 0, o: 3, t: 9600 },
      ],
    ],
  })
  expect(lost.map(({ cause }) => cause.code)).toEqual(['not-established'])
})
