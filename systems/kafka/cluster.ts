/** A Kafka cluster of KRaft nodes behind Toxiproxy: start, nodes, links, logs. What its partitions do is the observer's to tell. */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import type { ClientLink, FaultNode, Link } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { Settings } from '../../model/plan.ts'
import { NodeContainer } from '../../docker/engine/container.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { Labels } from '../../docker/engine/labels.ts'
import { removeLabelled } from '../../docker/cleanup/cleanup.ts'
import { createDisks } from '../../docker/disks/disks.ts'
import type { Disks } from '../../docker/disks/disks.ts'
import { createNetwork } from '../../docker/network/network.ts'
import type { TrialNetwork } from '../../docker/network/network.ts'
import { NodeDisks } from '../../docker/disks/node-disks.ts'
import { NodeNetwork } from '../../docker/network/node-network.ts'
import { Nodes } from '../../docker/nodes/nodes.ts'
import type { RunningNode } from '../../docker/nodes/nodes.ts'
import { Proxies } from '../../docker/network/proxies.ts'
import type { ProxySpec } from '../../docker/network/proxies.ts'
import { brokerName, listenerPort, nodesOf, replicationProxy, serverProperties } from './properties.ts'
import type { ClusterShape } from './properties.ts'
import { clientProxyPort, clientRoles } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'

const bootLimitMs = 90_000
/** Printed by a node once all its parts have started. */
const startedLine = /Kafka Server started/

export interface KafkaOptions {
  docker: Dockerode
  events: EngineEvents
  images: { kafka: string; toxiproxy: string; helper: string }
  /** Each broker's data lie on a disk of its own, which can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  shape: ClusterShape
  broker: Settings
  /** `c1` boots sooner, `full` peaks higher. */
  jit: 'c1' | 'full'
}

export interface KafkaNode extends RunningNode {
  isBroker: boolean
}

/** Everything that a cluster consists of once it has started. */
interface Parts {
  network: TrialNetwork
  proxies: Proxies
  nodes: KafkaNode[]
  disks: Disks | undefined
}

export class KafkaCluster implements AsyncDisposable {
  readonly nodes: Nodes<KafkaNode>
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  readonly #options: KafkaOptions
  readonly #parts: Parts

  private constructor(options: KafkaOptions, parts: Parts) {
    const { docker, labels, events, images } = options
    this.#options = options
    this.#parts = parts
    this.nodes = new Nodes(parts.nodes, events)
    const shared = { docker, labels, helperImage: images.helper, nodes: this.nodes }
    this.network = new NodeNetwork({
      ...shared,
      replicationProxyPort: id => (this.nodes.find(id).isBroker ? replicationProxy(id).listenPort : undefined),
    })
    this.disks = new NodeDisks({ ...shared, network: this.network, disks: parts.disks, mountedAt: '/data' })
  }

  /** Resolves when every node has said that it started; whether they form a healthy cluster is the observer's to tell. */
  static async start(options: KafkaOptions): Promise<KafkaCluster> {
    const { docker, name, labels, shape } = options
    const network = await createNetwork(docker, name, labels)
    const brokers = Array.from({ length: shape.brokers }, (_, at) => at + 1)
    const disks = options.disks
      ? await createDisks(docker, { helperImage: options.images.helper, name, labels, nodes: brokers.map(brokerName) })
      : undefined
    const proxies = await Proxies.start({
      image: options.images.toxiproxy,
      alias: 'toxiproxy',
      network,
      labels,
      publish: brokers.flatMap(id => clientRoles.map(role => clientProxyPort(role, id))),
    })
    const started = nodesOf(shape).map(async node => startNode(options, network, proxies, node, disks))
    return new KafkaCluster(options, { network, proxies, nodes: await Promise.all(started), disks })
  }

  /** Whether each broker's data lie on a disk of its own. */
  get hasDisks(): boolean {
    return this.#parts.disks !== undefined
  }

  get brokers(): FaultNode[] {
    return this.nodes.all.filter(node => node.isBroker).map(({ id, name }) => ({ id, name }))
  }

  /** Nodes that vote in the metadata quorum: dedicated ones, else all. */
  get controllers(): FaultNode[] {
    const dedicated = this.nodes.all.filter(node => !node.isBroker)
    return (dedicated.length > 0 ? dedicated : this.nodes.all).map(({ id, name }) => ({ id, name }))
  }

  node(id: number): FaultNode {
    const { name } = this.nodes.find(id)
    return { id, name }
  }

  /** What a container for a client that is not Node's needs: it runs from the brokers' own image, under their labels. */
  get clientHost(): { docker: Dockerode; image: string; entrypoint: string; labels: Labels } {
    const { docker, images, labels } = this.#options
    return { docker, image: images.kafka, entrypoint: '/opt/kafka/client/run-client', labels }
  }

  /** `127.0.0.1:port` of every broker, for clients of `role`. */
  bootstrap(role: ClientRole): string[] {
    return this.brokers.map(broker => this.address(role, broker.id))
  }

  address(role: ClientRole, id: number): string {
    return this.#parts.proxies.address(clientProxyPort(role, id))
  }

  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[] {
    return this.brokers.map(({ id }) => ({
      ...this.#parts.proxies.link(`${role}-${id}`),
      broker: id,
      address: this.address(role, id),
    }))
  }

  replicationLink(id: number): Link {
    return this.#parts.proxies.link(replicationProxy(id).name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { labels } = this.#options
    await removeLabelled(this.#options.docker, found =>
      Object.entries(labels).every(([key, value]) => found[key] === value),
    )
    await this.#parts.network.remove().catch(() => {})
  }
}

async function startNode(
  options: KafkaOptions,
  network: TrialNetwork,
  proxies: Proxies,
  node: ReturnType<typeof nodesOf>[number],
  disks: Disks | undefined,
): Promise<KafkaNode> {
  const isBroker = node.roles !== 'controller'
  const properties = serverProperties(
    node,
    options.shape,
    role => proxies.portOf(clientProxyPort(role, node.id)),
    options.broker,
  )
  try {
    const container = new NodeContainer(options.images.kafka)
      .withPlace(network, node.name)
      .withLabels(options.labels)
      .withEnvironment({ NODE_ID: String(node.id), KAFKA_JIT: options.jit })
      .withCopyContentToContainer([{ content: properties, target: '/etc/kafka/server.properties' }])
      .withWaitStrategy(Wait.forLogMessage(startedLine).withStartupTimeout(bootLimitMs))
    if (disks && isBroker)
      container.withBindMounts([{ source: disks.volumeOf(node.name), target: '/data', mode: 'rw' }])
    const [started] = await Promise.all([container.start(), isBroker ? proxies.create(proxiesOf(node.id)) : undefined])
    return { id: node.id, name: node.name, isBroker, container: options.docker.getContainer(started.getId()) }
  } catch (error) {
    throw new LossproofError(
      'cluster',
      `${node.name} did not start within ${bootLimitMs / 1000} s: ${messageOf(error)}`,
      { cause: error },
    )
  }
}

function proxiesOf(id: number): ProxySpec[] {
  return [
    ...clientRoles.map(role => ({
      name: `${role}-${id}`,
      listenPort: clientProxyPort(role, id),
      upstream: `${brokerName(id)}:${listenerPort(role)}`,
    })),
    replicationProxy(id),
  ]
}
