import { expect, test } from 'vitest'
import { MessagesByNumber } from '../../../harness/autopsy/messages-by-number.ts'
import { acked, lane, planOf, sent } from '../../../harness/testing/literal.ts'
import { Epochs } from '../../../history/epochs.ts'
import { LaneCheck } from '../../../harness/check/lane.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Settings } from '../../../model/plan.ts'
import { electedFromOutside } from './unclean-election.ts'

const messages = { count: 2, each: (take: (s: number) => void) => [0, 1].forEach(take) }
const isr = (t: number, members: number[]): TrialEvent => ({ kind: 'isr', t, lane, p: 0, isr: members })
const killed = (t: number): TrialEvent[] => [
  { kind: 'fault', t, id: 'crash-1', fault: 'crash', target: 'master', nodes: ['broker-1'] },
  { kind: 'injected', t: t + 50, id: 'crash-1' },
  { kind: 'evidence', t: t + 60, id: 'crash-1', complete: true, evidence: {} },
]

/** Broker 1 leads, broker 2 is elected at 5000. */
function causeOf(events: TrialEvent[], settings: Settings = { enableElectUncleanMaster: true }) {
  const check = new LaneCheck()
  check.begin({ lane, role: 'producer', process: 'x', client: 'test' })
  for (const record of [sent(0, 500), acked(0, 510), sent(1, 1100), acked(1, 1110)]) check.add(record)
  const all: TrialEvent[] = [
    { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 2 },
    ...events,
    { kind: 'leader', t: 5000, lane, p: 0, leader: 2, epoch: 3 },
    { kind: 'observer', t: 9999, intervalMs: 100, longestGapMs: 100 },
  ]
  const epochs = new Epochs(all, lane)
  const {
    cells: [cell],
    trials: [plain],
  } = planOf({})
  const [known] = plain?.lanes ?? []
  if (!cell || !known || !plain) throw new Error('a plan of one cell')
  const trial = {
    ...plain,
    system: 'rocketmq' as const,
    lanes: [{ ...known, topic: { ...known.topic, brokerNames: ['broker-b'] } }],
    cluster: {
      mode: 'controller' as const,
      nameServers: 1,
      version: '5.5.0',
      groups: [
        { brokerName: 'broker-a', replicas: 2, settings: {} },
        { brokerName: 'broker-b', replicas: 2, settings },
      ],
    },
  }
  const { table, logs } = check.finish({ epochs, fences: undefined, partitions: 1 })
  const evidence = {
    cell,
    trial,
    lane: { table: new MessagesByNumber(table), logs },
    epochs,
    events: all,
    replicas: [],
  }
  const [master, next] = epochs.changes(0)
  return master && electedFromOutside(0, messages, evidence, { master, next })
}

test('a broker outside the SyncStateSet was elected after its only member had been killed', () => {
  expect(causeOf([isr(0, [1, 2]), isr(900, [1]), ...killed(2000)])).toEqual({
    code: 'unclean-election',
    text:
      '2 messages: acknowledged by broker 1, master in epoch 2, which was then killed; the SyncStateSet was broker ' +
      '1 alone, but broker 2 was elected in epoch 3, as enableElectUncleanMaster allows, ' +
      "and the old master truncated its log to the new one's. enableElectUncleanMaster=false, which waits for " +
      'broker 1, or inSyncReplicas=2 with minInSyncReplicas=2, which does not acknowledge them, would have kept ' +
      'them.',
  })
})

test('not established where a part of the evidence is missing', () => {
  expect(causeOf([isr(0, [1, 2]), ...killed(2000)])).toBeUndefined()
  expect(causeOf([isr(0, [1, 2]), isr(900, [1])])).toBeUndefined()
  expect(causeOf([isr(0, [1, 2]), isr(900, [1]), ...killed(2000)], { enableElectUncleanMaster: false })).toBeUndefined()
  expect(causeOf([isr(0, [1, 2]), isr(900, [1]), ...killed(800)])).toBeUndefined()
  expect(causeOf([isr(0, [1, 2]), isr(5001, [2]), ...killed(2000)])).toBeUndefined()
})
