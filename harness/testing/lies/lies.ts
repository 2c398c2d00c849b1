/**
 * Systems that misbehave in one way each, with the counts and the verdict that the checker must give. Tests and the table in
 * docs/lies.md use them. Each has an honest twin: the same script without the lie, whose verdict must be `held`.
 */
import type { TrialEvent } from '../../../history/events.ts'
import type { LaneRecord } from '../../../history/records.ts'
import { lane } from '../literal.ts'
import type { Counts, VerdictWord } from '../../../model/verdict.ts'
import type { Lies, Script, Slot } from './fake.ts'
import { honest, phaseOf } from './fake.ts'

export interface Lie {
  /** What the system does wrong, as a clause for the table. */
  title: string
  part: 'broker' | 'client' | 'consumer' | 'reader' | 'harness'
  script?: Partial<Script>
  /** The lie. `s`: the message it concerns, where it concerns one. */
  lies: (s: number, script: Script) => Lies
  caught: Caught
}

export interface Caught {
  /** `refused`: the history contradicts itself; an error names file and line instead of a verdict. */
  verdict: VerdictWord | 'refused'
  /** Counts that the verdict must have. */
  counts?: Partial<Counts>
  /** A part of a reason, or of the refusal. */
  says?: string
  place?: 'head' | 'middle' | 'tail' | 'all'
}

const drop = (gone: (s: number) => boolean): Lies => ({ log: slots => slots.filter(({ s }) => !gone(s)) })
const swapped = (slots: Slot[], s: number, mark: 'corrupt' | 'foreign'): Slot[] =>
  slots.map(slot => (slot.s === s ? { ...slot, mark } : slot))
const consumer: Partial<Script> = { consumer: true }
const cut: Partial<Script> = { unsafe: true, expect: { lost: 'acked-in(cut)' } }
const one: Partial<Script> = { partitions: 1 }
const isOf = (record: LaneRecord, op: LaneRecord['op'], s: number) =>
  record.op === op && 's' in record && record.s === s

