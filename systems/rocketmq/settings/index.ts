/** The settings of RocketMQ's brokers, controllers and topics, and those that Lossproof keeps for itself. */
import { tableFor } from '../../shared/settings/known.ts'
import type { ReservedSettings, SettingTable } from '../../shared/settings/known.ts'
import table497 from './4.9.7.json' with { type: 'json' }
import table550 from './5.5.0.json' with { type: 'json' }

const tables = [
  ['5.5.0', table550],
  ['4.9.7', table497],
] as const satisfies readonly (readonly [string, SettingTable])[]

/** Topics have no configuration; these are parts of the request to create one. */
const topic = {
  queues: { type: 'int', valid: '[1,...,1000]', default: '1' },
  perm: { type: 'int', valid: '[0,...,7]', default: '6' },
  onSlaves: { type: 'boolean', default: 'true' },
}

export interface RocketmqSettings {
  broker: SettingTable[string]
  /** Settings that controllers read; scenarios give them as broker settings. */
  controller: SettingTable[string]
  topic: SettingTable[string]
}

export function rocketmqSettings(version: string): RocketmqSettings {
  const { broker = {}, controller = {} } = tableFor(tables, version)
  return { broker, controller, topic }
}

/** Whether a broker setting of a scenario configures the controllers, which run inside the name servers. */
export function isControllerSetting(name: string, version: string): boolean {
  const { broker, controller } = rocketmqSettings(version)
  return Object.hasOwn(controller, name) && !Object.hasOwn(broker, name)
}

export const reservedBrokerSettings: readonly ReservedSettings[] = [
  {
    names: [
      'storePath*',
      'storeCheckpoint',
      'abortFile',
      'readOnlyCommitLogStorePaths',
      'kvConfigPath',
      'configStorePath',
      'rocketmqHome',
      'brokerConfigPath',
      'controllerStorePath',
    ],
    reason: 'the data must lie on the disk that disk faults hit',
  },
  {
    names: ['brokerName', 'brokerId', 'brokerClusterName', 'clusterName', 'configName'],
    reason: 'Lossproof names and numbers the brokers; cluster.masters and cluster.slaves say how many',
  },
  {
    names: [
      'namesrvAddr',
      'fetchNamesrvAddrByAddressServer',
      'fetchNameSrvAddrByDnsLookup',
      'listenPort',
      'bindAddress',
      'brokerIP1',
      'brokerIP2',
      'haListenPort',
      'haMasterAddress',
      'controllerAddr',
      'fetchControllerAddrByDnsLookup',
      'socksProxyConfig',
      'useTLS',
    ],
    reason: 'Lossproof connects clients and brokers through proxies of its own, so that faults can cut each link',
  },
  {
    names: [
      'enableControllerMode',
      'enableControllerInNamesrv',
      'controllerDLeger*',
      'controllerType',
      'totalReplicas',
    ],
    reason: 'cluster.mode: controller starts controllers, and cluster.nameServers says how many',
  },
  {
    names: ['enableDLegerCommitLog', 'dLegerGroup', 'dLegerPeers', 'dLegerSelfId', 'preferredLeaderId'],
    reason: 'DLedger clusters are not supported; cluster.mode: controller is the mode in which masters are elected',
  },
]

/** Properties and environment variables of common images spell settings as configuration files do. */
export const plainRocketmqName = (name: string): string => name
