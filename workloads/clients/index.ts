/** Every client library, loaded when a process first needs it. A new one is one folder and one line here, and one in catalog.ts. */
import { LossproofError } from '../../model/errors.ts'
import { runsIn } from './catalog.ts'
import type { ClientLibrary } from './client.ts'

const libraries: Readonly<Record<string, () => Promise<ClientLibrary>>> = {
  kafkajs: async () => (await import('./kafkajs/index.ts')).kafkajsLibrary,
  platformatic: async () => (await import('./platformatic/index.ts')).platformaticLibrary,
  'rocketmq-remoting': async () => (await import('./rocketmq-remoting/index.ts')).rocketmqRemotingLibrary,
  'rocketmq-grpc': async () => (await import('./rocketmq-grpc/index.ts')).rocketmqGrpcLibrary(),
  librdkafka: async () => (await import('./librdkafka/index.ts')).librdkafkaLibrary(),
}

export async function loadLibrary(id: string): Promise<ClientLibrary> {
  const load = libraries[id]
  if (!load) throw new LossproofError('internal', `no client library ${id}`)
  return load()
}

/**
 * Why a client cannot be used on this machine, with how to get it; undefined when it can. A client in a container comes
 * with the image of its system.
 */
export async function missingClient(id: string): Promise<LossproofError | undefined> {
  if (runsIn(id) === 'container') return undefined
  try {
    await loadLibrary(id)
    return undefined
  } catch (error) {
    if (error instanceof LossproofError && error.code === 'capability-missing') return error
    throw error
  }
}
