import { expect, test } from 'vitest'
import { faults } from '../../../faults/index.ts'
import { knownFaults } from './fault-ids.ts'
import { holdersIn } from './holders.ts'

const view = (p: number, leader: number, isr = [1, 2, 3]) => ({
  lane: 'orders',
  p,
  view: { leader, epoch: 0, replicas: [1, 2, 3], isr },
})

const systemWith = (...partitions: ReturnType<typeof view>[]) => ({
  nodesOf: async (role: string) => [role === 'leader' ? (partitions[0]?.view.leader ?? -1) : 9],
  observer: { partitions: () => partitions },
})

const orders = { topic: 'orders' }

test('every fault but those of client processes can be injected', () => {
  const ids = faults.filter(({ kind }) => kind !== 'client').map(({ id }) => id)
  expect([...knownFaults].toSorted()).toEqual(ids.toSorted())
})

test('a role of a topic needs the topic, a role of the cluster does not', async () => {
  await expect(holdersIn(systemWith(), 'leader', {}, undefined)).rejects.toThrow('"leader" of which topic?')
  expect(await holdersIn(systemWith(), 'controller', {}, undefined)).toEqual([9])
})

test('partitions with one leader need no number, those with several do', async () => {
  expect(await holdersIn(systemWith(view(0, 2), view(1, 2)), 'leader', orders, undefined)).toEqual([2])
  const spread = systemWith(view(0, 2), view(1, 3, [1, 3]))
  await expect(holdersIn(spread, 'leader', orders, undefined)).rejects.toMatchObject({
    code: 'usage',
    message: 'the partitions of orders have 2 different leaders',
  })
  expect(await holdersIn(spread, 'leader', { ...orders, partition: 1 }, undefined)).toEqual([3])
  expect(await holdersIn(spread, 'follower', { ...orders, partition: 1 }, undefined)).toEqual([1])
  await expect(holdersIn(spread, 'leader', { ...orders, partition: 2 }, undefined)).rejects.toThrow('no partition 2')
})

test('without a leader, or a follower in sync, the caller waits', async () => {
  const alone = systemWith(view(0, -1), view(1, 3, [3]))
  await expect(holdersIn(alone, 'leader', { ...orders, partition: 0 }, undefined)).rejects.toMatchObject({
    code: 'cluster',
  })
  await expect(holdersIn(alone, 'follower', { ...orders, partition: 1 }, undefined)).rejects.toMatchObject({
    code: 'cluster',
  })
})
