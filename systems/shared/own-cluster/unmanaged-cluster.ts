/**
 * A cluster that Lossproof did not build. No proxy stands between its nodes. Disposing of it leaves it running, except what has
 * the labels of the trial.
 */
import { Acts } from '../../../docker/cleanup/undo.ts'
import { isLabelled, removeLabelled } from '../../../docker/cleanup/cleanup.ts'
import { foreignDisks } from '../../../docker/disks/disks.ts'
import { NodeDisks } from '../../../docker/disks/node-disks.ts'
import { NodeNetwork } from '../../../docker/network/node-network.ts'
import type { ClientHost } from '../../../docker/nodes/client-host.ts'
import { Nodes } from '../../../docker/nodes/nodes.ts'
import type { EngineEvents } from '../../../docker/engine/events.ts'
import type { ClientLink, FaultNode, Link } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { ClientRole } from '../client-links.ts'
import type { Cluster, ClusterOptions } from '../live-system.ts'
import type { ClusterNode } from '../proxied-cluster.ts'

export interface UnmanagedOptions extends Pick<ClusterOptions, 'docker' | 'name' | 'labels'> {
  /** Events of the containers in `nodes`. */
  events: EngineEvents
  /** The image with the system's client in Java; empty where no lane uses it. */
  clientImage: string
  clientEntrypoint: string
  helperImage: string
  /** Its containers outlive the trial. */
  isForeign: boolean
}

export abstract class UnmanagedCluster implements Cluster {
  readonly nodes: Nodes<ClusterNode>
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  abstract readonly brokers: FaultNode[]
  readonly #options: UnmanagedOptions

  /** `nodes`: those that run in containers of this engine. `volumes`: what faults may empty, by the name of the node. */
  protected constructor(
    options: UnmanagedOptions,
    nodes: readonly ClusterNode[],
    volumes: ReadonlyMap<string, { volume: string; at: string }> = new Map(),
  ) {
    const { docker, name, labels, helperImage, events, isForeign } = options
    this.#options = options
    // What a project was started for is removed with it, so nothing has to be undone.
    const acts = isForeign ? new Acts(docker, name, labels) : undefined
    this.nodes = new Nodes(nodes, events, acts)
    const shared = { docker, labels, helperImage, nodes: this.nodes }
    this.network = new NodeNetwork({ ...shared, replicationProxyPort: () => undefined, ...(acts ? { acts } : {}) })
    const disks = foreignDisks(volumes)
    this.disks = new NodeDisks({ ...shared, network: this.network, disks, mountedAt: disks })
  }

  node(id: number): FaultNode {
    const found = this.brokers.find(broker => broker.id === id)
    return found ?? this.nodes.find(id)
  }

  get clientHost(): ClientHost {
    const { docker, labels, clientImage, clientEntrypoint } = this.#options
    return { docker, image: clientImage, entrypoint: clientEntrypoint, labels }
  }

  /** None where nothing stands between clients and the addresses that the brokers advertise. */
  clientLinks(_role: ClientRole): ClientLink[] {
    return []
  }

  /** A killed container has no address any more, so what its links answer tells nothing about its process. */
  linksOf(): ClientLink[] {
    return []
  }

  replicationLink(): Link {
    throw new LossproofError('internal', 'a cluster of the user has no proxies; the planner should have refused this')
  }

  /** Undoes what was done to its nodes, and removes what has the labels of the trial: helpers, clients, a started project. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.nodes.release()
    const { docker, labels } = this.#options
    await removeLabelled(docker, isLabelled(labels))
  }
}
