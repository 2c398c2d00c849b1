/** The server.properties of one Kafka node, as text, from the shape of its cluster. */
import type { Settings } from '../../model/plan.ts'
import { withoutNull } from '../../model/settings.ts'
import { kafkaHarnessSettings } from './harness-settings.ts'
import { clientRoles } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'

export const brokerName = (id: number) => `broker-${id}`
export const controllerName = (id: number) => `controller-${id}`

/** The id of the first dedicated controller. */
export const firstController = 101
const controllerPort = 9093
const replicationPort = 9094
const listenerPorts: Record<ClientRole, number> = { producer: 19092, consumer: 19093, observer: 19094 }
const replicationProxyPort = 9100

export const listenerPort = (role: ClientRole) => listenerPorts[role]
/** Where Toxiproxy listens for the fetches of other brokers from broker `id`. The port is not published. */
export const replicationProxy = (id: number) => ({
  name: `replication-${id}`,
  listenPort: replicationProxyPort + id,
  upstream: `${brokerName(id)}:${replicationPort}`,
})

export interface NodeShape {
  id: number
  roles: 'broker,controller' | 'broker' | 'controller'
}

export interface ClusterShape {
  brokers: number
  controllers: number
  /** `system`: only what a test cluster cannot do without is set. */
  defaults?: 'lossproof' | 'system' | undefined
}

export function nodesOf(shape: ClusterShape): (NodeShape & { name: string })[] {
  const brokers = Array.from({ length: shape.brokers }, (_, at) => at + 1)
  if (shape.controllers === 0) return brokers.map(id => ({ id, name: brokerName(id), roles: 'broker,controller' }))
  const controllers = Array.from({ length: shape.controllers }, (_, at) => firstController + at)
  return [
    ...controllers.map(id => ({ id, name: controllerName(id), roles: 'controller' as const })),
    ...brokers.map(id => ({ id, name: brokerName(id), roles: 'broker' as const })),
  ]
}

/**
 * The controller listener is not proxied, so heartbeats and elections survive a cut replication link, and a leader that
 * lost its followers stays un-fenced. `extra`: settings of the scenario; null leaves a setting to Kafka.
 */
export function serverProperties(
  node: NodeShape,
  shape: ClusterShape,
  publishedPort: (role: ClientRole) => number,
  extra: Settings,
): string {
  const voters = nodesOf(shape)
    .filter(other => other.roles !== 'broker')
    .map(other => `${other.id}@${other.name}:${controllerPort}`)
  const isBroker = node.roles !== 'controller'
  const isController = node.roles !== 'broker'
  const upper = (role: ClientRole) => role.toUpperCase()
  const listeners = [
    ...(isBroker ? clientRoles.map(role => `${upper(role)}://0.0.0.0:${listenerPorts[role]}`) : []),
    ...(isBroker ? [`REPL://0.0.0.0:${replicationPort}`] : []),
    ...(isController ? [`CONTROLLER://0.0.0.0:${controllerPort}`] : []),
  ]
  const { listenPort } = replicationProxy(node.id)
  const properties: Settings = {
    'node.id': node.id,
    'process.roles': node.roles,
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    listeners: listeners.join(','),
    ...(isBroker
      ? {
          'advertised.listeners': [
            ...clientRoles.map(role => `${upper(role)}://127.0.0.1:${publishedPort(role)}`),
            `REPL://toxiproxy:${listenPort}`,
          ].join(','),
          'inter.broker.listener.name': 'REPL',
        }
      : {}),
    'listener.security.protocol.map': ['CONTROLLER', 'REPL', ...clientRoles.map(upper)]
      .map(listener => `${listener}:PLAINTEXT`)
      .join(','),
    'log.dirs': '/data/log',
    'metadata.log.dir': '/meta',
    ...harnessSettings(shape),
    ...extra,
  }
  // null leaves a setting to Kafka.
  return Object.entries(withoutNull(properties))
    .map(([key, value]) => `${key}=${escapeValue(String(value))}\n`)
    .join('')
}

function harnessSettings({ brokers, defaults }: ClusterShape): Settings {
  const settings = kafkaHarnessSettings(brokers).filter(({ kind }) => defaults !== 'system' || kind === 'reserved')
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]))
}

/** In a properties file a backslash is an escape character and a line end is the end of the value. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
