import { expect, test } from 'vitest'
import { brokersNamedByAll, mergePartition } from './partition-view.ts'
import type { BrokerReport, PartitionReport } from './partition-view.ts'

const report = (broker: number, partition: Partial<PartitionReport>, brokers = [1, 2, 3]): BrokerReport => ({
  broker,
  askedAt: 0,
  brokers,
  topics: { t: [{ p: 0, leader: 1, leaderEpoch: 4, replicas: [1, 2, 3], isr: [3, 1], ...partition }] },
})

test('the latest epoch wins over metadata that is out of date', () => {
  const reports = [report(1, {}), report(2, { leader: 2, leaderEpoch: 5, isr: [2] })]
  expect(mergePartition(reports, 't', 0)).toEqual({ leader: 2, epoch: 5, replicas: [1, 2, 3], isr: [2] })
})

test('the ISR is known when all brokers of the latest epoch agree on it, in whatever order', () => {
  expect(mergePartition([report(1, {}), report(2, { isr: [1, 3] })], 't', 0)?.isr).toEqual([1, 3])
  expect(mergePartition([report(1, {}), report(2, { isr: [1] })], 't', 0)?.isr).toBeUndefined()
})

test('there is no leader once one broker of the latest epoch reports that it is fenced', () => {
  expect(mergePartition([report(1, {}), report(2, { leader: -1 })], 't', 0)?.leader).toBe(-1)
})

test('a partition that nobody reports has no view', () => {
  expect(mergePartition([report(1, {})], 't', 1)).toBeUndefined()
  expect(mergePartition([], 't', 0)).toBeUndefined()
})

test('a broker is up when every report names it', () => {
  expect(brokersNamedByAll([report(1, {}, [3, 1, 2]), report(2, {}, [2, 3])])).toEqual([2, 3])
  expect(brokersNamedByAll([])).toEqual([])
})
