/** The configuration file of one RocketMQ process, as text, from the shape of its cluster. */
import type { Settings } from '../../model/plan.ts'
import { withoutNull } from '../../model/settings.ts'
import type { HarnessSetting } from '../shared/settings/known.ts'
import { brokerHarnessSettings, controllerHarnessSettings } from './harness-settings.ts'
import { isControllerSetting } from './settings/index.ts'
import { clientProxyPort } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'

export const brokerName = (id: number) => `broker-${id}`
export const nameServerName = (id: number) => `namesrv-${id}`
export const proxyName = (id: number) => `proxy-${id}`

/** The id of the first name server. In controller mode each name server holds a controller. */
export const firstNameServer = 101
/** The id of the first proxy. Clients of RocketMQ 5's gRPC protocol connect to proxies. */
export const firstProxy = 201
const clusterName = 'lossproof'
const brokerPort = 10_911
const nameServerPort = 9876
const controllerPort = 9878
const proxyPort = 8081
const haPort = 9100
const controllerProxyPort = 24_000

/** Brokers with one name. In classic mode the first is always the master; in controller mode the master is elected. */
export interface BrokerGroup {
  brokerName: string
  /** Master and slaves. */
  replicas: number
  /** Settings of every broker of the group; they override the settings of the cluster. */
  settings: Settings
}

export interface RocketmqShape {
  mode: 'classic' | 'controller'
  /** One; in controller mode one or three. */
  nameServers: number
  groups: BrokerGroup[]
  /** `system`: only addresses, paths and identity are set. */
  defaults?: 'lossproof' | 'system' | undefined
  /** Decides the ports: brokers of 4.x ignore haListenPort and tell slaves to use listenPort + 1. */
  version?: string
  /** Version 5 in classic mode only. Proxies start last, because they need a running master. Absent: none. */
  proxies?: number | undefined
}

export interface RocketmqNodeShape {
  id: number
  name: string
  role: 'broker' | 'namesrv' | 'proxy'
  /** The group of a broker; undefined for other nodes. */
  group: BrokerGroup | undefined
  place: number
  port: number
  /** The port from which slaves copy while this broker is the master. */
  haPort: number
}

/** All nodes in the order in which they start: name servers, brokers, proxies. Brokers are numbered from 1. */
export function rocketmqNodes(shape: RocketmqShape): RocketmqNodeShape[] {
  const nameServers = Array.from({ length: shape.nameServers }, (_, at) => firstNameServer + at)
  const proxies = Array.from({ length: shape.proxies ?? 0 }, (_, at) => firstProxy + at)
  const places = shape.groups.flatMap(group => Array.from({ length: group.replicas }, (_, place) => ({ group, place })))
  return [
    ...nameServers.map(id => ({
      id,
      name: nameServerName(id - firstNameServer + 1),
      role: 'namesrv' as const,
      group: undefined,
      place: 0,
      port: nameServerPort,
      haPort: 0,
    })),
    ...places.map(({ group, place }, at) => ({
      id: at + 1,
      name: brokerName(at + 1),
      role: 'broker' as const,
      group,
      place,
      ...portsOf(at + 1, shape.version),
    })),
    ...proxies.map(id => ({
      id,
      name: proxyName(id - firstProxy + 1),
      role: 'proxy' as const,
      group: undefined,
      place: 0,
      port: proxyPort,
      haPort: 0,
    })),
  ]
}

/** HA ports differ per broker, because one Toxiproxy container listens on all of them. */
function portsOf(id: number, version = ''): { port: number; haPort: number } {
  if (!version.startsWith('4.')) return { port: brokerPort, haPort: haPort + id }
  const port = brokerPort + 10 * (id - 1)
  return { port, haPort: port + 1 }
}

/** The address that the cluster gives to clients. A client maps it to the port that the proxy of its role publishes. */
export const advertisedAddress = (node: RocketmqNodeShape) => `${node.name}:${node.port}`
export const controllerAddress = (node: RocketmqNodeShape) => `${node.name}:${controllerPort}`

/** Addresses that must answer before a node first starts: a broker that finds no name server retries after 10 s only. */
export function awaitedBy(node: RocketmqNodeShape, shape: RocketmqShape): string[] {
  if (node.role === 'namesrv') return []
  return rocketmqNodes(shape)
    .filter(other => other.role === 'namesrv')
    .map(advertisedAddress)
}

