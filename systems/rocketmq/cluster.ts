/** A RocketMQ cluster behind Toxiproxy: start, nodes, links. Who is master and what is replicated is the observer's to tell. */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import type { ClientLink, FaultNode, Link } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import type { Settings } from '../../model/plan.ts'
import { removeLabelled } from '../../docker/cleanup/cleanup.ts'
import { NodeContainer } from '../../docker/engine/container.ts'
import { createDisks } from '../../docker/disks/disks.ts'
import type { Disks } from '../../docker/disks/disks.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { Labels } from '../../docker/engine/labels.ts'
import { createNetwork } from '../../docker/network/network.ts'
import type { TrialNetwork } from '../../docker/network/network.ts'
import { NodeDisks } from '../../docker/disks/node-disks.ts'
import { NodeNetwork } from '../../docker/network/node-network.ts'
import { Nodes } from '../../docker/nodes/nodes.ts'
import type { RunningNode } from '../../docker/nodes/nodes.ts'
import { Proxies } from '../../docker/network/proxies.ts'
import { clientRoles } from '../shared/client-links.ts'
import type { ClientRole } from '../shared/client-links.ts'
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

const bootLimitMs = 90_000
const proxyStarts = 5
/** Brokers of 4.x unmap files by reflection; on a Java of today one that was killed could not start again. */
const opensOf4 = '--add-opens java.base/java.nio=ALL-UNNAMED --add-opens java.base/jdk.internal.ref=ALL-UNNAMED'
/** Printed by every process of every version once all its parts have started. */
const startedLine = /boot success|proxy startup successfully/

/** As testcontainers words it. */
const endedByItself = /Log stream ended/

export interface RocketmqOptions {
  docker: Dockerode
  events: EngineEvents
  /** `rocketmq`: an image of 5.x or of 4.x. */
  images: { rocketmq: string; toxiproxy: string; helper: string }
  /** Each broker's data lie on a disk of its own, which can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  shape: RocketmqShape
  /** Settings of every broker. */
  broker: Settings
  /** `c1` boots sooner, `full` peaks higher. */
  jit: 'c1' | 'full'
}

export interface RocketmqNode extends RunningNode, RocketmqNodeShape {}

export class RocketmqCluster implements AsyncDisposable {
  readonly nodes: Nodes<RocketmqNode>
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  readonly #options: RocketmqOptions
  readonly #proxies: Proxies
  readonly #network: TrialNetwork

  private constructor(
    options: RocketmqOptions,
    parts: { network: TrialNetwork; proxies: Proxies; nodes: RocketmqNode[]; disks: Disks | undefined },
  ) {
    const { docker, labels, events, images } = options
    this.#options = options
    this.#proxies = parts.proxies
    this.#network = parts.network
    this.nodes = new Nodes(parts.nodes, events)
    const shared = { docker, labels, helperImage: images.helper, nodes: this.nodes }
    this.network = new NodeNetwork({
      ...shared,
      replicationProxyPort: id => (this.nodes.find(id).role === 'broker' ? this.nodes.find(id).haPort : undefined),
    })
    this.disks = new NodeDisks({ ...shared, network: this.network, disks: parts.disks, mountedAt: '/data' })
  }

