/** Our own YAML: the places of a scenario (`broker`, `topic`, `producer`, `consumer`…) without a schedule. */
import { LossproofError } from '../../../model/errors.ts'
import { certain } from '../../../systems/shared/config-files/types.ts'
import type {
  ConfigDocument,
  ConfigFormat,
  KnownSettings,
  SettingPlace,
} from '../../../systems/shared/config-files/types.ts'

const places: readonly SettingPlace[] = ['cluster', 'broker', 'topic', 'producer', 'consumer', 'client', 'workload']
const clear = ['broker', 'topic', 'producer', 'consumer'] as const
const isPlace = (word: string | undefined): word is SettingPlace => places.some(place => place === word)

/** The format for one system: `system: <id>` decides, else the names that the system knows. */
export function ownFormat(system: string): ConfigFormat {
  return {
    label: 'settings',
    match(document, known) {
      const tops = new Set(document.leaves.map(({ path }) => path[0]))
      if (document.format === 'properties' || !clear.some(place => tops.has(place))) return 0
      refuseScenario(document)
      if (![...tops].every(top => isPlace(top) || top === 'system' || top === 'name')) return 0
      const declared = document.leaves.find(({ path }) => path.length === 1 && path[0] === 'system')
      if (declared) return declared.value === system ? certain : 0
      const names = document.leaves.filter(leaf => isKnown(leaf.path, known)).length
      return names === 0 ? 1 : certain / 2 + names
    },
    read: document => ({
      keys: document.leaves.map(leaf => {
        const [place, ...rest] = leaf.path
        const name = rest.join('.')
        const key = leaf.path.join('.')
        if (place === 'client' && name === '') return { key, leaf, meaning: { kind: 'shape' } }
        return isPlace(place) && name !== ''
          ? { key, leaf, meaning: { kind: 'setting', place, name, value: leaf.value } }
          : { key, leaf, meaning: { kind: 'shape' } }
      }),
      nodes: [],
      notes: [],
      mentions: [],
      ...clientOf(document),
    }),
    spell: ({ place, name, value }, document) => {
      // `client: <library>` has no room for settings of the library.
      const isShort = place === 'client' && document.leaves.some(({ path }) => path.join('.') === 'client')
      return isShort ? [] : [{ path: [place, name], value }]
    },
  }
}

const isKnown = ([place, ...rest]: readonly string[], known: KnownSettings) =>
  isPlace(place) && known.has(place, rest.join('.'))

/** `client: <library>`, or `client: { library: <library> }` with settings of the library. */
function clientOf(document: ConfigDocument): { client?: string } {
  const leaf = document.leaves.find(({ path }) => ['client', 'client.library'].includes(path.join('.')))
  return leaf ? { client: String(leaf.value) } : {}
}

function refuseScenario({ file, leaves }: ConfigDocument): void {
  const scenario = leaves.find(({ path }) => path[0] === 'lanes' || path[0] === 'schedule')
  if (scenario)
    throw LossproofError.at('usage', { file, line: scenario.line }, 'this file is a scenario, not a configuration', {
      hint: `run it with lossproof run ${file}`,
    })
}
