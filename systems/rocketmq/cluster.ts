/** A RocketMQ cluster behind Toxiproxy: its start and its links. The observer watches masters and replication. */
import { createDisks } from '../../docker/disks/disks.ts'
import type { Disks } from '../../docker/disks/disks.ts'
import { createNetwork } from '../../docker/network/network.ts'
import { Proxies } from '../../docker/network/proxies.ts'
import type { ProxySpec } from '../../docker/network/proxies.ts'
import { NodeBootError } from '../../docker/nodes/boot.ts'
import { AddressHolders } from '../../docker/nodes/address-holder.ts'
import type { Nodes } from '../../docker/nodes/nodes.ts'
import { startNode } from '../../docker/nodes/start-node.ts'
import type { NodeSite } from '../../docker/nodes/start-node.ts'
import type { ClientLink, FaultNode } from '../../faults/fault.ts'
import type { Settings } from '../../model/plan.ts'
import { allSettled } from '../shared/all-settled.ts'
import { clientRoles } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'
import type { Cluster } from '../shared/live-system.ts'
import { ProxiedCluster } from '../shared/proxied-cluster.ts'
import type { ClusterNode, ClusterParts, StartOptions } from '../shared/proxied-cluster.ts'
import {
  advertisedAddress,
  awaitedBy,
  clientProxy,
  controllerAddress,
  controllerProxy,
  haProxy,
  rocketmqConf,
  rocketmqNodes,
} from './properties.ts'
import type { RocketmqNodeShape, RocketmqShape } from './properties.ts'

const proxyStarts = 5
/**
 * 4.x brokers unmap files by reflection. On Java 17 a broker that was killed could not start again without these
 * options.
 */
const javaOptionsOf4 = '--add-opens java.base/java.nio=ALL-UNNAMED --add-opens java.base/jdk.internal.ref=ALL-UNNAMED'
/** Printed by every process of every version once all its parts have started. */
const startedLine = /boot success|proxy startup successfully/

export interface RocketmqOptions extends StartOptions {
  shape: RocketmqShape
  /** Settings of every broker. */
  broker: Settings
}

export interface RocketmqNode extends ClusterNode, RocketmqNodeShape {}

/** The command in the images of RocketMQ that starts a client in Java. */
export const clientEntrypoint = '/opt/rocketmq/client/run-client'

/** What a trial needs to know about a RocketMQ cluster, whether Lossproof built it or the user. */
export interface RocketmqBrokers extends Cluster {
  readonly nodes: Nodes<ClusterNode>
  /** A cluster of the user's own, which outlives the trial. */
  readonly isOwn: boolean
  /** Whether its brokers lack the requests that version 5 has added. */
  readonly isVersion4: boolean
  readonly nameServers: FaultNode[]
  /** Brokers by the name of their group, in the order of their places in it. */
  readonly groups: ReadonlyMap<string, FaultNode[]>
  /** The node that advertises this address, or undefined. */
  nodeAt(advertised: string): FaultNode | undefined
  /** The address that the node advertises: `broker-1:10911`. Clients map it, see `addresses`. */
  advertised(id: number): string
  /** The addresses that the name servers advertise. */
  readonly advertisedNameServers: string[]
  /** The addresses that the controllers advertise; empty where there are none, or where they are not known. */
  readonly advertisedControllers: string[]
  /** The address at which `role` clients reach each node, by the address that the node advertises. */
  addresses(role: ClientRole): Record<string, string>
}

export class RocketmqCluster extends ProxiedCluster<RocketmqNode> implements RocketmqBrokers {
  protected readonly clientEntrypoint = clientEntrypoint
  readonly isOwn = false
  readonly isVersion4: boolean
  readonly #shape: RocketmqShape

  private constructor(options: RocketmqOptions, parts: ClusterParts<RocketmqNode>) {
    super(options, parts)
    this.#shape = options.shape
    this.isVersion4 = options.shape.version?.startsWith('4.') === true
  }

  /**
   * Resolves when every process has printed that it started. In controller mode a master may not be elected yet, and in
   * both modes slaves may still be behind: wait for what the brokers themselves report.
   */
  static async start(options: RocketmqOptions): Promise<RocketmqCluster> {
    const { docker, name, labels, shape, images } = options
    const all = rocketmqNodes(shape)
    const brokers = all.filter(node => node.role === 'broker')
    const network = await createNetwork(docker, name, labels)
    const site = { docker, network, labels }
    const specs = [
      ...all.flatMap(node => clientRoles.map(role => clientProxy(role, node))),
      ...(shape.mode === 'controller' ? all.filter(node => node.role === 'namesrv').map(controllerProxy) : []),
    ]
    const startProxies = async () => {
      const started = await Proxies.start({
        image: images.toxiproxy,
        alias: 'toxiproxy',
        network,
        labels,
        publish: specs.map(spec => spec.listenPort),
      })
      await started.create([...specs, ...brokers.map(haProxy)])
      return started
    }
    const startNodes = async () => {
      const [holders, disks] = await allSettled([
        AddressHolders.start(
          { ...site, image: images.node },
          all.map(node => node.name),
        ),
        options.disks
          ? createDisks(docker, { helperImage: images.helper, name, labels, nodes: brokers.map(node => node.name) })
          : Promise.resolve(undefined),
      ])
      const parts = { site, holders, disks }
      const withoutProxies = all.filter(node => node.role !== 'proxy')
      const nodes = await allSettled(withoutProxies.map(async node => startRocketmqNode(options, parts, node)))
      return { parts, nodes: [...nodes] }
    }
    // Brokers need no Toxiproxy until slaves connect, so both start at once.
    const [proxies, { parts, nodes }] = await allSettled([startProxies(), startNodes()])
    for (const node of all.filter(one => one.role === 'proxy')) nodes.push(await startProxy(options, parts, node))
    const { disks } = parts
    return new RocketmqCluster(options, { network, proxies, nodes, disks })
  }

