/** Settings of kafkajs as JSON, in the objects of its interface: `new Kafka({…})`, `producer({…})`, `consumer({…})`. */
import { ownValue } from '../../../model/input/own-value.ts'
import { nearest } from '../../../model/nearest.ts'
import { certain } from '../../shared/config-files/types.ts'
import type { SettingValue } from '../../../model/plan.ts'
import type { ConfigDocument, ConfigFormat, KeyMeaning, Leaf, WantedSetting } from '../../shared/config-files/types.ts'

const replacedKafkajs = 'addresses, names, security and logging are those of the test'

/** Keys of kafkajs, by the object that they belong to: `new Kafka({…})`, `producer({…})`, `consumer({…})`, `run({…})`. */
const kafkajsKeys: Readonly<Record<string, KeyMeaning | ((leaf: Leaf) => KeyMeaning)>> = {
  clientId: { kind: 'replaced', reason: replacedKafkajs },
  brokers: { kind: 'replaced', reason: replacedKafkajs },
  ssl: { kind: 'replaced', reason: replacedKafkajs },
  sasl: { kind: 'replaced', reason: replacedKafkajs },
  logLevel: { kind: 'replaced', reason: replacedKafkajs },
  groupId: { kind: 'replaced', reason: replacedKafkajs },
  transactionalId: { kind: 'replaced', reason: 'the test sends no transactions' },
  transactionTimeout: { kind: 'replaced', reason: 'the test sends no transactions' },
  allowAutoTopicCreation: { kind: 'replaced', reason: 'the test creates its topics itself' },
  acks: to('producer', 'acks'),
  compression: { kind: 'no-effect', reason: 'no effect on loss, duplicates or order' },
  idempotent: to('producer', 'enable.idempotence'),
  sessionTimeout: to('consumer', 'session.timeout.ms'),
  heartbeatInterval: to('consumer', 'heartbeat.interval.ms'),
  rebalanceTimeout: to('consumer', 'max.poll.interval.ms'),
  fromBeginning: leaf => ({
    kind: 'setting',
    place: 'consumer',
    name: 'auto.offset.reset',
    value: String(leaf.value) === 'true' ? 'earliest' : 'latest',
  }),
  autoCommit: to('consumer', 'enable.auto.commit'),
  autoCommitInterval: to('consumer', 'auto.commit.interval.ms'),
  readUncommitted: leaf => ({
    kind: 'setting',
    place: 'consumer',
    name: 'isolation.level',
    value: String(leaf.value) === 'true' ? 'read_uncommitted' : 'read_committed',
  }),
  ...Object.fromEntries(
    [
      'requestTimeout',
      'connectionTimeout',
      'enforceRequestTimeout',
      'maxInFlightRequests',
      'metadataMaxAge',
      'retry.retries',
      'retry.initialRetryTime',
      'retry.maxRetryTime',
      'retry.factor',
      'retry.multiplier',
      'maxWaitTimeInMs',
      'minBytes',
      'maxBytes',
      'maxBytesPerPartition',
      'autoCommitThreshold',
      'partitionsConsumedConcurrently',
    ].map(name => [name, to('client', name)]),
  ),
}

function to(place: 'producer' | 'consumer' | 'client', name: string) {
  return ({ value }: Leaf): KeyMeaning => ({ kind: 'setting', place, name, value })
}

const kafkajsObjects = new Set(['kafka', 'client', 'producer', 'consumer', 'run', 'send', 'subscribe', 'config'])
const kafkajsName = ({ path }: Leaf) =>
  path.filter((part, at) => !(kafkajsObjects.has(part) && at < path.length - 1) && !/^\d+$/.test(part)).join('.')
const kafkajsMeaning = (leaf: Leaf) => {
  const name = kafkajsName(leaf)
  return ownValue(kafkajsKeys, name) ?? ownValue(kafkajsKeys, name.split('.')[0] ?? '')
}

export const kafkajs: ConfigFormat = {
  label: 'settings of kafkajs',
  match(document) {
    if (document.format === 'properties') return 0
    const known = document.leaves.filter(leaf => kafkajsMeaning(leaf) !== undefined)
    const isTelling = known.some(leaf => !['acks', 'brokers', 'ssl', 'sasl', 'compression'].includes(kafkajsName(leaf)))
    return isTelling && known.length * 2 >= document.leaves.length ? certain / 2 + known.length : 0
  },
  read: document => ({
    keys: document.leaves.map(leaf => ({ key: leaf.path.join('.'), leaf, meaning: kafkajsKey(leaf) })),
    nodes: [],
    notes: [],
    mentions: [],
    client: 'kafkajs',
  }),
  spell(setting, document) {
    const found = Object.keys(kafkajsKeys).find(key => means(key, setting))
    if (found === undefined) return []
    const parts = found.split('.')
    const object = objectOf(document, setting.place === 'client' ? 'kafka' : setting.place)
    return [{ path: [...object, ...parts], value: kafkajsValue(found, setting.value) }]
  },
}

const means = (key: string, { place, name }: WantedSetting) => {
  const meaning = kafkajsKeys[key]
  if (typeof meaning !== 'function') return false
  const read = meaning({ path: [key], value: null, line: 1 })
  return read.kind === 'setting' && read.place === place && read.name === name
}

/** kafkajs takes acknowledgements as a number, and two settings as the answer to another question. */
function kafkajsValue(key: string, value: SettingValue): SettingValue {
  if (key === 'acks' && value === 'all') return -1
  if (key === 'fromBeginning') return value === 'earliest'
  return key === 'readUncommitted' ? value === 'read_uncommitted' : value
}

/** The keys of the object that the document has for a client, such as `producer`; none where it is flat. */
function objectOf(document: ConfigDocument, name: string): string[] {
  const leaf = document.leaves.find(({ path }) => path.slice(0, -1).includes(name))
  return leaf ? leaf.path.slice(0, leaf.path.indexOf(name) + 1) : []
}

function kafkajsKey(leaf: Leaf): KeyMeaning {
  const meaning = kafkajsMeaning(leaf)
  if (typeof meaning === 'function') return meaning(leaf)
  if (meaning) return meaning
  const word = nearest(kafkajsName(leaf), Object.keys(kafkajsKeys))
  return word === undefined ? { kind: 'unknown' } : { kind: 'unknown', hint: `did you mean ${word}?` }
}
