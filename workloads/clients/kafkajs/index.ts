import type { ClientLibrary } from '../client.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'

export const kafkajsLibrary: ClientLibrary = {
  id: 'kafkajs',
  createProducer,
  createConsumer,
  isStrayError: error => error.name.startsWith('KafkaJS'),
}