  get nameServers(): FaultNode[] {
    return this.nodesThat(node => node.role === 'namesrv')
  }

  get groups(): ReadonlyMap<string, FaultNode[]> {
    const groups = new Map<string, FaultNode[]>()
    for (const { id, name, group } of this.nodes.all)
      if (group) groups.set(group.brokerName, [...(groups.get(group.brokerName) ?? []), { id, name }])
    return groups
  }

  nodeAt(advertised: string): FaultNode | undefined {
    const found = this.nodes.all.find(node => advertisedAddress(node) === advertised)
    return found && { id: found.id, name: found.name }
  }

  advertised(id: number): string {
    return advertisedAddress(this.nodes.find(id))
  }

  get advertisedNameServers(): string[] {
    return this.nameServers.map(({ id }) => this.advertised(id))
  }

  /** Empty in classic mode. */
  get advertisedControllers(): string[] {
    return this.#shape.mode === 'controller'
      ? this.nameServers.map(({ id }) => controllerAddress(this.nodes.find(id)))
      : []
  }

  /** The `127.0.0.1:port` at which `role` clients reach each node, by the address that the node advertises. */
  addresses(role: ClientRole): Record<string, string> {
    const clients = this.nodes.all.map(node => [
      advertisedAddress(node),
      this.proxies.address(clientProxy(role, node).listenPort),
    ])
    const controllers =
      this.advertisedControllers.length === 0 ? [] : this.nodes.all.filter(node => node.role === 'namesrv')
    return Object.fromEntries([
      ...clients,
      ...controllers.map(node => [controllerAddress(node), this.proxies.address(controllerProxy(node).listenPort)]),
    ])
  }

  /** The links of `role` clients to every name server. */
  nameServerLinks(role: ClientRole): ClientLink[] {
    return this.linksTo(role, node => node.role === 'namesrv')
  }

  protected clientProxy(role: ClientRole, node: RocketmqNode): ProxySpec {
    return clientProxy(role, node)
  }

  /** Clients have links to all kinds of nodes. */
  protected override hasClientLinks(): boolean {
    return true
  }

  /** Slaves copy through it from the broker while that is the master. */
  protected replicationProxy(node: RocketmqNode): ProxySpec {
    return haProxy(node)
  }
}

interface StartedParts {
  site: NodeSite
  holders: AddressHolders
  disks: Disks | undefined
}

/**
 * Starts one proxy of RocketMQ 5. It needs masters that have registered. While it starts, a 5.5.0 proxy creates a topic
 * and asks the name servers for it three times in a row. When they do not know the topic by then, it exits (seen at
 * about every second start). The next start finds the topic.
 */
async function startProxy(
  options: RocketmqOptions,
  parts: StartedParts,
  node: RocketmqNodeShape,
): Promise<RocketmqNode> {
  for (let start = 1; start < proxyStarts; start++) {
    try {
      return await startRocketmqNode(options, parts, node)
    } catch (error) {
      if (!(error instanceof NodeBootError) || !error.ended) throw error
    }
  }
  return startRocketmqNode(options, parts, node)
}

async function startRocketmqNode(
  { shape, images, jit, broker }: RocketmqOptions,
  { site, holders, disks }: StartedParts,
  node: RocketmqNodeShape,
): Promise<RocketmqNode> {
  const isBroker = node.role === 'broker'
  const started = await startNode(site, {
    name: node.name,
    image: images.node,
    holder: holders.of(node.name),
    command: [node.role],
    environment: {
      ROCKETMQ_JIT: jit,
      ROCKETMQ_AWAIT: awaitedBy(node, shape).join(' '),
      ROCKETMQ_JVM_OPTS: shape.version?.startsWith('4.') === true ? javaOptionsOf4 : '',
    },
    files: [{ content: rocketmqConf(node, shape, broker), target: `/etc/rocketmq/${node.role}.conf` }],
    disk: isBroker ? disks?.volumeOf(node.name) : undefined,
    startedLine,
  })
  return { ...node, isBroker, ...started }
}
