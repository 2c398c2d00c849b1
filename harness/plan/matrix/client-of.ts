/** The client of each role, from the settings of the place `client`. */
import { runsIn } from '../../../workloads/clients/catalog.ts'
import { asText } from '../../../workloads/clients/command/words.ts'
import type { Settings } from '../../../model/settings.ts'
import type { Role } from '../../../workloads/clients/facts.ts'

/** The id of the client that is a command of the user's. */
const ownClient = 'command'
/** Settings that name a client. */
const naming = ['library', 'command', 'image'] as const

/**
 * The block `client` of a scenario as flat settings: a name becomes `library`, a list of words becomes text, and what stands
 * under `producer` and `consumer` gets that prefix.
 */
export function clientSettings(given: unknown): Record<string, unknown> {
  if (given === undefined) return {}
  if (typeof given !== 'object' || given === null) return { library: given }
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]): [string, unknown][] => {
      if (name === 'producer' || name === 'consumer')
        return Object.entries(clientSettings(value)).map(([key, own]) => [`${name}.${key}`, own])
      return [[name, Array.isArray(value) ? asText(value.map(String)) : value]]
    }),
  )
}

/**
 * The client of `role`, and the settings that only this client has. A role that names a client of its own shares nothing
 * with the other role. `folder`: where a command runs unless the scenario says it.
 */
export function clientOf(
  given: Settings,
  role: Role,
  otherwise: { library: string; folder: string },
): { client: string; clientSettings: Settings } {
  const entries = Object.entries(given)
  const shared = entries.filter(([name]) => !/^(producer|consumer)\./.test(name))
  const own = entries.flatMap(([name, value]) =>
    name.startsWith(`${role}.`) ? [[name.slice(role.length + 1), value] as const] : [],
  )
  const namesOne = own.some(([name]) => naming.some(key => key === name))
  const { library, ...settings } = Object.fromEntries(namesOne ? own : [...shared, ...own])
  const isOwn = settings['command'] !== undefined || settings['image'] !== undefined
  const client = String(library ?? (isOwn ? ownClient : otherwise.library))
  const runsHere = runsIn(client) === 'command' && settings['image'] === undefined
  return { client, clientSettings: runsHere ? { folder: otherwise.folder, ...settings } : settings }
}

/** The folder of a scenario's file. */
export function folderOf(file: string): string {
  const end = file.lastIndexOf('/')
  return end < 0 ? '.' : file.slice(0, Math.max(end, 1))
}
