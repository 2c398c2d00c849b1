/** A Kafka cluster of KRaft nodes behind Toxiproxy: start, nodes, links, logs. What its partitions do is the observer's to tell. */
import type Dockerode from 'dockerode'
import { Wait } from 'testcontainers'
import type { ClientLink, Ended, FaultNode, Link, NodeState, PowerLoss } from '../../faults/fault.ts'
import { LossproofError, messageOf } from '../../harness/errors.ts'
import type { Settings } from '../../harness/plan/types.ts'
import { NodeContainer } from '../container.ts'
import { countDropped, isolationRules, peerRules } from '../netfilter.ts'
import type { EngineEvents } from '../events.ts'
import type { Labels } from '../labels.ts'
import { removeLabelled } from '../cleanup.ts'
import { createDisks, helperOptions } from '../disks.ts'
import type { Disks } from '../disks.ts'
import { execIn, tryExecIn } from '../exec.ts'
import { createNetwork } from '../network.ts'
import type { TrialNetwork } from '../network.ts'
import { Proxies } from '../proxies.ts'
import type { ProxySpec } from '../proxies.ts'
import { brokerName, clientProxyPort, clientRoles, listenerPort, nodesOf, replicationPorts, replicationProxy, serverProperties } from './kafka-properties.ts'
import type { ClientRole, ClusterShape } from './kafka-properties.ts'

const bootLimitMs = 90_000
/** A controlled shutdown moves leadership first. */
const endLimitMs = 30_000
/** Printed by a node once all its parts have started. */
const startedLine = /Kafka Server started/
/** FS_IOC_SHUTDOWN with NOLOGFLUSH on each mount, back to back; prints when. */
const shutDown = 'for my $d (@ARGV) { sysopen(F, $d, 0) or die "$d: $!"; my $a = pack("L", 2); ioctl(F, 0x8004587d, $a) or die "$d: $!"; push @t, time; close F } printf "%.6f\\n", $_ for @t'

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

interface Node extends FaultNode {
  isBroker: boolean
  container: Dockerode.Container
}

export class KafkaCluster implements AsyncDisposable {
  readonly #options: KafkaOptions
  readonly #network: TrialNetwork
  readonly #proxies: Proxies
  readonly #nodes: Node[]
  readonly #disks: Disks | undefined

