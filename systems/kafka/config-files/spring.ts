/** Spring Boot's `spring.kafka.*`, in application.yml, application.properties or environment variables. */
import { ownValue } from '../../../model/input/own-value.ts'
import { canonical, isProfile, joined, millis, springLeaves, springPath } from '../../shared/config-files/spring.ts'
import { certain } from '../../shared/config-files/types.ts'
import type {
  ConfigFormat,
  FileNote,
  KeyMeaning,
  Leaf,
  ReadKey,
  SettingPlace,
  WantedSetting,
} from '../../shared/config-files/types.ts'

const prefix = 'spring.kafka'

type Convert = (value: Leaf['value']) => Leaf['value']
const asIs: Convert = value => value
const bytes: Convert = value => {
  const match = /^(?<number>\d+)\s*(?<unit>B|KB|MB|GB)?$/i.exec(String(value))?.groups
  if (!match) return value
  const factor = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }[(match['unit'] ?? 'B').toUpperCase()] ?? 1
  return Number(match['number']) * factor
}

/** Spring's name below `spring.kafka.producer` or `spring.kafka.consumer` → Kafka's name. */
const renamed: Readonly<Record<'producer' | 'consumer', Readonly<Record<string, readonly [string, Convert]>>>> = {
  producer: {
    acks: ['acks', asIs],
    batchsize: ['batch.size', bytes],
    buffermemory: ['buffer.memory', bytes],
    compressiontype: ['compression.type', asIs],
    retries: ['retries', asIs],
    bootstrapservers: ['bootstrap.servers', asIs],
    clientid: ['client.id', asIs],
    keyserializer: ['key.serializer', asIs],
    valueserializer: ['value.serializer', asIs],
    transactionidprefix: ['transactional.id', asIs],
  },
  consumer: {
    autocommitinterval: ['auto.commit.interval.ms', millis],
    autooffsetreset: ['auto.offset.reset', asIs],
    bootstrapservers: ['bootstrap.servers', asIs],
    clientid: ['client.id', asIs],
    enableautocommit: ['enable.auto.commit', asIs],
    fetchmaxwait: ['fetch.max.wait.ms', millis],
    fetchminsize: ['fetch.min.bytes', bytes],
    groupid: ['group.id', asIs],
    heartbeatinterval: ['heartbeat.interval.ms', millis],
    isolationlevel: ['isolation.level', value => String(value).toLowerCase().replaceAll('-', '_')],
    keydeserializer: ['key.deserializer', asIs],
    valuedeserializer: ['value.deserializer', asIs],
    maxpollrecords: ['max.poll.records', asIs],
    maxpollinterval: ['max.poll.interval.ms', millis],
  },
}

/** Modes in which Spring's listener container commits after the listener has returned: per record, or per poll. */
const ackModes: Readonly<Record<string, 'message' | 'batch'>> = {
  record: 'message',
  batch: 'batch',
  time: 'batch',
  count: 'batch',
  counttime: 'batch',
  manual: 'batch',
  manualimmediate: 'message',
}

export const springKafka: ConfigFormat = {
  label: 'settings of Spring Boot',
  match: document => (springLeaves(document, prefix).length > 0 ? certain : 0),
  read(document) {
    const leaves = springLeaves(document, prefix)
    const keys = leaves.map((leaf): ReadKey => ({ key: joined(leaf.path), leaf, meaning: springMeaning(leaf) }))
    if (isProfile(document)) {
      const reason = 'this document belongs to a profile; only the default profile is read'
      return {
        keys: keys.map(key => ({ ...key, meaning: { kind: 'no-effect', reason } })),
        nodes: [],
        notes: [],
        mentions: [],
      }
    }
    const others = document.leaves.length - leaves.length
    const notes: FileNote[] =
      others > 0 ? [{ line: document.leaves[0]?.line ?? 1, text: `${others} other values of the application` }] : []
    return { keys: withListener(keys), nodes: [], notes, mentions: [], client: 'java' }
  },
  spell(setting, document) {
    const property = isProfile(document) ? undefined : springProperty(setting)
    return property === undefined
      ? []
      : [{ path: springPath(document, ['spring', 'kafka', ...property.path]), value: property.value }]
  },
}

/** Spring's own names, as its documentation spells them. Every other setting goes below `properties`. */
const documentedNames: Readonly<Record<'producer' | 'consumer', Readonly<Record<string, string>>>> = {
  producer: { acks: 'acks', retries: 'retries', 'batch.size': 'batch-size', 'buffer.memory': 'buffer-memory' },
  consumer: {
    'auto.commit.interval.ms': 'auto-commit-interval',
    'auto.offset.reset': 'auto-offset-reset',
    'enable.auto.commit': 'enable-auto-commit',
    'isolation.level': 'isolation-level',
    'max.poll.records': 'max-poll-records',
    'max.poll.interval.ms': 'max-poll-interval',
  },
}

