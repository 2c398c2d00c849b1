import { expect, test } from 'vitest'
import { queueOf, queuesOnEach } from './queues.ts'

test('partitions are the queues of the first broker group, then those of the next', () => {
  const topic = {
    name: 't',
    partitions: 4,
    replicationFactor: 1,
    leaders: 'one' as const,
    brokerNames: ['broker-a', 'broker-b'],
    settings: {},
  }
  expect([0, 1, 2, 3].map(p => queueOf(topic, p)).map(({ brokerName, queueId }) => [brokerName, queueId])).toEqual([
    ['broker-a', 0],
    ['broker-a', 1],
    ['broker-b', 0],
    ['broker-b', 1],
  ])
  expect(queuesOnEach(topic)).toBe(2)
})
