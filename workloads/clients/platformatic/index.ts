import type { ClientLibrary } from '../client.ts'
import { createConsumer } from './consumer.ts'
import { createProducer } from './producer.ts'
import { readPartition } from './read-partition.ts'

export const platformaticLibrary: ClientLibrary = {
  id: 'platformatic',
  createProducer,
  createConsumer,
  readPartition,
  isStrayError: error => 'code' in error && String(error.code).startsWith('PLT_KFK_'),
}