function springProperty({ place, name, value }: WantedSetting): { path: string[]; value: Leaf['value'] } | undefined {
  if (place === 'producer' || place === 'consumer') {
    const own = ownValue(documentedNames[place], name)
    return { path: own === undefined ? [place, 'properties', name] : [place, own], value }
  }
  // The listener container commits after the listener has returned, unless the client commits by itself.
  if (place === 'workload' && name === 'commit' && value === 'after')
    return { path: ['consumer', 'enable-auto-commit'], value: false }
  if (place === 'workload' && name === 'unit')
    return { path: ['listener', 'ack-mode'], value: value === 'message' ? 'record' : 'batch' }
  return place === 'workload' && name === 'consumers' ? { path: ['listener', 'concurrency'], value } : undefined
}

/** `SPRING_KAFKA_PRODUCER_ACKS`: separators cannot be told from dots, so the letters alone are compared. */
export function springVariable(name: string, leaf: Leaf): KeyMeaning {
  const rest = canonical(name).replace(/^springkafka/, '')
  const role = rest.startsWith('producer') ? 'producer' : rest.startsWith('consumer') ? 'consumer' : undefined
  if (role === undefined) return otherMeaning([rest], leaf)
  return clientMeaning(role, [rest.slice(role.length)], leaf)
}

function springMeaning(leaf: Leaf): KeyMeaning {
  const path = joined(leaf.path).split('.').slice(2)
  const [first = '', ...rest] = path
  const role = canonical(first)
  return role === 'producer' || role === 'consumer' ? clientMeaning(role, rest, leaf) : otherMeaning(path, leaf)
}

function clientMeaning(role: 'producer' | 'consumer', path: readonly string[], leaf: Leaf): KeyMeaning {
  const [first = '', ...rest] = path
  if (canonical(first) === 'properties') return { kind: 'setting', place: role, name: rawName(rest), value: leaf.value }
  if (canonical(first) === 'ssl' || canonical(first) === 'security')
    return { kind: 'replaced', reason: 'all listeners of a test cluster are plaintext' }
  const known = renamed[role][canonical(path.join(''))]
  if (!known) return { kind: 'unknown', hint: `Spring Boot has no such property below ${prefix}.${role}` }
  const [name, convert] = known
  return { kind: 'setting', place: role, name, value: convert(leaf.value) }
}

function otherMeaning(path: readonly string[], leaf: Leaf): KeyMeaning {
  const [first = '', ...rest] = path
  const head = canonical(first)
  if (['bootstrapservers', 'clientid', 'ssl', 'security', 'jaas'].includes(head))
    return { kind: 'replaced', reason: 'addresses, names and security are those of the test cluster' }
  if (['admin', 'streams', 'template', 'retry'].includes(head))
    return { kind: 'no-effect', reason: 'not a setting of a producer or a consumer' }
  if (head === 'properties') return { kind: 'setting', place: 'producer', name: rawName(rest), value: leaf.value }
  if (head === 'listener') return listenerMeaning(canonical(rest.join('')), leaf)
  return { kind: 'unknown', hint: `Spring Boot has no such property below ${prefix}` }
}

function listenerMeaning(name: string, leaf: Leaf): KeyMeaning {
  if (name === 'concurrency') return { kind: 'setting', place: 'workload', name: 'consumers', value: leaf.value }
  if (name === 'ackmode') {
    const unit = ackModes[canonical(String(leaf.value))]
    return unit === undefined
      ? { kind: 'unknown', hint: `expected one of ${Object.keys(ackModes).join(', ')}` }
      : { kind: 'setting', place: 'workload', name: 'unit', value: unit }
  }
  return { kind: 'no-effect', reason: 'an option of the listener container that does not change commits' }
}

/** Spring for Apache Kafka turns auto commit off and commits after its listener has returned, unless the file says otherwise. */
function withListener(keys: readonly ReadKey[]): ReadKey[] {
  const value = (place: SettingPlace, name: string) =>
    keys.find(({ meaning }) => meaning.kind === 'setting' && meaning.place === place && meaning.name === name)
  const consumes = keys.some(({ meaning }) => meaning.kind === 'setting' && meaning.place === 'consumer')
  const auto = value('consumer', 'enable.auto.commit')
  if (!consumes || String(auto?.leaf.value) === 'true') return [...keys]
  const leaf =
    auto?.leaf ?? keys.find(({ meaning }) => meaning.kind === 'setting' && meaning.place === 'consumer')?.leaf
  if (!leaf) return [...keys]
  return [
    ...keys.filter(key => key !== auto),
    ...(auto
      ? [{ ...auto, meaning: { kind: 'setting', place: 'workload', name: 'commit', value: 'after' } } as const]
      : [
          {
            key: 'spring.kafka.listener (default)',
            leaf,
            meaning: { kind: 'setting', place: 'workload', name: 'commit', value: 'after' } as const,
          },
        ]),
  ]
}

/** Names below `properties` are Kafka's own: `linger.ms`, `[linger.ms]` or nested maps. */
const rawName = (path: readonly string[]) => path.join('.').replaceAll(/[[\]]/g, '')
