/**
 * A Kafka cluster of KRaft nodes behind Toxiproxy: its start and its links. The observer watches what its partitions
 * do.
 */
import { createDisks } from '../../docker/disks/disks.ts'
import type { Disks } from '../../docker/disks/disks.ts'
import { createNetwork } from '../../docker/network/network.ts'
import { Proxies } from '../../docker/network/proxies.ts'
import type { ProxySpec } from '../../docker/network/proxies.ts'
import { AddressHolders } from '../../docker/nodes/address-holder.ts'
import type { Nodes } from '../../docker/nodes/nodes.ts'
import { startNode } from '../../docker/nodes/start-node.ts'
import type { NodeSite } from '../../docker/nodes/start-node.ts'
import type { FaultNode } from '../../faults/fault.ts'
import type { Settings } from '../../model/plan.ts'
import { allSettled } from '../shared/all-settled.ts'
import { clientProxyPort, clientRoles } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'
import { ProxiedCluster } from '../shared/proxied-cluster.ts'
import type { Cluster } from '../shared/live-system.ts'
import type { ClusterNode, StartOptions } from '../shared/proxied-cluster.ts'
import { brokerName, listenerPort, nodesOf, replicationProxy, serverProperties } from './properties.ts'
import type { ClusterShape } from './properties.ts'

/** Printed by a node once all its parts have started. */
export const startedLine = /Kafka Server started/

export interface KafkaOptions extends StartOptions {
  shape: ClusterShape
  /** Settings of every node. */
  broker: Settings
}

/** The command in the image of Kafka that starts a client in Java. */
export const clientEntrypoint = '/opt/kafka/client/run-client'

/** What a trial needs to know about the nodes of a Kafka cluster, whether Lossproof built it or the user. */
export interface KafkaBrokers extends Cluster {
  readonly nodes: Nodes<ClusterNode>
  /** Nodes that vote in the metadata quorum, as far as they are known. */
  readonly controllers: FaultNode[]
  /** A cluster of the user's own, which outlives the trial. */
  readonly isOwn: boolean
  /** In the volumes of a cluster of the user's own; undefined where no fault may empty them. */
  readonly messageFolder?: string | undefined
  /** `host:port` of every broker, for clients of `role`. */
  bootstrap(role: ClientRole): string[]
  address(role: ClientRole, id: number): string
}

export class KafkaCluster extends ProxiedCluster<ClusterNode> implements KafkaBrokers {
  protected readonly clientEntrypoint = clientEntrypoint
  readonly isOwn = false

  /** Resolves when every node has printed that it started. The observer tells whether they form a healthy cluster. */
  static async start(options: KafkaOptions): Promise<KafkaCluster> {
    const { docker, name, labels, shape, images } = options
    const network = await createNetwork(docker, name, labels)
    const site = { docker, network, labels }
    const wanted = nodesOf(shape)
    const brokers = wanted.filter(({ roles }) => roles !== 'controller')
    const [holders, proxies, disks] = await allSettled([
      AddressHolders.start(
        { ...site, image: images.node },
        wanted.map(node => node.name),
      ),
      Proxies.start({
        image: images.toxiproxy,
        alias: 'toxiproxy',
        network,
        labels,
        publish: brokers.flatMap(({ id }) => clientRoles.map(role => clientProxyPort(role, id))),
      }),
      options.disks
        ? createDisks(docker, { helperImage: images.helper, name, labels, nodes: brokers.map(node => node.name) })
        : Promise.resolve(undefined),
    ])
    const parts = { site, holders, proxies, disks }
    const nodes = await allSettled(wanted.map(async node => startKafkaNode(options, parts, node)))
    return new KafkaCluster(options, { network, proxies, nodes, disks })
  }

  /** Nodes that vote in the metadata quorum: the dedicated ones, or all where there are none. */
  get controllers(): FaultNode[] {
    const dedicated = this.nodesThat(node => !node.isBroker)
    return dedicated.length > 0 ? dedicated : this.brokers
  }

  /** `127.0.0.1:port` of every broker, for clients of `role`. */
  bootstrap(role: ClientRole): string[] {
    return this.brokers.map(broker => this.address(role, broker.id))
  }

  address(role: ClientRole, id: number): string {
    return this.proxies.address(clientProxyPort(role, id))
  }

  protected clientProxy(role: ClientRole, { id }: ClusterNode): ProxySpec {
    return clientProxyOf(role, id)
  }

  protected replicationProxy({ id }: ClusterNode): ProxySpec {
    return replicationProxy(id)
  }
}

interface StartedParts {
  site: NodeSite
  holders: AddressHolders
  proxies: Proxies
  disks: Disks | undefined
}

async function startKafkaNode(
  { shape, broker, images, jit }: KafkaOptions,
  { site, holders, proxies, disks }: StartedParts,
  node: ReturnType<typeof nodesOf>[number],
): Promise<ClusterNode> {
  const { id, name } = node
  const isBroker = node.roles !== 'controller'
  const properties = serverProperties(node, shape, role => proxies.portOf(clientProxyPort(role, id)), broker)
  const starting = startNode(site, {
    name,
    image: images.node,
    holder: holders.of(name),
    environment: { NODE_ID: String(id), KAFKA_JIT: jit },
    files: [{ content: properties, target: '/etc/kafka/server.properties' }],
    disk: isBroker ? disks?.volumeOf(name) : undefined,
    startedLine,
  })
  const links = isBroker ? [...clientRoles.map(role => clientProxyOf(role, id)), replicationProxy(id)] : []
  const [started] = await allSettled([starting, proxies.create(links)])
  return { id, name, isBroker, ...started }
}

const clientProxyOf = (role: ClientRole, id: number): ProxySpec => ({
  name: `${role}-${id}`,
  listenPort: clientProxyPort(role, id),
  upstream: `${brokerName(id)}:${listenerPort(role)}`,
})