const broker: Lie[] = [
  {
    title: 'loses the first acknowledged messages',
    part: 'broker',
    script: one,
    lies: () => drop(s => s < 3),
    caught: { verdict: 'violated', counts: { lost: 3, clientLost: 0 }, place: 'head' },
  },
  {
    title: 'loses one acknowledged message in the middle',
    part: 'broker',
    script: one,
    lies: target => drop(s => s === target),
    caught: { verdict: 'violated', counts: { lost: 1, clientLost: 0 }, place: 'middle' },
  },
  {
    title: 'loses only the last message',
    part: 'broker',
    script: one,
    lies: (_, { messages }) => drop(s => s === messages - 1),
    caught: { verdict: 'violated', counts: { lost: 1 }, place: 'tail' },
  },
  {
    title: 'loses everything',
    part: 'broker',
    script: one,
    lies: () => drop(() => true),
    caught: { verdict: 'violated', counts: { lost: 40, stored: 0 }, place: 'all' },
  },
  {
    title: 'loses one message in a million',
    part: 'broker',
    script: { messages: 1_000_000, partitions: 8 },
    lies: () => drop(s => s === 654_321),
    caught: { verdict: 'violated', counts: { lost: 1, stored: 999_999 }, place: 'middle' },
  },
  {
    title: 'loses a message of one partition in a thousand',
    part: 'broker',
    script: { messages: 4000, partitions: 1000 },
    lies: () => drop(s => s === 2777),
    caught: { verdict: 'violated', counts: { lost: 1 } },
  },
  {
    title: 'truncates what a consumer has already read',
    part: 'broker',
    script: consumer,
    lies: target => ({
      ...drop(s => s === target),
      consumer: records => [
        { op: 'delivered', s: target, p: 0, o: 0, t: 7400 },
        { op: 'processed', s: target, p: 0, o: 0, t: 7400 },
        ...records,
      ],
    }),
    caught: { verdict: 'violated', counts: { lost: 1, processed: 39 } },
  },
  {
    title: 'truncates one acknowledged message at the election, and gives its offset to another',
    part: 'broker',
    script: one,
    lies: () => ({ survives: s => s !== 19 }),
    caught: { verdict: 'violated', counts: { lost: 1, clientLost: 0 }, place: 'middle' },
  },
  {
    title: 'loses, of messages that may be lost, one fewer',
    part: 'broker',
    script: cut,
    lies: (_, script) => ({ survives: s => phaseOf(s, script) !== 'cut' || s === 10 }),
    caught: { verdict: 'not-shown', counts: { lost: 9 }, says: '1 of them not' },
  },
  {
    title: 'loses as many as may be lost, but one of them from before',
    part: 'broker',
    script: cut,
    lies: (_, script) => ({ survives: s => (phaseOf(s, script) !== 'cut' && s !== 9) || s === 10 }),
    caught: { verdict: 'violated', counts: { lost: 10 }, says: '1 of them not, 1 others too' },
  },
  {
    title: 'stores a message twice',
    part: 'broker',
    script: { expect: { duplicates: 0 } },
    lies: target => ({ copies: s => (s === target ? 2 : 1) }),
    caught: { verdict: 'violated', counts: { duplicates: 1, lost: 0 } },
  },
  {
    title: 'brings an old message back under the next leader',
    part: 'broker',
    script: { ...one, expect: { duplicates: 0 } },
    lies: () => ({
      log: slots => slots.map(slot => (slot.s === 30 ? { ...slot, s: 3 } : slot)),
      tells: (s, told) => (s === 30 ? { op: 'unknown' } : told),
    }),
    caught: { verdict: 'violated', counts: { duplicates: 1, givenUp: 1 } },
  },
  {
    title: 'corrupts a payload',
    part: 'broker',
    lies: target => ({ log: slots => swapped(slots, target, 'corrupt') }),
    caught: { verdict: 'violated', counts: { corrupt: 1, lost: 1 } },
  },
  {
    title: 'serves the payload of another lane',
    part: 'broker',
    lies: target => ({ log: slots => swapped(slots, target, 'foreign') }),
    caught: { verdict: 'violated', counts: { unexpected: 1, lost: 1 } },
  },
  {
    title: 'invents a message that nobody sent',
    part: 'broker',
    script: { timedOut: [20] },
    lies: () => ({ log: slots => slots.map(slot => (slot.s === 20 ? { ...slot, s: 777 } : slot)) }),
    caught: { verdict: 'violated', counts: { unexpected: 1, givenUp: 1 } },
  },
  {
    title: 'stores a message that it refused',
    part: 'broker',
    script: { refused: [20] },
    lies: () => ({ copies: () => 1 }),
    caught: { verdict: 'violated', counts: { resurrected: 1, lost: 0 } },
  },
  {
    title: 'serves a record of an earlier leader epoch behind one of a later epoch',
    part: 'broker',
    script: one,
    lies: () => ({
      reader: records =>
        records.map(record => (record.op === 'stored' && record.o === 39 ? { ...record, e: 0 } : record)),
    }),
    caught: { verdict: 'violated', counts: { staleEpochs: 1, lost: 0 } },
  },
  {
    title: 'serves records out of order',
    part: 'broker',
    script: one,
    lies: () => ({ log: slots => slots.toSpliced(4, 2, ...slots.slice(4, 6).toReversed()) }),
    caught: { verdict: 'refused', says: 'offset 4 of partition 0 after 5' },
  },
  {
    title: 'serves one offset twice',
    part: 'broker',
    script: one,
    lies: () => ({ log: slots => slots.flatMap(slot => (slot.s === 7 ? [slot, slot] : [slot])) }),
    caught: { verdict: 'refused', says: 'offset 7 of partition 0 after 7' },
  },
  {
    title: 'acknowledges nothing, and stores everything',
    part: 'broker',
    lies: () => ({ tells: () => ({ op: 'unknown' }) }),
    caught: { verdict: 'inconclusive', counts: { acked: 0, recovered: 40 }, says: 'nothing was acknowledged' },
  },
]