/** Where Toxiproxy listens for `role` clients of a node. The port is published. */
export const clientProxy = (role: ClientRole, node: RocketmqNodeShape) => ({
  name: `${role}-${node.id}`,
  listenPort: clientProxyPort(role, node.id),
  upstream: advertisedAddress(node),
})
/** Where Toxiproxy listens for observers of a controller. The port is published. */
export const controllerProxy = (node: RocketmqNodeShape) => ({
  name: `controller-${node.id}`,
  listenPort: controllerProxyPort + node.id,
  upstream: controllerAddress(node),
})
/** Where Toxiproxy listens for the slaves of broker `id` while it is the master. The port is not published. */
export const haProxy = ({ id, name, haPort: port }: Pick<RocketmqNodeShape, 'id' | 'name' | 'haPort'>) => ({
  name: `replication-${id}`,
  listenPort: port,
  upstream: `${name}:${port}`,
})

/** The text of /etc/rocketmq/<role>.conf. `broker`: settings of every broker; a group's own settings override them. */
export function rocketmqConf(node: RocketmqNodeShape, shape: RocketmqShape, broker: Settings): string {
  if (node.role === 'proxy') return JSON.stringify(proxySettings(shape))
  const settings =
    node.role === 'namesrv' ? nameServerSettings(node, shape, broker) : brokerSettings(node, shape, broker)
  // null leaves a setting to RocketMQ.
  return Object.entries(withoutNull(settings))
    .map(([key, value]) => `${key}=${String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`)
    .join('')
}

/** The proxy tells each client to use the port at which it arrived, which is that of the client's own link. */
function proxySettings(shape: RocketmqShape): Settings {
  const nameServers = rocketmqNodes(shape).filter(other => other.role === 'namesrv')
  return {
    proxyMode: 'CLUSTER',
    rocketMQClusterName: clusterName,
    namesrvAddr: nameServers.map(advertisedAddress).join(';'),
    grpcServerPort: proxyPort,
    useEndpointPortFromRequest: true,
    enableTopicMessageTypeCheck: false,
  }
}

function nameServerSettings(node: RocketmqNodeShape, shape: RocketmqShape, broker: Settings): Settings {
  const peers = rocketmqNodes(shape).filter(other => other.role === 'namesrv')
  const given = [broker, ...shape.groups.map(group => group.settings)].flatMap(settings =>
    Object.entries(settings).filter(([key]) => isControllerSetting(key, versionOf(shape))),
  )
  return {
    listenPort: nameServerPort,
    kvConfigPath: '/meta/kv.json',
    configStorePath: '/meta/namesrv.properties',
    ...(shape.mode === 'controller'
      ? {
          enableControllerInNamesrv: true,
          controllerDLegerGroup: 'controllers',
          controllerDLegerPeers: peers.map(peer => `n${peer.id}-${controllerAddress(peer)}`).join(';'),
          controllerDLegerSelfId: `n${node.id}`,
          controllerStorePath: '/meta/controller',
          ...harnessSettings(shape, controllerHarnessSettings()),
          ...Object.fromEntries(given),
        }
      : {}),
  }
}

/**
 * Addresses: clients receive `broker-<id>:10911` and map it to a published port. Slaves receive the address of Toxiproxy
 * and an HA port of their master's own. Every broker has an HA port, because any broker can become master. A slave copies
 * topics and offsets from the master directly, so that copying survives a cut HA link.
 */
function brokerSettings(node: RocketmqNodeShape, shape: RocketmqShape, broker: Settings): Settings {
  const nameServers = rocketmqNodes(shape).filter(other => other.role === 'namesrv')
  const isController = shape.mode === 'controller'
  const isSlave = isController || node.place > 0
  const given = { ...broker, ...node.group?.settings }
  return {
    brokerClusterName: clusterName,
    brokerName: node.group?.brokerName ?? '',
    brokerId: isController ? -1 : node.place,
    namesrvAddr: nameServers.map(advertisedAddress).join(';'),
    listenPort: node.port,
    brokerIP1: node.name,
    brokerIP2: 'toxiproxy',
    haListenPort: node.haPort,
    storePathRootDir: '/data/store',
    storePathCommitLog: '/data/store/commitlog',
    ...harnessSettings(shape, brokerHarnessSettings(shape.mode, versionOf(shape))),
    ...(isController
      ? {
          enableControllerMode: true,
          controllerAddr: nameServers.map(controllerAddress).join(';'),
          totalReplicas: node.group?.replicas ?? 1,
        }
      : {}),
    brokerRole: 'ASYNC_MASTER',
    ...Object.fromEntries(Object.entries(given).filter(([key]) => !isControllerSetting(key, versionOf(shape)))),
    // brokerRole in a scenario describes the master of the group only.
    ...(isSlave ? { brokerRole: 'SLAVE' } : {}),
  }
}

function harnessSettings({ defaults }: RocketmqShape, settings: HarnessSetting[]): Settings {
  const kept = settings.filter(({ kind }) => defaults !== 'system' || kind === 'reserved')
  return Object.fromEntries(kept.map(({ name, value }) => [name, value]))
}

/** Tests of the text alone can leave the version out. */
const versionOf = (shape: RocketmqShape) => shape.version ?? '5'
