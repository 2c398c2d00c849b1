/** Losses without a cut link: each cause, and every explanation that it must rule out first. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import { acked, check, closed, fence, lane, sent, stored } from '../../../harness/testing/literal.ts'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import type { Literal } from '../../../harness/testing/literal.ts'

const leads = (t: number, leader: number, epoch: number): TrialEvent => ({
  kind: 'leader',
  t,
  lane,
  p: 0,
  leader,
  epoch,
  after: Math.max(0, t - 100),
})
const fault = (t: number, name: string, nodes = ['broker-1'], healedAt?: number): TrialEvent[] => [
  { kind: 'fault', t, id: `${name}-1`, fault: name, target: 'master', nodes },
  { kind: 'injected', t: t + 10, id: `${name}-1` },
  { kind: 'evidence', t: t + 20, id: `${name}-1`, complete: true, evidence: {} },
  ...(healedAt === undefined ? [] : [{ kind: 'healed' as const, t: healedAt, id: `${name}-1` }]),
]
const unproved = (events: TrialEvent[]) => events.filter(event => event.kind !== 'evidence')
const observer: TrialEvent = { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 }

function codeOf(events: TrialEvent[], at = 1100, more: Partial<Literal> = {}) {
  const files = [
    [sent(0, 500), acked(0, 510, 0), sent(1, at), acked(1, at + 10, 1), sent(2, at + 20), acked(2, at + 30, 2)],
    [stored(0, 0), ...closed(1)],
  ]
  const all = [leads(0, 1, 0), ...events, fence(1), observer].toSorted((a, b) => a.t - b.t)
  return check({ files, events: all, system: 'rocketmq', mode: 'controller', ...more }).lost[0]?.cause.code
}

describe('not-replicated by a plain crash', () => {
  const crash = fault(2000, 'crash')
  const extract = (broker: number, at: 'killed' | 'end', t: number, messages: number): ReplicaExtract => ({
    t,
    done: t + 1,
    at,
    broker,
    p: 0,
    state: at === 'killed' ? 'down' : 'running',
    start: 0,
    end: messages,
    epochs: [],
    runs: [[0, messages, -1, 0, 1]],
  })
  const master = extract(1, 'killed', 2015, 3)
  const slave = extract(2, 'end', 9950, 1)

  test('the master waits for no slave, was killed with them, no other log has them, and another was elected', () => {
    expect(codeOf([...crash, leads(4000, 2, 1)], 1100, { replicas: [master, slave] })).toBe('not-replicated')
  })

  test('not where a log was not read, or where the same broker serves again', () => {
    expect(codeOf([...crash, leads(4000, 2, 1)])).toBe('not-established')
    expect(codeOf([...crash, leads(4000, 2, 1)], 1100, { replicas: [master] })).toBe('not-established')
    expect(codeOf([...crash, leads(4000, 2, 1)], 1100, { replicas: [slave] })).toBe('not-established')
    expect(codeOf([...crash, leads(4000, 1, 1)], 1100, { replicas: [master, slave] })).toBe('not-established')
  })

  test('not where the crash has no evidence or came before the acknowledgements', () => {
    const replicas = [master, slave]
    expect(codeOf([...unproved(crash), leads(4000, 2, 1)], 1100, { replicas })).toBe('not-established')
    expect(codeOf([...fault(1105, 'crash'), leads(4000, 2, 1)], 1100, { replicas })).toBe('not-established')
  })

  test('not where the master waits for a slave', () => {
    const settings = { 'broker.inSyncReplicas': 2 }
    expect(codeOf([...crash, leads(4000, 2, 1)], 1100, { settings, replicas: [master, slave] })).toBe('not-established')
  })

  test('not where the elected broker may have lost them with its own disk', () => {
    const events = [...crash, ...fault(2500, 'power-loss', ['broker-2']), leads(4000, 2, 1)]
    expect(codeOf(events, 1100, { replicas: [master, slave] })).toBe('not-established')
  })
})

describe('deposed-master that was cut off', () => {
  const isolated = fault(800, 'isolate', ['broker-1'], 7000)
  const textOf = (events: TrialEvent[], at: number) =>
    check({
      files: [
        [sent(0, 500), acked(0, 510, 0), sent(1, at), acked(1, at + 10, 1)],
        [stored(0, 0), ...closed(1)],
      ],
      events: [leads(0, 1, 0), ...events, fence(1), observer].toSorted((a, b) => a.t - b.t),
      system: 'rocketmq',
      mode: 'controller',
    }).lost[0]?.cause.text

  test('acknowledged while cut off, near the election and after it; before it the master was still the only one', () => {
    expect(codeOf([...isolated, leads(3000, 2, 1)], 900)).toBe('not-replicated')
    for (const at of [2990, 4000]) {
      expect(codeOf([...isolated, leads(3000, 2, 1)], at)).toBe('deposed-master')
      expect(textOf([...isolated, leads(3000, 2, 1)], at)).toContain(
        'acknowledged by broker 1, master in epoch 0, while it was cut off from the others (isolate-1); broker 2 was elected',
      )
    }
  })

  test('not where the new master met a fault too, or another came after it: either may have lost them', () => {
    expect(codeOf([...isolated, leads(3000, 2, 1), ...fault(5000, 'crash', ['broker-2'])], 4000)).toBe(
      'not-established',
    )
    expect(codeOf([...isolated, leads(3000, 2, 1), leads(6000, 3, 2)], 4000)).toBe('not-established')
    expect(codeOf([...isolated, ...fault(2000, 'power-loss', ['broker-2']), leads(3000, 2, 1)], 900)).toBe(
      'not-established',
    )
  })

  test('not where they were sent before the master was cut off, or acknowledged when it was back', () => {
    expect(codeOf([...fault(4005, 'isolate', ['broker-1'], 7000), leads(3000, 2, 1)], 4000)).toBe('not-established')
    expect(codeOf([...fault(890, 'isolate', ['broker-1'], 7000), leads(3000, 2, 1)], 895)).toBe('not-established')
    expect(codeOf([...fault(800, 'isolate', ['broker-1'], 3500), leads(3000, 2, 1)], 4000)).toBe('not-established')
  })

  test('not where the other was elected when all could reach each other again, or the master was cut off from some only', () => {
    expect(codeOf([...isolated, leads(7500, 2, 1)], 900)).toBe('not-established')
    expect(codeOf([...fault(800, 'partition-ring', ['broker-1'], 7000), leads(3000, 2, 1)], 900)).toBe(
      'not-established',
    )
  })

  test('not without evidence, nor where another broker was cut off', () => {
    const late = leads(3000, 2, 1)
    expect(codeOf([...unproved(isolated), late], 4000)).not.toBe('deposed-master')
    expect(codeOf([...fault(800, 'isolate', ['broker-2'], 7000), late], 4000)).not.toBe('deposed-master')
  })
})

describe('not-replicated while the slaves were cut off', () => {
  const cut = (nodes: string[], healedAt?: number) => fault(800, 'partition', nodes, healedAt)
  const lost = [...fault(2000, 'crash'), leads(4000, 2, 1)]

  test('all were sent and acknowledged meanwhile, and then the master was lost', () => {
    expect(codeOf([...cut(['broker-2']), ...lost])).toBe('not-replicated')
  })

  test('not without evidence, nor where it was healed before, or began later', () => {
    expect(codeOf([...unproved(cut(['broker-2'])), ...lost])).toBe('not-established')
    expect(codeOf([...cut(['broker-2'], 1105), ...lost])).toBe('not-established')
    expect(codeOf([...fault(1105, 'partition', ['broker-2']), ...lost])).toBe('not-established')
  })
})

describe('not-replicated by a master that was cut off', () => {
  const cut = fault(800, 'partition', ['broker-1'], 7000)

  test('acknowledged alone while cut off, before another was elected', () => {
    expect(codeOf([...cut, leads(5000, 2, 1)])).toBe('not-replicated')
    const settings = { 'broker.allAckInSyncStateSet': true }
    expect(codeOf([...cut, leads(5000, 2, 1)], 1100, { settings })).toBe('not-replicated')
  })

  test('deposed-master where it was to wait for slaves, and acknowledged all the same', () => {
    const settings = { 'broker.inSyncReplicas': 2 }
    expect(codeOf([...cut, leads(5000, 2, 1)], 1100, { settings })).toBe('deposed-master')
  })

  test('not without evidence, outside the partition, or where the same broker leads again', () => {
    const late = leads(5000, 2, 1)
    expect(codeOf([...unproved(cut), late])).toBe('not-established')
    expect(codeOf([...fault(1105, 'partition', ['broker-1'], 7000), late])).toBe('not-established')
    expect(codeOf([...fault(800, 'partition', ['broker-1'], 1115), late])).toBe('not-established')
    expect(codeOf([...cut, leads(5000, 1, 1)])).toBe('not-established')
    expect(codeOf([...cut, ...fault(2500, 'power-loss', ['broker-2']), late])).toBe('not-established')
  })
})

describe('disk-full', () => {
  const full = fault(1000, 'disk-full', ['broker-1'], 5000)

  test('acknowledged while the disk was full, and the same broker serves again', () => {
    expect(codeOf([...full, leads(6000, 1, 1)])).toBe('disk-full')
  })

  test('another broker serves, although the master waits for its slaves: they copied what was never written', () => {
    const waits = { settings: { 'broker.inSyncReplicas': 2 } }
    expect(codeOf([...full, leads(6000, 2, 1)], 1100, waits)).toBe('disk-full')
    expect(codeOf([...full, ...fault(5500, 'power-loss', ['broker-2']), leads(6000, 2, 1)], 1100, waits)).not.toBe(
      'disk-full',
    )
  })

  test('not where a power loss may have removed them, the disk had space, another serves, or the pool is on', () => {
    expect(codeOf([...full, ...fault(2000, 'power-loss'), leads(6000, 1, 1)])).not.toBe('disk-full')
    expect(codeOf([...fault(1115, 'disk-full', ['broker-1'], 5000), leads(6000, 1, 1)])).not.toBe('disk-full')
    expect(codeOf([...full, leads(6000, 2, 1)])).not.toBe('disk-full')
    const settings = { 'broker.transientStorePoolEnable': true }
    expect(codeOf([...full, leads(6000, 1, 1)], 1100, { settings })).not.toBe('disk-full')
    expect(codeOf([...unproved(full), leads(6000, 1, 1)])).not.toBe('disk-full')
  })

  test('not where the master was lost for good afterwards, and slaves serve what they had copied', () => {
    const sealed: TrialEvent = { kind: 'sealed', t: 8000, lane, p: 0, o: 2, seen: 'slave' }
    expect(codeOf([...full, ...fault(6000, 'crash'), sealed], 1100, { mode: 'classic' })).toBe('not-established')
  })
})

describe('one-way sends', () => {
  const producerSettings = { send: 'oneway' }
  const cut = (from: number, to: number) =>
    fault(from, 'cut', ['producer-1'], to).map(event =>
      event.kind === 'fault' ? { ...event, target: 'producer' } : event,
    )

  test('never reached the master: sent while a proved fault dropped everything', () => {
    expect(codeOf(cut(1000, 3000), 1100, { producerSettings })).toBe('never-reached-leader')
  })

  test('not where the fault ended before, has no evidence, or the send waits for an answer', () => {
    expect(codeOf(cut(1000, 1105), 1100, { producerSettings })).toBe('not-established')
    expect(codeOf(unproved(cut(1000, 3000)), 1100, { producerSettings })).toBe('not-established')
    expect(codeOf(cut(1000, 3000))).toBe('not-established')
  })
})

describe('unsynced-pages of a disk that fails', () => {
  const failing = fault(1000, 'disk-error', ['broker-1'], 3000)

  test('acknowledged before or while it failed, and the same broker serves again', () => {
    expect(codeOf([...failing, leads(4000, 1, 1)])).toBe('unsynced-pages')
    expect(codeOf([...failing, leads(4000, 1, 1)], 800)).toBe('unsynced-pages')
  })

  test('not where the failure has no evidence, or was repaired before the acknowledgements', () => {
    expect(codeOf([...unproved(failing), leads(4000, 1, 1)])).toBe('not-established')
    expect(codeOf([...fault(600, 'disk-error', ['broker-1'], 900), leads(4000, 1, 1)])).toBe('not-established')
  })

  test('not where another broker serves, or the messages were in memory of the broker', () => {
    expect(codeOf([...failing, leads(4000, 2, 1)])).toBe('not-established')
    const settings = { 'broker.transientStorePoolEnable': true }
    expect(codeOf([...failing, leads(4000, 1, 1)], 1100, { settings })).toBe('not-established')
  })
})