  private constructor(options: KafkaOptions, network: TrialNetwork, proxies: Proxies, nodes: Node[], disks: Disks | undefined) {
    this.#disks = disks
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
    const disks = options.disks ? await createDisks(docker, { helperImage: options.images.helper, name, labels, nodes: brokers.map(brokerName) }) : undefined
    const proxies = await Proxies.start({
      image: options.images.toxiproxy,
      alias: 'toxiproxy',
      network,
      labels,
      publish: brokers.flatMap(id => clientRoles.map(role => clientProxyPort(role, id))),
    })
    const started = nodesOf(shape).map(async node => startNode(options, network, proxies, node, disks))
    const nodes = await Promise.all(started)
    return new KafkaCluster(options, network, proxies, nodes, disks)
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

  /** Drops packets between node `id` and all nodes that are not in `side`; clients still reach it. */
  async dropPeers(id: number, side: readonly number[], direction: 'both' | 'in' | 'out'): Promise<void> {
    const others = this.#nodes.filter(node => !side.includes(node.id))
    const peers = await Promise.all(others.map(async node => addressOf(node.container)))
    await this.#iptables(id, peerRules(peers, replicationPorts, direction))
  }

  async dropAll(id: number): Promise<void> {
    await this.#iptables(id, isolationRules)
  }

  async droppedPackets(id: number): Promise<number> {
    return countDropped(await this.#inNetwork(id, 'iptables -nvxL'))
  }

  async undrop(id: number): Promise<void> {
    const { running } = await this.state(id)
    // The rules went with the network namespace of a node that is down.
    if (running) await this.#inNetwork(id, 'iptables -F')
  }

  /** Shuts all nodes' file systems down within milliseconds, nothing flushed, and kills the nodes. */
  async losePower(ids: readonly number[]): Promise<PowerLoss> {
    const nodes = ids.map(id => this.#find(id))
    const helper = await this.#helper(nodes.map(({ name }) => ({ node: name, at: `/${name}` })))
    try {
      // Frozen first, so that nothing of theirs leaves between the disk's death and their own.
      await Promise.all(nodes.map(async ({ container }) => container.pause()))
      const output = await execIn(helper, ['perl', '-MTime::HiRes=time', '-e', shutDown, ...nodes.map(({ name }) => `/${name}`)])
      const times = output.trim().split('\n').map(Number)
      const ended = await Promise.all(nodes.map(async ({ id }) => this.end(id, 'SIGKILL')))
      const reads = await Promise.all(nodes.map(async ({ name }) => tryExecIn(helper, ['touch', `/${name}/probe`])))
      return {
        spreadMs: Math.round((Math.max(...times) - Math.min(...times)) * 1000),
        nodes: Object.fromEntries(nodes.map(({ name }, at) => [name, { exitCode: ended[at]?.exitCode ?? -1, engineEvent: ended[at]?.engineEvent, read: reads[at]?.stderr.trim() ?? '' }])),
      }
    } finally {
      // The journal is replayed when the last user is gone and the file system is mounted anew.
      await helper.remove({ force: true })
    }
  }

  /** Runs a shell command with the node's disk at /disk. */
  async onDisk(id: number, script: string): Promise<string> {
    const helper = await this.#helper([{ node: this.#find(id).name, at: '/disk' }])
    try {
      return await execIn(helper, ['sh', '-c', script])
    } finally {
      await helper.remove({ force: true })
    }
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

  async #iptables(id: number, rules: readonly string[][]): Promise<void> {
    await this.#inNetwork(id, rules.map(rule => `iptables ${rule.join(' ')}`).join(' && '))
  }

  /** Runs a shell command in the node's network namespace, from a helper that may do nothing but that. */
  async #inNetwork(id: number, script: string): Promise<string> {
    const { docker, images, labels } = this.#options
    const helper = await docker.createContainer({
      Image: images.helper,
      Labels: labels,
      Entrypoint: ['sleep'],
      Cmd: ['60'],
      HostConfig: { NetworkMode: `container:${this.#find(id).container.id}`, CapDrop: ['ALL'], CapAdd: ['NET_ADMIN', 'NET_RAW'], Init: true },
    })
    try {
      await helper.start()
      return await execIn(helper, ['sh', '-c', script])
    } finally {
      await helper.remove({ force: true })
    }
  }

  async #helper(disks: { node: string; at: string }[]): Promise<Dockerode.Container> {
    const { docker, images, labels } = this.#options
    const own = this.#disks
    if (!own) throw new LossproofError('internal', 'this cluster was started without disks of its own')
    const helper = await docker.createContainer({ Image: images.helper, ...helperOptions(labels, disks.map(({ node, at }) => `${own.volumeOf(node)}:${at}`)) })
    await helper.start()
    return helper
  }

  #find(id: number): Node {
    const found = this.#nodes.find(node => node.id === id)
    if (!found) throw new LossproofError('internal', `no node ${id} in this cluster`)
    return found
  }
}

async function startNode(options: KafkaOptions, network: TrialNetwork, proxies: Proxies, node: ReturnType<typeof nodesOf>[number], disks: Disks | undefined): Promise<Node> {
  const isBroker = node.roles !== 'controller'
  const properties = serverProperties(node, options.shape, role => proxies.portOf(clientProxyPort(role, node.id)), options.broker)
  try {
    const container = new NodeContainer(options.images.kafka)
      .withPlace(network, node.name)
      .withLabels(options.labels)
      .withEnvironment({ NODE_ID: String(node.id), KAFKA_JIT: options.jit })
      .withCopyContentToContainer([{ content: properties, target: '/etc/kafka/server.properties' }])
      .withWaitStrategy(Wait.forLogMessage(startedLine).withStartupTimeout(bootLimitMs))
    if (disks && isBroker) container.withBindMounts([{ source: disks.volumeOf(node.name), target: '/data', mode: 'rw' }])
    const [started] = await Promise.all([container.start(), isBroker ? proxies.create(proxiesOf(node.id)) : undefined])
    return { id: node.id, name: node.name, isBroker, container: options.docker.getContainer(started.getId()) }
  } catch (error) {
    throw new LossproofError('cluster', `${node.name} did not start within ${bootLimitMs / 1000} s: ${messageOf(error)}`, { cause: error })
  }
}

function proxiesOf(id: number): ProxySpec[] {
  return [
    ...clientRoles.map(role => ({
      name: `${role}-${id}`, listenPort: clientProxyPort(role, id), upstream: `${brokerName(id)}:${listenerPort(role)}`,
    })),
    replicationProxy(id),
  ]
}

async function addressOf(container: Dockerode.Container): Promise<string> {
  const { NetworkSettings: network } = await container.inspect()
  const configured = Object.values(network.Networks)[0]?.IPAMConfig?.IPv4Address
  if (configured === undefined) throw new LossproofError('internal', 'a node without a fixed address')
  return configured
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
