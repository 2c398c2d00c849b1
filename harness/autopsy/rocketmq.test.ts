import { expect, test } from 'vitest'
import type { TrialEvent } from '../history/events.ts'
import { acked, check, lane, sent, stored } from '../check/literal.ts'
import { causes } from './causes.ts'

/** 0 before anything, 1 and 2 under the fault. */
const producer = [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)]
const kept = [stored(0, 0), { op: 'end' as const, p: 0, o: 1, t: 9000 }]
const fault = (t: number, kind: string, complete = true): TrialEvent[] => [
  { kind: 'fault', t, id: `${kind}-1`, fault: kind, target: 'master', node: 'broker-1' },
  { kind: 'evidence', t: t + 1, id: `${kind}-1`, complete, evidence: {} },
]
const leads = (t: number, leader: number, epoch: number): TrialEvent => ({ kind: 'leader', t, lane, p: 0, leader, epoch, after: t - 100 })
const observer: TrialEvent = { kind: 'observer', t: 9999, intervalMs: 100, longestGapMs: 100 }
const sealed: TrialEvent = { kind: 'sealed', t: 8000, lane, p: 0, o: 1, seen: '' }
const healed = (t: number, id: string): TrialEvent => ({ kind: 'healed', t, id })

const causeOf = (events: TrialEvent[], settings = {}, files = [producer, kept]) =>
  check({ system: 'rocketmq', files, settings, events: [leads(0, 1, 0), ...events, sealed, observer].toSorted((a, b) => a.t - b.t) }).lost[0]?.cause

test('not replicated: acknowledged while the link to the slaves was cut, and the master is gone', () => {
  const cause = causeOf([...fault(1000, 'cut-replication'), ...fault(2000, 'wipe-disk')])
  expect(cause).toEqual({
    code: 'not-replicated',
    text: '2 messages: acknowledged by broker 1, master in epoch 0, while the link on which its slaves copy was cut; then it was lost (wipe-disk), and what its slave serves ends at offset 1.',
  })
  expect(causeOf([...fault(1000, 'cut-replication', false), ...fault(2000, 'wipe-disk')])?.code).toBe('not-established')
  expect(causeOf([...fault(1000, 'cut-replication'), healed(1150, 'cut-replication-1'), ...fault(2000, 'wipe-disk')])?.code).toBe('not-established')
  expect(causeOf(fault(2000, 'wipe-disk'))?.code).toBe('not-established')
})

test('not replicated: acknowledged by a master with a new disk, behind its slave, and then lost', () => {
  const wiped = fault(600, 'wipe-disk')
  const again = [leads(700, -1, 0), leads(900, 1, 1)]
  expect(causeOf([...wiped, ...again, ...fault(2000, 'crash')])).toMatchObject({ code: 'not-replicated', text: expect.stringContaining('after it had come back with an empty disk') })
  expect(causeOf([...wiped, ...again])?.code).toBe('not-established')
})

test('lost with the master\'s own disk or memory, where the same broker serves again', () => {
  const again = (kind: string, settings = {}) => causeOf([...fault(2000, kind), leads(2100, -1, 0), leads(5000, 1, 1)], settings)?.code
  expect(again('power-loss')).toBe('unsynced-pages')
  expect(again('wipe-disk')).toBe('disk-wiped')
  expect(again('crash')).toBe('not-established')
  expect(again('crash', { 'broker.transientStorePoolEnable': true })).toBe('uncommitted-pool')
})

test('acknowledged by a master that was frozen and deposed', () => {
  const late = [[sent(0, 500), acked(0, 510, 0), sent(1, 1100), sent(2, 1200), acked(1, 6010, 1), acked(2, 6020, 2)], kept]
  const events = [...fault(1000, 'pause'), leads(4000, 2, 1), healed(6000, 'pause-1')]
  expect(causeOf(events, {}, late)?.code).toBe('deposed-master')
  expect(causeOf(events)?.code).toBe('not-established')
})

test('every cause is in the list', () => {
  for (const code of ['not-replicated', 'deposed-master', 'uncommitted-pool'] as const) expect(causes[code]).toMatch(/^RocketMQ/)
})