const client: Lie[] = [
  {
    title: 'reports one offset for two messages, of which one is stored',
    part: 'client',
    script: one,
    lies: target => ({
      ...drop(s => s === target),
      tells: (s, told) => (s === target && told.o !== undefined ? { ...told, o: told.o - 1 } : told),
    }),
    caught: { verdict: 'violated', counts: { clientLost: 1, lost: 0 } },
  },
  {
    title: 'reports one offset for two messages, of which none is stored',
    part: 'client',
    script: one,
    lies: () => ({ ...drop(s => s === 25 || s === 26), tells: (s, told) => (s === 26 ? { ...told, o: 25 } : told) }),
    caught: { verdict: 'violated', counts: { clientLost: 2, lost: 0 } },
  },
  {
    title: 'takes the answer to the next message for its own',
    part: 'client',
    script: one,
    lies: () => ({ copies: s => (s === 30 ? 0 : 1), tells: (s, told) => (s === 31 ? { op: 'unknown' } : told) }),
    caught: { verdict: 'violated', counts: { clientLost: 1, lost: 0, recovered: 1 } },
  },
  {
    title: 'resolves sends that have never left it',
    part: 'client',
    script: one,
    lies: target => ({
      copies: s => (s === target ? 0 : 1),
      tells: (s, told) => (s === target ? { op: 'acked' } : told),
    }),
    caught: { verdict: 'violated', counts: { lost: 1, clientLost: 0 } },
  },
  {
    title: 'sends a message twice although the application sent it once, and both are stored',
    part: 'client',
    script: { timedOut: [11], expect: { duplicates: 0 } },
    lies: () => ({ copies: s => (s === 11 ? 2 : 1) }),
    caught: { verdict: 'violated', counts: { duplicates: 1, recovered: 1 } },
  },
  {
    title: 'reports as refused what may have been stored',
    part: 'client',
    script: { timedOut: [20] },
    lies: () => ({ tells: (s, told) => (s === 20 ? { op: 'rejected' } : told) }),
    caught: { verdict: 'violated', counts: { resurrected: 1 } },
  },
  {
    title: 'drops a message from its spool',
    part: 'client',
    script: { spooled: [12], expect: { givenUp: 0 } },
    lies: () => ({
      producer: records =>
        records.flatMap((record): LaneRecord[] =>
          isOf(record, 'spooled', 12) ? [record, { op: 'unspooled', s: 12, t: record.t + 0.1 }] : [record],
        ),
    }),
    caught: { verdict: 'violated', counts: { spooled: 0, givenUp: 1 } },
  },
  {
    title: 'acknowledges a message that nobody sent',
    part: 'client',
    lies: () => ({ producer: records => [...records, { op: 'acked', s: 999, p: 0, o: 3, t: 7000 }] }),
    caught: { verdict: 'refused', says: 'an answer for message 999, which was never sent' },
  },
  {
    title: 'sends after the final log was read',
    part: 'harness',
    lies: () => ({
      producer: records => [
        ...records,
        { op: 'sent', s: 40, p: 0, t: 30_000 },
        { op: 'acked', s: 40, p: 0, o: 50, t: 30_001 },
      ],
    }),
    caught: { verdict: 'inconclusive', counts: { lost: 0, unaccounted: 1 }, says: 'before the last send or answer' },
  },
  {
    title: 'sends one attempt to a partition that nobody reads',
    part: 'client',
    lies: () => ({
      producer: records =>
        records.flatMap((record): LaneRecord[] =>
          isOf(record, 'sent', 30) ? [record, { op: 'sent', s: 30, p: 7, t: record.t, n: 2 }] : [record],
        ),
    }),
    caught: { verdict: 'inconclusive', counts: { lost: 0 }, says: 'partition 7 was not read to its end' },
  },
  {
    title: 'runs on a clock that jumps back',
    part: 'client',
    lies: () => ({
      producer: records => records.map((record, at) => (at === 60 ? { ...record, t: record.t - 3000 } : record)),
    }),
    caught: { verdict: 'refused', says: 'time runs backwards' },
  },
]

