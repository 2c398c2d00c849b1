/** Extracts that claim more messages than memory can index. */
import { expect, test } from 'vitest'
import type { ReplicaExtract } from '../../../history/replicas.ts'
import { ReplicaCopies } from './replica-copies.ts'

const extract = (runs: ReplicaExtract['runs']): ReplicaExtract => ({
  t: 1,
  done: 2,
  at: 'end',
  broker: 1,
  p: 0,
  state: 'running',
  start: 0,
  end: 10,
  epochs: [],
  runs,
})
const runsOf = (count: number): ReplicaExtract['runs'] =>
  Array.from({ length: 100 }, (_, at) => [at * count, count, 3, at * count, 1])

test.each([10, 1_000_000_000])('messages are found in a hundred runs of %i messages each', count => {
  const copies = new ReplicaCopies([extract(runsOf(count))], 0)
  expect(copies.find(0, 5 * count + 7, -1)).toEqual({ offset: 5 * count + 7, epoch: 3 })
  expect(copies.find(0, 100 * count, -1)).toBe('absent')
})
