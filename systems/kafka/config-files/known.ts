/** Which settings Kafka 4 knows at each place, which of them Lossproof sets itself, and which cannot cause loss. */
import { ownValue } from '../../../model/input/own-value.ts'
import type { SettingValue } from '../../../model/plan.ts'
import type { KnownSettings, SettingPlace } from '../../shared/config-files/types.ts'
import { settingsOf } from '../../../workloads/clients/catalog.ts'
import names from '../../../workloads/clients/java/config-names.json' with { type: 'json' }

const addresses = 'Lossproof connects clients and brokers through proxies of its own, so that faults can cut each link'
const security = 'all listeners of a test cluster are plaintext'
const classes = 'the class is not on the class path of the test cluster'
const serializers = 'the test sends and reads bytes of its own'
const identity = 'Lossproof names clients and groups itself'

/** Client settings that the test sets itself, or cannot apply. A name that ends in `*` covers all names that begin so. */
const reservedClient: readonly [readonly string[], string][] = [
  [['bootstrap.servers', 'client.dns.lookup', 'client.rack'], addresses],
  [['ssl.*', 'sasl.*', 'security.*'], security],
  [['client.id', 'group.id'], identity],
  [
    [
      'key.serializer',
      'value.serializer',
      'key.deserializer',
      'value.deserializer',
      'schema.registry.*',
      'auto.register.schemas',
      'use.latest.version',
      'specific.avro.reader',
      'spring.json.*',
      'spring.deserializer.*',
      'json.*',
    ],
    serializers,
  ],
  [['interceptor.classes', 'metric.reporters', 'config.providers*'], classes],
  [
    ['transactional.id', 'transaction.timeout.ms', 'transaction.two.phase.commit.enable'],
    'the test sends no transactions',
  ],
  [['partitioner.*'], 'the workload chooses the partition of each message'],
]

const reservedTopic: readonly [readonly string[], string][] = [
  [['leader.replication.throttled.replicas', 'follower.replication.throttled.replicas'], 'the test creates the topic'],
]

const noEffectBroker = [
  'num.network.threads',
  'num.io.threads',
  'num.recovery.threads.per.data.dir',
  'num.replica.alter.log.dirs.threads',
  'background.threads',
  'socket.send.buffer.bytes',
  'socket.receive.buffer.bytes',
  'socket.request.max.bytes',
  'socket.listen.backlog.size',
  'compression.*',
  'delete.topic.enable',
  'metrics.*',
  'metric.*',
  'auto.include.jmx.reporter',
  'telemetry.*',
  'client.quota.*',
  'quota.window.*',
  'controller.quota.*',
  'broker.rack',
]
const noEffectClient = [
  'compression.*',
  'send.buffer.bytes',
  'receive.buffer.bytes',
  'metrics.*',
  'enable.metrics.push',
  'auto.include.jmx.reporter',
  'exclude.internal.topics',
  'allow.auto.create.topics',
]
const noEffectTopic = ['compression.*']

/** Names that were settings of older versions, or belong to other programs. */
const outdated: readonly [readonly string[], string][] = [
  [
    ['zookeeper.*', 'control.plane.listener.name', 'broker.id.generation.enable', 'reserved.broker.max.id'],
    'removed in Kafka 4.0 with ZooKeeper; the test cluster uses KRaft',
  ],
  [
    ['inter.broker.protocol.version', 'log.message.format.version', 'message.format.version'],
    'removed in Kafka 4.0; the metadata version takes its place',
  ],
  [['port', 'host.name', 'advertised.host.name', 'advertised.port'], 'removed in Kafka 3.0; listeners take its place'],
  [
    ['metadata.broker.list', 'broker.list', 'producer.type', 'request.required.acks', 'serializer.class'],
    'a setting of the Scala producer, which was removed in Kafka 0.11',
  ],
  [['confluent.*'], 'a setting of Confluent Server, which Apache Kafka does not have'],
  [['cruise.control.*', 'strimzi.*'], 'a setting of another program'],
]

/** Parts of the request that creates a topic. They are not settings of Kafka. */
const creation = new Set(['partitions', 'replication.factor'])

export const covers = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name

const reasonFor = (rules: readonly [readonly string[], string][], name: string): string | undefined =>
  rules.find(([patterns]) => patterns.some(pattern => covers(pattern, name)))?.[1]

const isClient = (place: SettingPlace): place is 'producer' | 'consumer' => place === 'producer' || place === 'consumer'

/** `brokerNames`, `topicNames`, `refuse` and `reservedBroker` come from the planner's tables for this version. */
export interface BrokerTables {
  names(place: 'broker' | 'topic'): ReadonlySet<string>
  refuse(place: 'broker' | 'topic', name: string, value: SettingValue): string | undefined
  reserved(name: string): string | undefined
  isClass(name: string): boolean
}

export function knownKafkaSettings(tables: BrokerTables): KnownSettings {
  const has = (place: SettingPlace, name: string) => {
    if (isClient(place)) return Object.hasOwn(names[place], name)
    if (place === 'topic') return creation.has(name) || tables.names('topic').has(name)
    return place === 'broker' && tables.names('broker').has(name)
  }
  return {
    has,
    names: place => {
      if (isClient(place)) return Object.keys(names[place])
      return place === 'broker' || place === 'topic' ? [...tables.names(place)] : []
    },
    refuse: (place, name, value) => {
      if (isClient(place)) return settingsOf('java', place).get(name)?.check(value)
      return place === 'broker' || place === 'topic' ? tables.refuse(place, name, value) : undefined
    },
    reserved: (place, name) => {
      if (isClient(place)) return reasonFor(reservedClient, name)
      if (place === 'topic') return reasonFor(reservedTopic, name)
      return tables.reserved(name) ?? (tables.isClass(name) ? classes : undefined)
    },
  }
}

export function noEffectOnKafka(place: SettingPlace, name: string): string | undefined {
  const patterns = isClient(place) ? noEffectClient : place === 'topic' ? noEffectTopic : noEffectBroker
  return patterns.some(pattern => covers(pattern, name)) ? 'no effect on loss, duplicates or order' : undefined
}

export const outdatedInKafka = (name: string): string | undefined => reasonFor(outdated, name)

/** Settings of topics whose default for all topics has another name in the configuration of brokers. */
const brokerDefaults: Readonly<Record<string, string>> = {
  partitions: 'num.partitions',
  'replication.factor': 'default.replication.factor',
  'cleanup.policy': 'log.cleanup.policy',
  'flush.messages': 'log.flush.interval.messages',
  'flush.ms': 'log.flush.interval.ms',
  'retention.bytes': 'log.retention.bytes',
  'retention.ms': 'log.retention.ms',
  'segment.bytes': 'log.segment.bytes',
  'segment.ms': 'log.roll.ms',
}

/** The setting of brokers that is the default of a setting of topics. */
export function brokerDefault(name: string, known: KnownSettings): string | undefined {
  const other = ownValue(brokerDefaults, name)
  if (other !== undefined) return other
  return known.has('broker', name) ? name : undefined
}
