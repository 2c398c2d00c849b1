/** Configuration of one RocketMQ process. Pure: the cluster's shape in, text out. */
import type { Settings } from '../../model/plan.ts'
import { clientProxyPort } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'

export const brokerName = (id: number) => `broker-${id}`
export const nameServerName = (id: number) => `namesrv-${id}`
export const proxyName = (id: number) => `proxy-${id}`

/** Name servers are numbered from here; in controller mode each holds a controller. */
export const firstNameServer = 101
/** Proxies of RocketMQ 5, through which clients of its gRPC protocol go. */
export const firstProxy = 201
const clusterName = 'lossproof'
const brokerPort = 10_911
const nameServerPort = 9876
const controllerPort = 9878
const proxyPort = 8081
const haPort = 9100
const controllerProxyPort = 24_000

/** Brokers of one name: in classic mode the first is the master for good, in controller mode an elected one is. */
export interface BrokerGroup {
  brokerName: string
  /** Master and slaves. */
  replicas: number
  /** Of every broker of the group, over the cluster's. */
  settings: Settings
}

export interface RocketmqShape {
  mode: 'classic' | 'controller'
  /** One, or in controller mode three; several names stand for several groups that producers can choose from. */
  nameServers: number
  groups: BrokerGroup[]
  /** Decides on ports alone: brokers of 4.x tell slaves the port behind their own, whatever haListenPort says. */
  version?: string
  /** 5.x alone, and classic: started last, for which masters must be there. None where absent. */
  proxies?: number | undefined
}

export interface RocketmqNodeShape {
  id: number
  name: string
  role: 'broker' | 'namesrv' | 'proxy'
  /** The group of a broker; undefined for other nodes. */
  group: BrokerGroup | undefined
  /** The index of a broker in its group; 0 is the master in classic mode. */
  place: number
  port: number
  /** Where slaves copy from it, when it is master. */
  haPort: number
}

/** Name servers first: brokers register with them. Brokers are numbered from 1 across the groups. */
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

/** HA ports differ from broker to broker, since one proxy has them all. */
function portsOf(id: number, version = ''): { port: number; haPort: number } {
  if (!version.startsWith('4.')) return { port: brokerPort, haPort: haPort + id }
  const port = brokerPort + 10 * (id - 1)
  return { port, haPort: port + 1 }
}

/** What a client is told, and maps to what its role's proxy publishes. */
export const advertisedAddress = (node: RocketmqNodeShape) => `${node.name}:${node.port}`
export const controllerAddress = (node: RocketmqNodeShape) => `${node.name}:${controllerPort}`

/** Who must be there before a node starts for the first time: a broker that finds no name server asks again only 10 s later. */
export function awaitedBy(node: RocketmqNodeShape, shape: RocketmqShape): string[] {
  if (node.role === 'namesrv') return []
  return rocketmqNodes(shape)
    .filter(other => other.role === 'namesrv')
    .map(advertisedAddress)
}

/** Where Toxiproxy listens for `role` clients of a node; published. */
export const clientProxy = (role: ClientRole, node: RocketmqNodeShape) => ({
  name: `${role}-${node.id}`,
  listenPort: clientProxyPort(role, node.id),
  upstream: advertisedAddress(node),
})
/** Observers also ask the controllers; published. */
export const controllerProxy = (node: RocketmqNodeShape) => ({
  name: `controller-${node.id}`,
  listenPort: controllerProxyPort + node.id,
  upstream: controllerAddress(node),
})
/** Where Toxiproxy listens for the slaves of broker `id`, when it is master; not published. */
export const haProxy = ({ id, name, haPort: port }: Pick<RocketmqNodeShape, 'id' | 'name' | 'haPort'>) => ({
  name: `replication-${id}`,
  listenPort: port,
  upstream: `${name}:${port}`,
})

/** Text of /etc/rocketmq/<role>.conf. `broker`: the settings of every broker, which a group's own go over. */
export function rocketmqConf(node: RocketmqNodeShape, shape: RocketmqShape, broker: Settings): string {
  if (node.role === 'proxy') return JSON.stringify(proxySettings(shape))
  const settings =
    node.role === 'namesrv' ? nameServerSettings(node, shape, broker) : brokerSettings(node, shape, broker)
  return Object.entries(settings)
    .map(
      ([key, value]) =>
        `${key}=${value === null ? '' : String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`,
    )
    .join('')
}

/** It tells clients to come to the port that they came to, which is that of their own role's link. */
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

/** Detection of dead masters in 1 to 3 s instead of 10 and more; measured: kill 0.4 s, pause 3 s until another one takes messages. */
const fastController: Settings = {
  scanNotActiveBrokerInterval: 500,
  scanInactiveMasterInterval: 500,
  enableElectUncleanMaster: false,
}
const fastBroker: Settings = {
  haMaxTimeSlaveNotCatchup: 4000,
  checkSyncStateSetPeriod: 500,
  syncBrokerMetadataPeriod: 500,
  syncControllerMetadataPeriod: 1000,
  brokerHeartbeatInterval: 300,
  // Shorter ones gave elections that nothing caused, on two busy cores.
  controllerHeartBeatTimeoutMills: 3000,
  brokerNotActiveTimeoutMillis: 3000,
}
/** Settings of the controller are the name server's to know, but scenarios give them with the brokers'. */
const ofController: ReadonlySet<string> = new Set([
  'enableElectUncleanMaster',
  'scanNotActiveBrokerInterval',
  'scanInactiveMasterInterval',
])

function nameServerSettings(node: RocketmqNodeShape, shape: RocketmqShape, broker: Settings): Settings {
  const peers = rocketmqNodes(shape).filter(other => other.role === 'namesrv')
  const given = [broker, ...shape.groups.map(group => group.settings)].flatMap(settings =>
    Object.entries(settings).filter(([key]) => ofController.has(key)),
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
          ...fastController,
          ...Object.fromEntries(given),
        }
      : {}),
  }
}

/**
 * The recipe: clients are told `broker-<id>:10911`, which they map; slaves are told the proxy and a port of the master's
 * own, so each broker has one, because any can be master. A slave's copying of topics and offsets goes to the master
 * itself and survives a cut HA link. Both spellings of the file sizes: 4.x knows only the older one.
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
    timerWheelEnable: false,
    messageIndexEnable: false,
    autoCreateTopicEnable: false,
    autoCreateSubscriptionGroup: false,
    mappedFileSizeCommitLog: 16_777_216,
    mapedFileSizeCommitLog: 16_777_216,
    mappedFileSizeConsumeQueue: 60_000,
    mapedFileSizeConsumeQueue: 60_000,
    // A busy machine is no fault of the broker's.
    waitTimeMillsInSendQueue: 5000,
    osPageCacheBusyTimeOutMills: 5000,
    // Brokers of 5.x spin on a core from their start until this has passed (10 s), in TransactionMetricsFlushService.
    transactionMetricFlushInterval: 250,
    // Both ends of a dead HA link notice in 3 s instead of 20.
    haHousekeepingInterval: 3000,
    haSendHeartbeatInterval: 500,
    ...(isController
      ? {
          enableControllerMode: true,
          controllerAddr: nameServers.map(controllerAddress).join(';'),
          totalReplicas: node.group?.replicas ?? 1,
          ...fastBroker,
        }
      : {}),
    brokerRole: 'ASYNC_MASTER',
    ...Object.fromEntries(Object.entries(given).filter(([key]) => !ofController.has(key))),
    // Whatever the group's brokerRole says of its master.
    ...(isSlave ? { brokerRole: 'SLAVE' } : {}),
  }
}
