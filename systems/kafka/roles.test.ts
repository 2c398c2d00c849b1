import { expect, test } from 'vitest'
import type { ObservedPartition } from '../shared/live-system.ts'
import { nodesOf } from './roles.ts'

const partition = (lane: string, leader: number, isr: number[] | undefined = [1, 2, 3]): ObservedPartition => ({
  lane,
  p: 0,
  view: { leader, epoch: 1, replicas: [1, 2, 3], isr },
})
const node = (id: number) => ({ id, name: `broker-${id}`, isBroker: true })

interface Seen {
  partitions?: ObservedPartition[]
  brokers?: number[]
  quorums?: { leaderId: number; leaderEpoch: number }[]
  coordinators?: Record<string, number>
  lastHit?: number
  down?: number[]
}

function resolve(role: string, seen: Seen) {
  const {
    partitions = [partition('a', 2)],
    brokers = [1, 2, 3],
    quorums = [],
    coordinators = {},
    lastHit,
    down = [],
  } = seen
  return nodesOf(
    {
      trial: { lanes: Object.keys(coordinators).map(group => ({ consumer: { group } })) as never },
      cluster: {
        brokers: brokers.map(node),
        controllers: brokers.map(node),
        nodes: { state: async id => ({ running: !down.includes(id), paused: false, exitCode: 0, startedAt: '' }) },
      },
      observer: {
        partitions: () => partitions,
        quorums: async () => quorums.map(quorum => ({ ...quorum, voters: brokers })),
        coordinator: async group => coordinators[group] ?? -1,
      },
    },
    role,
    lastHit,
  )
}

test.each<[string, number[], Seen]>([
  ['leader', [2], {}],
  ['follower', [1], {}],
  ['follower', [3], { partitions: [partition('a', 2, [2, 3])] }],
  ['all', [1, 2, 3], {}],
  ['majority', [2, 1], {}],
  ['minority', [2], {}],
  ['other-than(leader)', [1, 3], {}],
  ['next', [2], {}],
  ['next', [1], { lastHit: 3 }],
  ['coordinator', [3], { coordinators: { one: 3, two: 3 } }],
  [
    'controller',
    [3],
    {
      quorums: [
        { leaderId: 1, leaderEpoch: 4 },
        { leaderId: 3, leaderEpoch: 5 },
      ],
    },
  ],
  ['controller-majority', [3, 1], { quorums: [{ leaderId: 3, leaderEpoch: 5 }] }],
])('%s is %j', async (role, expected, seen) => {
  expect(await resolve(role, seen)).toEqual(expected)
})

test('a role of one node is refused, with what was found, when lanes have different holders or none', async () => {
  await expect(resolve('leader', { partitions: [partition('a', 2), partition('b', 3)] })).rejects.toThrow(
    'target "leader" must be a single node, but lanes have different ones: broker-2, broker-3',
  )
  await expect(resolve('leader', { partitions: [partition('a', -1)] })).rejects.toThrow('no node holds this role now')
  await expect(resolve('follower', { partitions: [partition('a', 2, [2])] })).rejects.toThrow('no node holds')
  await expect(resolve('controller', { quorums: [{ leaderId: -1, leaderEpoch: 9 }] })).rejects.toThrow(
    'no broker reports an active controller',
  )
})

test('a controller that is down does not hold the role, although brokers still name it', async () => {
  const seen = { quorums: [{ leaderId: 3, leaderEpoch: 5 }], down: [3] }
  await expect(resolve('controller', seen)).rejects.toThrow('brokers still name 3, which is down')
  await expect(resolve('controller-majority', seen)).rejects.toThrow('brokers still name 3, which is down')
})
