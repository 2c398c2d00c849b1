/**
 * What the clusters of all systems have in common: nodes behind one Toxiproxy, their links, disks and network
 * namespaces.
 */
import type Dockerode from 'dockerode'
import { isLabelled, removeLabelled } from '../../docker/cleanup/cleanup.ts'
import type { Disks } from '../../docker/disks/disks.ts'
import { NodeDisks } from '../../docker/disks/node-disks.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { Labels } from '../../docker/engine/labels.ts'
import type { TrialNetwork } from '../../docker/network/network.ts'
import { NodeNetwork } from '../../docker/network/node-network.ts'
import type { Proxies } from '../../docker/network/proxies.ts'
import type { ClientHost } from '../../docker/nodes/client-host.ts'
import { Nodes } from '../../docker/nodes/nodes.ts'
import type { RunningNode } from '../../docker/nodes/nodes.ts'
import { dataFolder } from '../../docker/nodes/start-node.ts'
import type { ClientLink, FaultNode, Link } from '../../faults/fault.ts'
import { clientRoles } from './client-links.ts'
import type { ClientRole } from './client-links.ts'
import type { Cluster } from './live-system.ts'

/** What a cluster is started with, whatever its system. */
export interface StartOptions {
  docker: Dockerode
  events: EngineEvents
  /** `node`: the system's own image, for nodes and for clients in Java. */
  images: { node: string; toxiproxy: string; helper: string }
  /** Gives each broker a data disk of its own, which can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  /** `c1` boots sooner, `full` reaches a higher throughput. */
  jit: 'c1' | 'full'
}

export interface ClusterNode extends RunningNode {
  /** Whether the node stores messages. */
  isBroker: boolean
}

/** What a start leaves behind. */
export interface ClusterParts<N extends ClusterNode> {
  network: TrialNetwork
  proxies: Proxies
  nodes: N[]
  /** Undefined: the brokers' data lie in their containers. */
  disks: Disks | undefined
}

/** A proxy as Toxiproxy knows it. */
export interface ProxyPlace {
  name: string
  listenPort: number
}

export abstract class ProxiedCluster<N extends ClusterNode> implements Cluster {
  readonly nodes: Nodes<N>
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  protected readonly proxies: Proxies
  readonly #options: StartOptions
  readonly #parts: ClusterParts<N>

  protected constructor(options: StartOptions, parts: ClusterParts<N>) {
    const { docker, labels, events, images } = options
    this.#options = options
    this.#parts = parts
    this.proxies = parts.proxies
    this.nodes = new Nodes(parts.nodes, events)
    const shared = { docker, labels, helperImage: images.helper, nodes: this.nodes }
    this.network = new NodeNetwork({
      ...shared,
      replicationProxyPort: id => {
        const node = this.nodes.find(id)
        return node.isBroker ? this.replicationProxy(node).listenPort : undefined
      },
    })
    this.disks = new NodeDisks({ ...shared, network: this.network, disks: parts.disks, mountedAt: dataFolder })
  }

  /** The proxy through which `role` clients reach the node. */
  protected abstract clientProxy(role: ClientRole, node: N): ProxyPlace

  /** The proxy through which other nodes copy from this broker. */
  protected abstract replicationProxy(node: N): ProxyPlace

  /** The command in the system's image that starts a client process. */
  protected abstract readonly clientEntrypoint: string

  node(id: number): FaultNode {
    const { name } = this.nodes.find(id)
    return { id, name }
  }

  get brokers(): FaultNode[] {
    return this.nodesThat(node => node.isBroker)
  }

  /** Whether each broker has a data disk of its own. */
  get hasDisks(): boolean {
    return this.#parts.disks !== undefined
  }

  /** What starts a client in a container: it uses the system's image, and its container is removed with the cluster. */
  get clientHost(): ClientHost {
    const { docker, images, labels } = this.#options
    return { docker, image: images.node, entrypoint: this.clientEntrypoint, labels }
  }

  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[] {
    return this.linksTo(role, node => node.isBroker)
  }

  /** The links of all client roles to one node; none where clients have no link to it. */
  linksOf(id: number): ClientLink[] {
    return clientRoles.flatMap(role => this.linksTo(role, node => node.id === id && this.hasClientLinks(node)))
  }

  /** Whether clients have links to the node. */
  protected hasClientLinks(node: N): boolean {
    return node.isBroker
  }

  /** The link on which other nodes copy from broker `id`. */
  replicationLink(id: number): Link {
    return this.proxies.link(this.replicationProxy(this.nodes.find(id)).name)
  }

  /** Removes everything that carries the cluster's labels. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.nodes.release()
    const { docker, labels } = this.#options
    await removeLabelled(docker, isLabelled(labels))
    await this.#parts.network.remove().catch(() => {})
  }

  protected nodesThat(chosen: (node: N) => boolean): FaultNode[] {
    return this.nodes.all.filter(chosen).map(({ id, name }) => ({ id, name }))
  }

  protected linksTo(role: ClientRole, chosen: (node: N) => boolean): ClientLink[] {
    return this.nodes.all.filter(chosen).map(node => {
      const { name, listenPort } = this.clientProxy(role, node)
      return { ...this.proxies.link(name), broker: node.id, address: this.proxies.address(listenPort) }
    })
  }
}