  /**
   * Resolves when every process has said that it started. In controller mode no master may be elected yet, and in either
   * mode slaves may not be in step: gate on what brokers themselves tell.
   */
  static async start(options: RocketmqOptions): Promise<RocketmqCluster> {
    const { docker, name, labels, shape, images } = options
    const all = rocketmqNodes(shape)
    const brokers = all.filter(node => node.role === 'broker')
    const network = await createNetwork(docker, name, labels)
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
      const made = options.disks
        ? await createDisks(docker, { helperImage: images.helper, name, labels, nodes: brokers.map(node => node.name) })
        : undefined
      return {
        disks: made,
        nodes: await Promise.all(
          all.filter(node => node.role !== 'proxy').map(async node => startNode(options, network, node, made)),
        ),
      }
    }
    // Brokers need no proxy until slaves connect. Whichever fails, the other has ended before the cluster is given up.
    const starting = [startProxies(), startNodes()] as const
    await Promise.allSettled(starting)
    const [proxies, { nodes, disks }] = await Promise.all(starting)
    for (const node of all.filter(one => one.role === 'proxy')) nodes.push(await startProxy(options, network, node))
    return new RocketmqCluster(options, { network, proxies, nodes, disks })
  }

  node(id: number): FaultNode {
    const { name } = this.nodes.find(id)
    return { id, name }
  }

  /** What a container for a client that is not Node's needs: it runs from the brokers' own image, under their labels. */
  get clientHost(): { docker: Dockerode; image: string; entrypoint: string; labels: Labels } {
    const { docker, images, labels } = this.#options
    return { docker, image: images.rocketmq, entrypoint: '/opt/rocketmq/client/run-client', labels }
  }

  get brokers(): FaultNode[] {
    return this.nodes.all.filter(node => node.role === 'broker').map(({ id, name }) => ({ id, name }))
  }

  get nameServers(): FaultNode[] {
    return this.nodes.all.filter(node => node.role === 'namesrv').map(({ id, name }) => ({ id, name }))
  }

  /** Brokers by the name of their group, in the order of their places. */
  get groups(): ReadonlyMap<string, FaultNode[]> {
    const groups = new Map<string, FaultNode[]>()
    for (const { id, name, group } of this.nodes.all)
      if (group) groups.set(group.brokerName, [...(groups.get(group.brokerName) ?? []), { id, name }])
    return groups
  }

  /** The node that advertises this address; undefined when none does. */
  nodeAt(advertised: string): FaultNode | undefined {
    const found = this.nodes.all.find(node => advertisedAddress(node) === advertised)
    return found && { id: found.id, name: found.name }
  }

  /** What a node is called by clients, before they map it: `broker-1:10911`. */
  advertised(id: number): string {
    return advertisedAddress(this.nodes.find(id))
  }

  /** What the name servers are called by clients, before they map it. */
  get advertisedNameServers(): string[] {
    return this.nameServers.map(({ id }) => this.advertised(id))
  }

  /** Advertised names of the controllers; empty in classic mode. */
  get advertisedControllers(): string[] {
    return this.#options.shape.mode === 'controller'
      ? this.nameServers.map(({ id }) => controllerAddress(this.nodes.find(id)))
      : []
  }

  /** Where `role` clients reach what is advertised, as `127.0.0.1:port` by advertised address. */
  addresses(role: ClientRole): Record<string, string> {
    const clients = this.nodes.all.map(node => [
      advertisedAddress(node),
      this.#proxies.address(clientProxy(role, node).listenPort),
    ])
    const controllers =
      this.advertisedControllers.length === 0 ? [] : this.nodes.all.filter(node => node.role === 'namesrv')
    return Object.fromEntries([
      ...clients,
      ...controllers.map(node => [controllerAddress(node), this.#proxies.address(controllerProxy(node).listenPort)]),
    ])
  }

  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[] {
    return this.#links(role, 'broker')
  }

  /** The links of `role` clients to every name server. */
  nameServerLinks(role: ClientRole): ClientLink[] {
    return this.#links(role, 'namesrv')
  }

  /** The link on which slaves copy from broker `id` when it is master. */
  replicationLink(id: number): Link {
    return this.#proxies.link(haProxy(this.nodes.find(id)).name)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { docker, labels } = this.#options
    await removeLabelled(docker, found => Object.entries(labels).every(([key, value]) => found[key] === value))
    await this.#network.remove().catch(() => {})
  }

  #links(role: ClientRole, kind: RocketmqNode['role']): ClientLink[] {
    return this.nodes.all
      .filter(node => node.role === kind)
      .map(node => {
        const { name, listenPort } = clientProxy(role, node)
        return { ...this.#proxies.link(name), broker: node.id, address: this.#proxies.address(listenPort) }
      })
  }
}

/**
 * Once masters have registered. A proxy of 5.5.0 makes a topic when it starts, and ends itself where name servers do not
 * know the topic at once, for which it asks them three times in a row (seen, about every second start): the next finds it.
 */
async function startProxy(
  options: RocketmqOptions,
  network: TrialNetwork,
  node: RocketmqNodeShape,
): Promise<RocketmqNode> {
  for (let start = 1; start < proxyStarts; start++) {
    try {
      return await startNode(options, network, node, undefined)
    } catch (error) {
      if (!(error instanceof LossproofError) || !endedByItself.test(error.message)) throw error
    }
  }
  return startNode(options, network, node, undefined)
}

async function startNode(
  options: RocketmqOptions,
  network: TrialNetwork,
  node: RocketmqNodeShape,
  disks: Disks | undefined,
): Promise<RocketmqNode> {
  try {
    const container = new NodeContainer(options.images.rocketmq)
      .withPlace(network, node.name)
      .withLabels(options.labels)
      .withCommand([node.role])
      .withEnvironment({
        ROCKETMQ_JIT: options.jit,
        ROCKETMQ_AWAIT: awaitedBy(node, options.shape).join(' '),
        ROCKETMQ_JVM_OPTS: options.shape.version?.startsWith('4.') ? opensOf4 : '',
      })
      .withCopyContentToContainer([
        { content: rocketmqConf(node, options.shape, options.broker), target: `/etc/rocketmq/${node.role}.conf` },
      ])
      .withWaitStrategy(Wait.forLogMessage(startedLine).withStartupTimeout(bootLimitMs))
    if (disks && node.role === 'broker')
      container.withBindMounts([{ source: disks.volumeOf(node.name), target: '/data', mode: 'rw' }])
    const started = await container.start()
    return { ...node, container: options.docker.getContainer(started.getId()) }
  } catch (error) {
    throw new LossproofError(
      'cluster',
      `${node.name} did not start within ${bootLimitMs / 1000} s: ${messageOf(error)}`,
      { cause: error },
    )
  }
}
