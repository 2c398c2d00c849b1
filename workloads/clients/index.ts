/** Every client library, loaded when a process first needs it. A new one is one folder and one line here, and its facts in catalog.ts. */
import { LossproofError } from '../../harness/errors.ts'
import type { ClientLibrary } from './client.ts'

const libraries: Readonly<Record<string, () => Promise<ClientLibrary>>> = {
  kafkajs: async () => (await import('./kafkajs/index.ts')).kafkajsLibrary,
  platformatic: async () => (await import('./platformatic/index.ts')).platformaticLibrary,
}

export async function loadLibrary(id: string): Promise<ClientLibrary> {
  const load = libraries[id]
  if (!load) throw new LossproofError('internal', `no client library ${id}`)
  return load()
}
