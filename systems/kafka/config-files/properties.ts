/** Properties files of Kafka's own programs: broker, topic, producer, consumer. */
import type {
  ConfigDocument,
  ConfigFormat,
  KnownSettings,
  NodeFact,
  ReadKey,
  SpelledSetting,
  WantedSetting,
} from '../../shared/config-files/types.ts'
import { scoreByNames } from '../../shared/config-files/score.ts'
import { brokerDefault } from './known.ts'
import { nodeOf } from './nodes.ts'

const places = ['broker', 'topic', 'producer', 'consumer'] as const
type Place = (typeof places)[number]

const fileNames: Readonly<Record<Place, RegExp>> = {
  broker: /server|broker|controller|kraft/i,
  topic: /topic/i,
  producer: /producer/i,
  consumer: /consumer/i,
}

export const kafkaProperties: readonly ConfigFormat[] = places.map(place => ({
  label: place,
  match: (document, known) =>
    document.format === 'properties' ? scoreByNames(document, known, place, places, fileNames[place]) : 0,
  read: (document, known) => ({
    keys: document.leaves.map(leaf => readKey(leaf, place, known)),
    nodes: place === 'broker' ? nodesOf(document) : [],
    notes: [],
    mentions: [],
    ...(place === 'producer' || place === 'consumer' ? { client: 'java' } : {}),
  }),
  spell: (setting, _, known) => spell(setting, place, known),
}))

function spell({ place, name, value }: WantedSetting, own: Place, known: KnownSettings): SpelledSetting[] {
  if (place === own) return [{ path: [name], value }]
  const byDefault = own === 'broker' && place === 'topic' ? brokerDefault(name, known) : undefined
  return byDefault === undefined ? [] : [{ path: [byDefault], value, as: { place: 'broker', name: byDefault } }]
}

function readKey(leaf: ConfigDocument['leaves'][number], place: Place, known: KnownSettings): ReadKey {
  const key = leaf.path[0] ?? ''
  const value = leaf.value
  // Kafka Connect, MirrorMaker and Streams give settings of their clients with a prefix.
  const prefixed = /^(?<role>producer|consumer)\.(?<name>.+)$/.exec(key)?.groups
  const role = prefixed?.['role']
  const name = prefixed?.['name'] ?? ''
  if ((role === 'producer' || role === 'consumer') && known.has(role, name))
    return { key, leaf, meaning: { kind: 'setting', place: role, name, value } }
  return { key, leaf, meaning: { kind: 'setting', place, name: key, value } }
}

function nodesOf(document: ConfigDocument): NodeFact[] {
  const value = (name: string) => document.leaves.find(({ path }) => path[0] === name)
  return nodeOf({
    roles: value('process.roles')?.value ?? null,
    voters: value('controller.quorum.voters')?.value ?? null,
    count: 1,
    complete: false,
    file: document.file,
    line: value('process.roles')?.line ?? value('node.id')?.line ?? value('broker.id')?.line ?? 1,
  })
}
