import { expect, test } from 'vitest'
import type { PartitionView } from '../shared/live-system.ts'
import { nodesOf } from './roles.ts'

const node = (id: number) => ({ id, name: `broker-${id}` })
const groups = new Map([
  ['broker-a', [1, 2, 3].map(node)],
  ['broker-b', [4, 5].map(node)],
])
const lane = (...brokerNames: string[]) => ({ topic: { brokerNames } })

interface Seen {
  views?: Record<string, Partial<PartitionView>>
  lanes?: ReturnType<typeof lane>[]
  controllers?: string[]
}

function resolve(role: string, { views = {}, lanes = [lane('broker-a', 'broker-b')], controllers = [] }: Seen) {
  return nodesOf(
    {
      trial: { lanes: lanes as never },
      cluster: {
        groups,
        brokers: [...groups.values()].flat(),
        nameServers: [101, 102].map(node),
        advertisedControllers: controllers,
        nodes: {
          all: [1, 2, 101, 102, 201].map(node),
          state: async () => ({ running: true, paused: false, exitCode: 0, startedAt: '' }),
        },
      },
      observer: {
        group: name => views[name] && { leader: -1, epoch: 1, replicas: [], isr: undefined, ...views[name] },
        client: {} as never,
      },
    },
    role,
  )
}

test.each<[string, number[], Seen]>([
  ['master', [1, 4], {}],
  ['first-master', [1], {}],
  ['slave', [2, 3, 5], {}],
  ['slave', [3, 5], { views: { 'broker-a': { leader: 1, isr: [1, 3] } } }],
  ['first-slave', [3], { views: { 'broker-a': { leader: 1, isr: [1, 3] } } }],
  ['all', [1, 2, 3, 4, 5], {}],
  ['name-server', [101, 102], {}],
  ['first-name-server', [101], {}],
  ['proxy', [201], {}],
  ['master', [2, 5], { controllers: ['c:1'], views: { 'broker-a': { leader: 2 }, 'broker-b': { leader: 5 } } }],
  ['first-master', [4], { lanes: [lane('broker-b')] }],
])('%s is %j', async (role, expected, seen) => {
  expect(await resolve(role, seen)).toEqual(expected)
})

test('in controller mode a group without a master is refused by name', async () => {
  const seen = { controllers: ['c:1'], views: { 'broker-a': { leader: -1 } } }
  await expect(resolve('first-master', seen)).rejects.toThrow('no broker of broker-a is master now')
})