const consumers: Lie[] = [
  {
    title: 'commits ahead of what it has processed, and dies',
    part: 'consumer',
    script: consumer,
    lies: target => ({ consumer: records => records.filter(record => !isOf(record, 'processed', target)) }),
    caught: { verdict: 'violated', counts: { skipped: 1, stalled: 0 } },
  },
  {
    title: 'starts at the end of a partition after a rebalance',
    part: 'consumer',
    script: consumer,
    lies: () => ({
      consumer: records => records.filter(record => record.op === 'committed' || !('p' in record) || record.p !== 1),
    }),
    caught: { verdict: 'violated', counts: { skipped: 20 } },
  },
  {
    title: 'moves the offset of the group ahead',
    part: 'broker',
    script: { ...consumer, ...one },
    lies: () => ({
      groupOffset: o => o + 5,
      consumer: records => records.filter(record => !('o' in record) || record.o === undefined || record.o < 38),
    }),
    caught: { verdict: 'violated', counts: { skipped: 2 } },
  },
  {
    title: 'stops for good at one message',
    part: 'consumer',
    script: { ...consumer, ...one, expect: { stalled: 0 } },
    lies: () => ({
      consumer: records => records.filter(record => !('o' in record) || record.o === undefined || record.o < 30),
      groupOffset: () => 30,
    }),
    caught: { verdict: 'violated', counts: { stalled: 10, skipped: 0 } },
  },
  {
    title: 'processes a message twice',
    part: 'consumer',
    script: { ...consumer, expect: { redelivered: 0 } },
    lies: target => ({
      consumer: records => records.flatMap(record => (isOf(record, 'processed', target) ? [record, record] : [record])),
    }),
    caught: { verdict: 'violated', counts: { redelivered: 1, effects: 41 } },
  },
  {
    title: 'has an effect twice although it claims to be idempotent',
    part: 'consumer',
    script: { ...consumer, expect: { effects: 40 } },
    lies: target => ({
      consumer: records => records.flatMap(record => (isOf(record, 'processed', target) ? [record, record] : [record])),
    }),
    caught: { verdict: 'violated', counts: { effects: 41 } },
  },
  {
    title: 'suppresses a message that it has never seen',
    part: 'consumer',
    script: { ...consumer, expect: { effects: 'all' } },
    lies: target => ({
      consumer: records =>
        records.map(record =>
          record.op === 'processed' && record.s === target ? { ...record, c: 'suppressed' as const } : record,
        ),
    }),
    caught: { verdict: 'not-shown', counts: { effects: 39, processed: 40 } },
  },
  {
    title: 'parks a message without a reason',
    part: 'consumer',
    script: { ...consumer, expect: { parked: 0 } },
    lies: target => ({
      consumer: records =>
        records.map(record =>
          record.op === 'processed' && record.s === target ? { ...record, op: 'parked' as const } : record,
        ),
    }),
    caught: { verdict: 'not-shown', counts: { parked: 1, processed: 39 } },
  },
  {
    title: 'processes a message that nobody sent',
    part: 'consumer',
    script: consumer,
    lies: () => ({ consumer: records => [...records, { op: 'processed', s: 999, p: 0, o: 3, t: 8800 }] }),
    caught: { verdict: 'violated', counts: { phantom: 1 } },
  },
  {
    title: 'is handed a message that the broker rejected and did not store',
    part: 'broker',
    script: { ...consumer, refused: [20] },
    lies: () => ({ consumer: records => [...records, { op: 'processed', s: 20, p: 0, o: 3, t: 8800 }] }),
    caught: { verdict: 'violated', counts: { phantom: 1, resurrected: 0 } },
  },
  {
    title: 'moves the offset of the group beyond the end of the log',
    part: 'broker',
    script: { ...consumer, ...one },
    lies: () => ({ groupOffset: o => o + 50 }),
    caught: { verdict: 'violated', counts: { ahead: 1, skipped: 0 } },
  },
  {
    title: 'receives nothing, and says nothing',
    part: 'consumer',
    script: consumer,
    lies: () => ({ consumer: () => [], groupOffset: () => 0 }),
    caught: { verdict: 'inconclusive', says: 'nothing was delivered to a consumer' },
  },
]

