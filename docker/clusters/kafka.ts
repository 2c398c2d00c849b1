/** A Kafka cluster of KRaft nodes behind Toxiproxy: start, nodes, links, logs. What its partitions do is the observer's to tell. */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import type { ClientLink, Ended, FaultNode, Link, NodeState } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../harness/errors.ts'
import type { Settings } from '../../harness/plan/types.ts'
import { NodeContainer } from '../container.ts'
import type { EngineEvents } from '../events.ts'
import type { Labels } from '../labels.ts'
import { removeLabelled } from '../cleanup.ts'
import { createNetwork } from '../network.ts'
import type { TrialNetwork } from '../network.ts'
import { Proxies } from '../proxies.ts'
import type { ProxySpec } from '../proxies.ts'
import { brokerName, clientProxyPort, clientRoles, listenerPort, nodesOf, replicationProxy, serverProperties } from './kafka-properties.ts'
import type { ClientRole, ClusterShape } from './kafka-properties.ts'

const bootLimitMs = 90_000
/** A controlled shutdown moves leadership first. */
const endLimitMs = 30_000
/** Printed by a node once all its parts have started. */
const startedLine = /Kafka Server started/

export interface KafkaOptions {
  docker: Dockerode
  events: EngineEvents
  images: { kafka: string; toxiproxy: string }
  /** Unique on the engine. */
  name: string
  labels: Labels
  shape: ClusterShape
  broker: Settings
  /** `c1` boots sooner, `full` peaks higher. */
  jit: 'c1' | 'full'
}

interface Node extends FaultNode {
  isBroker: boolean
  container: Dockerode.Container
}

export class KafkaCluster implements AsyncDisposable {
  readonly #options: KafkaOptions
  readonly #network: TrialNetwork
  readonly #proxies: Proxies
  readonly #nodes: Node[]

  private constructor(options: KafkaOptions, network: TrialNetwork, proxies: Proxies, nodes: Node[]) {
    this.#options = options
    this.#network = network
    this.#proxies = proxies
    this.#nodes = nodes
  }

  /** Resolves when every node has said that it started; whether they form a healthy cluster is the observer's to tell. */
  static async start(options: KafkaOptions): Promise<KafkaCluster> {
    const { docker, name, labels, shape } = options
    const network = await createNetwork(docker, name, labels)
    const brokers = Array.from({ length: shape.brokers }, (_, at) => at + 1)
    const proxies = await Proxies.start({
      image: options.images.toxiproxy,
      alias: 'toxiproxy',
      network,
      labels,
      publish: brokers.flatMap(id => clientRoles.map(role => clientProxyPort(role, id))),
    })
    const started = nodesOf(shape).map(async node => startNode(options, network, proxies, node))
    const nodes = await Promise.all(started)
    return new KafkaCluster(options, network, proxies, nodes)
  }

  get brokers(): FaultNode[] {
    return this.#nodes.filter(node => node.isBroker).map(({ id, name }) => ({ id, name }))
  }

  node(id: number): FaultNode {
    const { name } = this.#find(id)
    return { id, name }
  }

  /** `127.0.0.1:port` of every broker, for clients of `role`. */
  bootstrap(role: ClientRole): string[] {
    return this.brokers.map(broker => this.address(role, broker.id))
  }

  address(role: ClientRole, id: number): string {
    return this.#proxies.address(clientProxyPort(role, id))
  }

  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[] {
    return this.brokers.map(({ id }) => ({ ...this.#proxies.link(`${role}-${id}`), broker: id, address: this.address(role, id) }))
  }

  replicationLink(id: number): Link {
    return this.#proxies.link(replicationProxy(id).name)
  }

  /** Sends the signal; resolves when the engine says that the container is gone. */
  async end(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended> {
    const { container, name } = this.#find(id)
    const { events } = this.#options
    const mark = events.mark(container.id)
    await container.kill({ signal })
    const died = await events.next(container.id, 'die', mark, endLimitMs)
    const { exitCode, running } = await this.state(id)
    if (running) throw new LossproofError('cluster', `${name} still runs ${endLimitMs / 1000} s after ${signal}`)
    return { exitCode, engineEvent: died && `die, exit code ${String(died.exitCode)}` }
  }

  /** Starts a node that is down. No error when it runs. */
  async boot(id: number): Promise<void> {
    const { running } = await this.state(id)
    if (!running) await this.#find(id).container.start()
  }

  async pause(id: number): Promise<void> {
    await this.#find(id).container.pause()
  }

  async unpause(id: number): Promise<void> {
    const { paused } = await this.state(id)
    if (paused) await this.#find(id).container.unpause()
  }

  async state(id: number): Promise<NodeState> {
    const { State: state } = await this.#find(id).container.inspect()
    return { running: state.Running, paused: state.Paused, exitCode: state.ExitCode, startedAt: state.StartedAt }
  }

  /** The node's log so far. */
  async logs(id: number): Promise<string> {
    const raw = await this.#find(id).container.logs({ stdout: true, stderr: true, timestamps: true })
    return demultiplex(raw)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { labels } = this.#options
    await removeLabelled(this.#options.docker, found => Object.entries(labels).every(([key, value]) => found[key] === value))
    await this.#network.remove().catch(() => {})
  }

  #find(id: number): Node {
    const found = this.#nodes.find(node => node.id === id)
    if (!found) throw new LossproofError('internal', `no node ${id} in this cluster`)
    return found
  }
}

async function startNode(options: KafkaOptions, network: TrialNetwork, proxies: Proxies, node: ReturnType<typeof nodesOf>[number]): Promise<Node> {
  const isBroker = node.roles !== 'controller'
  const properties = serverProperties(node, options.shape, role => proxies.portOf(clientProxyPort(role, node.id)), options.broker)
  try {
    const container = new NodeContainer(options.images.kafka)
      .withPlace(network, node.name)
      .withLabels(options.labels)
      .withEnvironment({ NODE_ID: String(node.id), KAFKA_JIT: options.jit })
      .withCopyContentToContainer([{ content: properties, target: '/etc/kafka/server.properties' }])
      .withWaitStrategy(Wait.forLogMessage(startedLine).withStartupTimeout(bootLimitMs))
    const [started] = await Promise.all([container.start(), isBroker ? proxies.create(proxiesOf(node.id)) : undefined])
    return { id: node.id, name: node.name, isBroker, container: options.docker.getContainer(started.getId()) }
  } catch (error) {
    throw new LossproofError('cluster', `${node.name} did not start within ${bootLimitMs / 1000} s: ${messageOf(error)}`, { cause: error })
  }
}

function proxiesOf(id: number): ProxySpec[] {
  return [
    ...clientRoles.map(role => ({
      name: `${role}-${id}`, listenPort: clientProxyPort(role, id), upstream: `${brokerName(id)}:${listenerPort(role)}`, published: true,
    })),
    { ...replicationProxy(id), published: false },
  ]
}

/** The engine's log stream frames each piece with 8 bytes: stream, three zeros, length. */
function demultiplex(raw: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + 8 <= raw.length; ) {
    const length = raw.readUInt32BE(at + 4)
    pieces.push(raw.subarray(at + 8, at + 8 + length))
    at += 8 + length
  }
  return Buffer.concat(pieces).toString('utf8')
}
