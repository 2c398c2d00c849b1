import type { ClientLibrary } from '../client.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'
import { readPartition } from './read-partition.ts'

export const rocketmqRemotingLibrary: ClientLibrary = {
  id: 'rocketmq-remoting',
  createProducer,
  createConsumer,
  readPartition,
}
