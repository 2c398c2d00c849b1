import type { ClientLibrary } from '../client.ts'
import { createConsumer } from './consumer.ts'
import { loadBinding } from './library.ts'
import { createProducer } from './producer.ts'

/** Throws LossproofError('capability-missing'), with how to install it, when the binding is not installed. */
export function librdkafkaLibrary(): ClientLibrary {
  const binding = loadBinding()
  return {
    id: 'librdkafka',
    createProducer: config => createProducer(binding, config),
    createConsumer: config => createConsumer(binding, config),
  }
}
