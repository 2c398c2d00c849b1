/**
 * All client libraries, each loaded when a process first needs it. A new library adds a line here and one in
 * catalog.ts.
 */
import { LossproofError } from '../../model/errors.ts'
import { runsIn } from './catalog.ts'
import type { ClientLibrary } from './client.ts'

const loaders: Readonly<Record<string, () => Promise<ClientLibrary>>> = {
  kafkajs: async () => (await import('./kafkajs/index.ts')).kafkajsLibrary,
  platformatic: async () => (await import('./platformatic/index.ts')).platformaticLibrary,
  'rocketmq-remoting': async () => (await import('./rocketmq-remoting/index.ts')).rocketmqRemotingLibrary,
  'rocketmq-grpc': async () => (await import('./rocketmq-grpc/index.ts')).rocketmqGrpcLibrary(),
  librdkafka: async () => (await import('./librdkafka/index.ts')).librdkafkaLibrary(),
}

/** The libraries that this process has loaded. */
const loaded = new Map<string, ClientLibrary>()

/** Throws LossproofError('capability-missing'), with how to install it, when an optional library is not installed. */
export async function loadLibrary(id: string): Promise<ClientLibrary> {
  const load = loaders[id]
  if (!load) {
    const known = Object.keys(loaders).join(', ')
    throw new LossproofError('internal', `unknown client library "${id}"; libraries for Node: ${known}`)
  }
  const library = await load()
  loaded.set(id, library)
  return library
}

/**
 * Why this machine cannot run a client, with how to install it; undefined when it can. A client that runs in a
 * container comes with the image of its system. A command of the user's is tried when it starts.
 */
export async function missingClient(id: string): Promise<LossproofError | undefined> {
  if (runsIn(id) !== 'node') return undefined
  try {
    await loadLibrary(id)
    return undefined
  } catch (error) {
    if (error instanceof LossproofError && error.code === 'capability-missing') return error
    throw error
  }
}

/** Whether an uncaught error is one that a loaded library documents as harmless (`ClientLibrary.isStrayError`). */
export function isStrayLibraryError(error: unknown): boolean {
  return error instanceof Error && [...loaded.values()].some(library => library.isStrayError?.(error) ?? false)
}
