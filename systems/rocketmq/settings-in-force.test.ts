import { expect, test } from 'vitest'
import type { Lane, Settings } from '../../model/plan.ts'
import { settingDifferences } from './settings-in-force.ts'

const lane = (id: string, brokerNames: string[], settings: Settings = {}) =>
  ({ id, topic: { name: id, brokerNames, partitions: 2 * brokerNames.length, settings } }) as unknown as Lane
const group = (brokerName: string, first: number, settings: Settings) => ({
  brokerName,
  settings,
  brokers: [0, 1].map(at => ({ id: first + at, name: `broker-${first + at}`, isSlave: at > 0 })),
})
const lanes = [lane('a', ['broker-a']), lane('b', ['broker-b'])]

/** `inForce`: settings by broker id. */
const found = (groups: ReturnType<typeof group>[], inForce: Record<number, Record<string, string>>, perm = 6) =>
  settingDifferences({
    groups,
    lanes,
    isControllerSetting: name => name === 'enableElectUncleanMaster',
    answers: id => ({
      settings: async () => new Map(Object.entries(inForce[id] ?? {})),
      topic: async () => ({ readQueueNums: 2, writeQueueNums: 2, perm }),
    }),
  })

test('a value that a broker did not take is named for the lanes on its group', async () => {
  const groups = [
    group('broker-a', 1, { flushDiskType: 'SYNC' }),
    group('broker-b', 3, { flushDiskType: 'SYNC_FLUSH' }),
  ]
  const inForce = {
    1: { flushDiskType: 'ASYNC_FLUSH' },
    2: { flushDiskType: 'ASYNC_FLUSH' },
    3: { flushDiskType: 'SYNC_FLUSH' },
    4: { flushDiskType: 'SYNC_FLUSH' },
  }
  const difference = { setting: 'broker.flushDiskType', requested: 'SYNC', inForce: 'ASYNC_FLUSH', lanes: ['a'] }
  expect(await found(groups, inForce)).toEqual([
    { ...difference, where: 'broker-1' },
    { ...difference, where: 'broker-2' },
  ])
})

test('slaves have their own role, and controllers their own settings', async () => {
  const groups = [group('broker-a', 1, { brokerRole: 'SYNC_MASTER', enableElectUncleanMaster: true })]
  expect(await found(groups, { 1: { brokerRole: 'SYNC_MASTER' }, 2: { brokerRole: 'SLAVE' } })).toEqual([])
})

test('queues and permission of a topic are compared on the masters', async () => {
  const groups = [group('broker-a', 1, {})]
  lanes[0] = lane('a', ['broker-a'], { perm: 4 })
  expect(await found(groups, {})).toEqual([
    { setting: 'topic.perm', where: 'a on broker-1', requested: '4', inForce: '6', lanes: ['a'] },
  ])
  expect(await found(groups, {}, 4)).toEqual([])
})
