/** Producer clients that report what did not happen, or conceal what did. */
import type { LaneRecord } from '../../../history/records.ts'
import { drop, isOf, one } from './lie.ts'
import type { Lie } from './lie.ts'

export const clientLies: readonly Lie[] = [
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
    title: 'never sends a message whose answer the application does not look at',
    part: 'client',
    script: { awaits: false },
    lies: target => ({
      copies: s => (s === target ? 0 : 1),
      producer: records => records.filter(record => !isOf(record, 'acked', target)),
    }),
    caught: { verdict: 'violated', counts: { unsent: 1, givenUp: 0, lost: 0 } },
  },
  {
    title: 'refuses a message, and the application does not look at the answer',
    part: 'client',
    script: { awaits: false },
    lies: target => ({
      copies: s => (s === target ? 0 : 1),
      tells: (s, told) => (s === target ? { op: 'rejected' } : told),
    }),
    caught: { verdict: 'violated', counts: { unsent: 1, rejected: 1, givenUp: 0 } },
  },
  {
    title: 'acknowledges what has never left it to an application that does not look',
    part: 'client',
    script: { ...one, awaits: false },
    lies: target => ({
      copies: s => (s === target ? 0 : 1),
      tells: (s, told) => (s === target ? { op: 'acked' } : told),
    }),
    caught: { verdict: 'violated', counts: { unsent: 0, lost: 1 } },
  },
  {
    title: 'sends an old message again behind later ones',
    part: 'client',
    script: { ...one, expect: { duplicates: '<= 1', reordered: 0 } },
    lies: target => ({
      log: slots => slots.map(slot => (slot.s === target + 3 ? { ...slot, s: target } : slot)),
      producer: records => records.filter(record => !('s' in record) || record.s !== target + 3),
    }),
    caught: { verdict: 'violated', counts: { reordered: 1, duplicates: 1 } },
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
