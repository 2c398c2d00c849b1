/** Every client library. A new one is one folder and one line here, and its facts in catalog.ts. */
import { LossproofError } from '../../harness/errors.ts'
import type { ClientLibrary } from './client.ts'
import { createConsumer } from './kafkajs/consumer.ts'
import { createProducer } from './kafkajs/producer.ts'

const libraries: readonly ClientLibrary[] = [{ id: 'kafkajs', createProducer, createConsumer }]

export function libraryOf(id: string): ClientLibrary {
  const found = libraries.find(library => library.id === id)
  if (!found) throw new LossproofError('internal', `no client library ${id}`)
  return found
}
