/** Consumers that skip, repeat or invent messages, or commit what they did not process. */
import type { LaneRecord } from '../../../history/records.ts'
import { consumer, isOf, one } from './lie.ts'
import type { Lie } from './lie.ts'

export const consumerLies: readonly Lie[] = [
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
    title: 'processes a message after the next one',
    part: 'consumer',
    script: { ...consumer, ...one, expect: { outOfOrder: 0 } },
    lies: target => ({ consumer: records => late(records, target, 1) }),
    caught: { verdict: 'violated', counts: { outOfOrder: 1, redelivered: 0, skipped: 0 } },
  },
  {
    title: 'goes back and processes messages again behind later ones',
    part: 'consumer',
    script: { ...consumer, ...one, expect: { outOfOrder: 0 } },
    lies: target => ({
      consumer: records => records.concat(records.filter(record => isOf(record, 'processed', target))),
    }),
    caught: { verdict: 'violated', counts: { outOfOrder: 1, redelivered: 1 } },
  },
  {
    title: 'passes over a message that is stored, beside others that had expired',
    part: 'consumer',
    script: { ...consumer, ...one, topic: { 'retention.ms': 1000 } },
    lies: target => ({
      reader: records => [
        { op: 'start', p: 0, o: 5, t: 9000 },
        ...records.filter(record => !('o' in record) || record.o === undefined || record.o >= 5),
      ],
      consumer: records => records.filter(record => !isOf(record, 'processed', target)),
    }),
    caught: { verdict: 'violated', counts: { expired: 5, skipped: 1, lost: 0 } },
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
    title: 'of two that each get every message, passes over one that the other processes',
    part: 'consumer',
    script: { ...consumer, broadcasting: true },
    lies: target => ({ consumer: records => records.filter(record => !isOf(record, 'processed', target)) }),
    caught: { verdict: 'violated', counts: { skipped: 1, processed: 40 } },
  },
  {
    title: 'of two that each get every message, processes one twice',
    part: 'consumer',
    script: { ...consumer, broadcasting: true, expect: { redelivered: 0 } },
    lies: target => ({
      consumer: records => records.flatMap(record => (isOf(record, 'processed', target) ? [record, record] : [record])),
    }),
    caught: { verdict: 'violated', counts: { redelivered: 1, skipped: 0 } },
  },
  {
    title: 'receives nothing, and says nothing',
    part: 'consumer',
    script: consumer,
    lies: () => ({ consumer: () => [], groupOffset: () => 0 }),
    caught: { verdict: 'inconclusive', says: 'nothing was delivered to a consumer' },
  },
]

/** The message is processed `by` messages later. */
function late(records: LaneRecord[], s: number, by: number): LaneRecord[] {
  const done = records.filter(record => record.op === 'processed')
  const at = done.findIndex(record => record.s === s)
  const [moved, after] = [done[at], done[at + by]]
  return records.flatMap(record => (record === moved || !moved ? [] : record === after ? [record, moved] : [record]))
}
