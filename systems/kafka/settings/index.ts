/** The settings of Kafka's brokers and topics, and those that Lossproof keeps for itself. */
import { tableFor } from '../../shared/settings/known.ts'
import type { ReservedSettings, SettingTable } from '../../shared/settings/known.ts'
import table431 from './4.3.1.json' with { type: 'json' }

const tables = [['4.3.1', table431]] as const satisfies readonly (readonly [string, SettingTable])[]

/** Topic settings that are no configuration of Kafka but parts of its request to create a topic. */
const creation = {
  partitions: { type: 'int', valid: '[1,...,1000]', default: '1' },
  'replication.factor': { type: 'int', valid: '[1,...,9]' },
  leaders: { type: 'string', valid: '[one, spread]', default: 'one' },
}

export function kafkaSettings(version: string): { broker: SettingTable[string]; topic: SettingTable[string] } {
  const { broker = {}, topic = {} } = tableFor(tables, version)
  return { broker, topic: { ...creation, ...topic } }
}

export const reservedBrokerSettings: readonly ReservedSettings[] = [
  {
    names: ['node.id', 'broker.id', 'process.roles', 'controller.quorum.voters', 'controller.quorum.bootstrap.servers'],
    reason:
      'Lossproof numbers the nodes and gives them their roles; cluster.brokers and cluster.controllers say how many',
  },
  {
    names: [
      'listeners',
      'advertised.listeners',
      'listener.security.protocol.map',
      'inter.broker.listener.name',
      'security.inter.broker.protocol',
      'controller.listener.names',
      'early.start.listeners',
      'listener.name.*',
    ],
    reason: 'Lossproof connects clients and brokers through proxies of its own, so that faults can cut each link',
  },
  {
    names: ['log.dir', 'log.dirs', 'metadata.log.dir'],
    reason: 'the data must lie on the disk that disk faults hit',
  },
  { names: ['ssl.*', 'sasl.*'], reason: 'all listeners of a test cluster are plaintext, so it would have no effect' },
  { names: ['log.cleaner.dedupe.buffer.size'], reason: 'the heap of a broker in a test cluster has 192 MB' },
]

/**
 * A setting as the environment of common Docker images spells it (`KAFKA_LOG_DIRS`, `KAFKA_CFG_LOG_DIRS`) → its name in
 * server.properties.
 */
export const plainKafkaName = (name: string): string =>
  /^KAFKA_[A-Z0-9_]+$/.test(name)
    ? name
        .replace(/^KAFKA_(?:CFG_)?/, '')
        .toLowerCase()
        .replaceAll('_', '.')
    : name
