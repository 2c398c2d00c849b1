/** Settings of librdkafka, as JSON or properties, under the names of its own documentation or of Kafka's. */
import { ownValue } from '../../../model/input/own-value.ts'
import { nearest } from '../../../model/nearest.ts'
import { certain } from '../../shared/config-files/types.ts'
import type {
  ConfigDocument,
  ConfigFormat,
  KeyMeaning,
  KnownSettings,
  Leaf,
  ReadKey,
} from '../../shared/config-files/types.ts'
import names from './librdkafka-names.json' with { type: 'json' }

const replacedAddresses = 'Lossproof connects clients through proxies of its own, so that faults can cut each link'
type Role = 'producer' | 'consumer'

/** librdkafka's names for settings that Kafka documents under others. */
const documented: Readonly<Record<string, string>> = {
  'request.required.acks': 'acks',
  'message.send.max.retries': 'retries',
  'message.timeout.ms': 'delivery.timeout.ms',
  'queue.buffering.max.ms': 'linger.ms',
  'max.in.flight': 'max.in.flight.requests.per.connection',
  'message.max.bytes': 'max.request.size',
  'fetch.wait.max.ms': 'fetch.max.wait.ms',
  'fetch.message.max.bytes': 'max.partition.fetch.bytes',
  'compression.codec': 'compression.type',
  'auto.commit.enable': 'enable.auto.commit',
}
const own = new Set([
  'enable.auto.offset.store',
  'queue.buffering.max.messages',
  'socket.timeout.ms',
  'reconnect.backoff.ms',
  'reconnect.backoff.max.ms',
])
/** Names that only librdkafka has, so that a flat file with one of them is one of its configurations. */
const telling = new Set(Object.keys(documented).concat([...own], ['metadata.broker.list', 'queued.min.messages']))
const tables: Readonly<Record<string, string>> = names

const nameOf = ({ path }: Leaf) => path.filter(part => !wrappers.has(part)).join('.')
/** Maps around the settings in common wrappers; `producer` and `consumer` also say whose settings they are. */
const wrappers = new Set(['producer', 'consumer', 'config', 'global', 'topic', 'default.topic.config', 'kafka'])

export const librdkafka: ConfigFormat = {
  label: 'settings of librdkafka',
  match(document) {
    const found = document.leaves.filter(leaf => telling.has(nameOf(leaf))).length
    const known = document.leaves.filter(leaf => nameOf(leaf) in tables).length
    return found > 0 && known * 2 >= document.leaves.length ? certain / 2 + found : 0
  },
  read: (document, known) => ({
    keys: document.leaves.map(leaf => librdkafkaKey(leaf, roleOf(document, leaf), known)),
    nodes: [],
    notes: [],
    mentions: [],
    client: 'librdkafka',
  }),
  spell({ place, name, value }, document) {
    if (place !== 'producer' && place !== 'consumer' && place !== 'client') return []
    const [other] = Object.entries(documented).find(([, documentedName]) => documentedName === name) ?? []
    const spelled = Object.hasOwn(tables, name) ? name : other
    // Beside a setting of the same client, because wrappers put them into maps of their own.
    const beside =
      place === 'client' ? document.leaves.at(-1) : document.leaves.findLast(leaf => roleOf(document, leaf) === place)
    if (spelled === undefined || !beside) return []
    return [{ path: [...wrapping(beside), spelled], value }]
  },
}

/** The maps around a setting, whose own name may consist of several keys. */
const wrapping = ({ path }: Leaf) => {
  const end = path.findLastIndex(part => wrappers.has(part))
  return path.slice(0, end + 1)
}

/** Whose setting it is: the map around it says so, else the other settings of the file. */
function roleOf(document: ConfigDocument, leaf: Leaf): Role {
  const wrapped = leaf.path.find(part => part === 'producer' || part === 'consumer')
  if (wrapped === 'producer' || wrapped === 'consumer') return wrapped
  const only = tables[nameOf(leaf)]
  if (only === 'P') return 'producer'
  if (only === 'C') return 'consumer'
  const isConsumer = document.leaves.some(other => tables[nameOf(other)] === 'C' || nameOf(other) === 'group.id')
  const isProducer = document.leaves.some(other => tables[nameOf(other)] === 'P')
  return isConsumer && !isProducer ? 'consumer' : 'producer'
}

function librdkafkaKey(leaf: Leaf, role: Role, known: KnownSettings): ReadKey {
  const name = nameOf(leaf)
  const meaning = ((): KeyMeaning => {
    const target = ownValue(documented, name) ?? name
    if (own.has(name)) return { kind: 'setting', place: 'client', name, value: leaf.value }
    if (name === 'metadata.broker.list') return { kind: 'replaced', reason: replacedAddresses }
    if (known.has(role, target) || known.reserved(role, target) !== undefined)
      return { kind: 'setting', place: role, name: target, value: leaf.value }
    if (Object.hasOwn(tables, name))
      return { kind: 'unsupported', reason: 'the test does not apply this setting of librdkafka' }
    const word = nearest(name, Object.keys(tables))
    return word === undefined ? { kind: 'unknown' } : { kind: 'unknown', hint: `did you mean ${word}?` }
  })()
  return { key: leaf.path.join('.'), leaf, meaning }
}
