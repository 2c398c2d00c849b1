/** Readers of the final log that stop early, skip partitions or read too far. */
import { one } from './lie.ts'
import type { Lie } from './lie.ts'

export const readerLies: readonly Lie[] = [
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
