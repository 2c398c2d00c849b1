import type { ClientLibrary } from '../client.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'

export const rocketmqRemotingLibrary: ClientLibrary = { id: 'rocketmq-remoting', createProducer, createConsumer }
