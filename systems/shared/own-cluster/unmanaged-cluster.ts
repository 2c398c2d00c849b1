/**
 * A cluster that Lossproof did not build. No proxy stands between its nodes and their clients, and disposing of it leaves it
 * running.
 */
import { Acts } from '../../../docker/cleanup/undo.ts'
import { removeLabelled } from '../../../docker/cleanup/cleanup.ts'
import { NodeDisks } from '../../../docker/disks/node-disks.ts'
import { NodeNetwork } from '../../../docker/network/node-network.ts'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import { Nodes } from '../../../docker/nodes/nodes.ts'
import { dataFolder } from '../../../docker/nodes/start-node.ts'
import type { EngineEvents } from '../../../docker/engine/events.ts'
import type { ClientLink, FaultNode, Link } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { Cluster, ClusterOptions } from '../live-system.ts'
import type { ClusterNode } from '../proxied-cluster.ts'

export interface UnmanagedOptions extends Pick<ClusterOptions, 'docker' | 'name' | 'labels'> {
  /** Events of the containers in `nodes`. */
  events: EngineEvents
  /** The image with the system's client in Java; empty where no lane uses it. */
  clientImage: string
  clientEntrypoint: string
  helperImage: string
}

export abstract class UnmanagedCluster implements Cluster {
  readonly nodes: Nodes<ClusterNode>
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  abstract readonly brokers: FaultNode[]
  readonly #options: UnmanagedOptions

  /** `nodes`: those that run in containers of this engine. */
  protected constructor(options: UnmanagedOptions, nodes: readonly ClusterNode[]) {
    const { docker, name, labels, helperImage, events } = options
    this.#options = options
    this.nodes = new Nodes(nodes, events, new Acts(docker, name, labels))
    const shared = { docker, labels, helperImage, nodes: this.nodes }
    this.network = new NodeNetwork({ ...shared, replicationProxyPort: () => undefined })
    this.disks = new NodeDisks({ ...shared, network: this.network, disks: undefined, mountedAt: dataFolder })
  }

  node(id: number): FaultNode {
    const found = this.brokers.find(broker => broker.id === id)
    return found ?? this.nodes.find(id)
  }

  get clientHost(): ClientHost {
    const { docker, labels, clientImage, clientEntrypoint } = this.#options
    return { docker, image: clientImage, entrypoint: clientEntrypoint, labels }
  }

  clientLinks(): ClientLink[] {
    return []
  }

  linksOf(): ClientLink[] {
    return []
  }

  replicationLink(): Link {
    throw new LossproofError('internal', 'a cluster of the user has no proxies; the planner should have refused this')
  }

  /** Undoes what was done to its nodes, and removes what carries the labels of the trial: helpers, clients in containers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.nodes.release()
    const { docker, labels } = this.#options
    await removeLabelled(docker, found => Object.entries(labels).every(([key, value]) => found[key] === value))
  }
}
