import type { ClientLibrary } from '../client.ts'
import { loadBinding } from './library.ts'
import { createProducer } from './producer.ts'

/** Throws LossproofError('capability-missing'), with how to install it, when the library is not installed. */
export function rocketmqGrpcLibrary(): ClientLibrary {
  const binding = loadBinding()
  return { id: 'rocketmq-grpc', createProducer: config => createProducer(binding, config) }
}
