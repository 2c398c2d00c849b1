/** Brokers that lose, repeat, change or invent messages. */
import { phaseOf } from './fake.ts'
import type { Lies, Slot } from './fake.ts'
import { consumer, cut, drop, one, swapped } from './lie.ts'
import type { Lie } from './lie.ts'

export const brokerLies: readonly Lie[] = [
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
  {
    title: 'moves the start of the log although no setting removes messages',
    part: 'broker',
    script: one,
    lies: () => beginAt(5),
    caught: { verdict: 'violated', counts: { lost: 5, expired: 0 }, place: 'head' },
  },
  {
    title: 'removes messages by retention before a consumer has processed them',
    part: 'broker',
    script: { ...consumer, ...one, topic: { 'retention.ms': 1000 } },
    lies: () => ({
      ...beginAt(5),
      consumer: records => records.filter(record => !('o' in record) || record.o === undefined || record.o >= 5),
    }),
    caught: { verdict: 'violated', counts: { expired: 5, lost: 0, skipped: 5 } },
  },
  {
    title: 'loses a message behind those that retention has removed',
    part: 'broker',
    script: { ...one, topic: { 'retention.ms': 1000 } },
    lies: target => ({ ...beginAt(5), ...drop(s => s === target) }),
    caught: { verdict: 'violated', counts: { expired: 5, lost: 1 }, place: 'middle' },
  },
  {
    title: 'stores two messages in another order than they were sent',
    part: 'broker',
    script: { ...one, expect: { reordered: 0 } },
    lies: target => ({ log: slots => exchanged(slots, target, target + 1) }),
    caught: { verdict: 'violated', counts: { reordered: 1, lost: 0 } },
  },
  {
    title: 'stores the first message last',
    part: 'broker',
    script: { ...one, expect: { reordered: 0 } },
    lies: (_, { messages }) => ({ log: slots => exchanged(slots, 0, messages - 1) }),
    caught: { verdict: 'violated', counts: { reordered: 39, lost: 0 } },
  },
  {
    title: 'removes a message from the middle of a compacted topic',
    part: 'broker',
    script: { ...one, topic: { 'cleanup.policy': 'compact' } },
    lies: target => drop(s => s === target),
    caught: { verdict: 'inconclusive', counts: { lost: 0, unaccounted: 1 } },
  },
  {
    title: 'removes the last message of a key from a compacted topic',
    part: 'broker',
    script: { ...one, keys: 4, topic: { 'cleanup.policy': 'compact' } },
    lies: (_, { messages }) => drop(s => s === messages - 1),
    caught: { verdict: 'violated', counts: { lost: 1, expired: 0 }, place: 'tail' },
  },
  {
    title: 'compacts a topic before a consumer has processed the messages',
    part: 'broker',
    script: { ...consumer, ...one, keys: 4, topic: { 'cleanup.policy': 'compact' } },
    lies: () => drop(s => s < 5),
    caught: { verdict: 'violated', counts: { expired: 5, lost: 0, skipped: 5 } },
  },
]

/** The reader is told that partition 0 begins at `start`. */
const beginAt = (start: number): Lies => ({
  reader: records => [
    { op: 'start', p: 0, o: start, t: 9000 },
    ...records.filter(record => !('o' in record) || record.o === undefined || record.o >= start),
  ],
})

/** Two messages change places, offsets stay. */
function exchanged(slots: Slot[], a: number, b: number): Slot[] {
  return slots.map(slot => (slot.s === a ? { ...slot, s: b } : slot.s === b ? { ...slot, s: a } : slot))
}