const readers: Lie[] = [
  {
    title: 'serves a stale end offset',
    part: 'broker',
    script: one,
    lies: () => ({
      reader: records => [
        ...records.filter(record => record.op === 'stored').slice(0, 35),
        { op: 'end', p: 0, o: 35, t: 9000 },
      ],
    }),
    caught: {
      verdict: 'inconclusive',
      counts: { lost: 0, unaccounted: 5 },
      says: 'the fence at offset 40 of partition 0 was not read',
    },
  },
  {
    title: 'stops before the end of a partition',
    part: 'reader',
    script: one,
    lies: () => ({ reader: records => records.slice(0, 20) }),
    caught: {
      verdict: 'inconclusive',
      counts: { lost: 0, unaccounted: 20 },
      says: 'partition 0 was not read to its end',
    },
  },
  {
    title: 'leaves out a whole partition',
    part: 'reader',
    lies: () => ({ reader: (records, p) => (p === 1 ? [] : records) }),
    caught: {
      verdict: 'inconclusive',
      counts: { lost: 0, unaccounted: 20 },
      says: 'partition 1 was not read to its end',
    },
  },
  {
    title: 'reads what was written behind the end of all writing',
    part: 'reader',
    script: one,
    lies: () => ({
      reader: records => [
        ...records.slice(0, -1),
        { op: 'stored', s: 39, p: 0, o: 41, e: 1, t: 9000 },
        { op: 'end', p: 0, o: 42, t: 9000 },
      ],
    }),
    caught: { verdict: 'inconclusive', says: 'there are records behind the fence of partition 0' },
  },
  {
    title: 'goes on reading a partition that it has ended',
    part: 'reader',
    script: one,
    lies: () => ({ reader: records => [...records, { op: 'stored', s: 39, p: 0, o: 41, e: 1, t: 9000 }] }),
    caught: { verdict: 'refused', says: 'a record of partition 0 after its end' },
  },
]

const withoutKind = (events: TrialEvent[], kind: TrialEvent['kind']) => events.filter(event => event.kind !== kind)
const harness: Lie[] = [
  {
    title: 'injects a fault that does not land',
    part: 'harness',
    lies: () => ({
      events: events => events.map(event => (event.kind === 'evidence' ? { ...event, complete: false } : event)),
    }),
    caught: { verdict: 'inconclusive', says: 'fault cut-replication-1 left no evidence' },
  },
  {
    title: 'does not look whether a fault landed',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(events, 'evidence') }),
    caught: { verdict: 'inconclusive', says: 'no evidence was read for fault' },
  },
  {
    title: 'injects no fault at all',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(withoutKind(events, 'evidence'), 'fault') }),
    caught: { verdict: 'inconclusive', says: 'no fault was injected' },
  },
  {
    title: 'writes no fence',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(events, 'fence') }),
    caught: { verdict: 'inconclusive', counts: { unaccounted: 0 }, says: 'no fence was acknowledged in partition 0' },
  },
  {
    title: 'never opens the window that an expectation names',
    part: 'harness',
    script: cut,
    lies: () => ({ events: events => withoutKind(events, 'window-open') }),
    caught: { verdict: 'inconclusive', says: 'the window never opened' },
  },
  {
    title: 'causes an election that no step asked for',
    part: 'broker',
    script: cut,
    lies: () => ({
      events: events =>
        [...events, { kind: 'leader' as const, t: 7800, lane, p: 0, leader: 3, epoch: 2, after: 7700 }].toSorted(
          (a, b) => a.t - b.t,
        ),
    }),
    caught: { verdict: 'inconclusive', says: 'an election that no step caused' },
  },
]

export const lies: readonly Lie[] = [...broker, ...client, ...consumers, ...readers, ...harness]

export const scriptOf = (lie: Lie): Script => ({ ...honest, ...lie.script })

/** The message that a lie concerns by default: one after the failover. */
export const targetOf = (script: Script): number =>
  Array.from({ length: script.messages }, (_, s) => s).find(
    s => phaseOf(s, script) === 'after' && s > script.messages / 2 + 2,
  ) ?? 0
