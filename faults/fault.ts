/**
 * What a fault is. One fault, one file: it says what it models and what it cannot, what it needs, and how it is
 * injected, proved and healed. It reaches the world only through `FaultContext`, so the planner may import every
 * fault to know its words without importing Docker.
 */
import type { Settings, SettingValue } from '../model/plan.ts'

/** A node of the cluster that a role resolved to. */
export interface FaultNode {
  /** Its name in every output: `broker-1`. */
  name: string
  /** `node.id` (Kafka) or the number in its name (RocketMQ). */
  id: number
}

/** A process of ours that plays producer or consumer. */
export interface FaultClient {
  /** Its name in every output: `producer-1`. */
  name: string
}

/** What the role in a schedule resolved to: nodes; or clients of that role, and their links to every broker. */
export interface FaultTarget {
  role: string
  nodes: FaultNode[]
  links: ClientLink[]
  clients: FaultClient[]
}

/** The state that a fault caused, read back from outside the thing attacked. */
export interface Evidence {
  /** False: it was looked for and not found. The cell is then inconclusive. */
  complete: boolean
  seen: Record<string, unknown>
}

/** An injected fault. */
export interface Injected {
  /** Called before the next step, while the fault lasts: everything that can be seen of it is visible by then. */
  evidence: () => Promise<Evidence>
  /** Idempotent. Resolves when the cause is gone; that the cluster recovered is the trial's to wait for. */
  heal: () => Promise<void>
}

/** Log end offsets of one partition, by broker id, each from that broker itself. */
export interface ReplicaEnds {
  lane: string
  partition: number
  leader: number
  ends: Record<number, number>
}

/** How a process ended: its exit code, and the engine's own event about it. */
export interface Ended {
  exitCode: number
  engineEvent: string | undefined
}

/** What the engine says of a node's container. */
export interface NodeState {
  running: boolean
  paused: boolean
  exitCode: number
  /** Changes with each start. */
  startedAt: string
}

/** What was seen of a power loss. */
export interface PowerLoss {
  /** Between the first and the last disk, ms. */
  spreadMs: number
  /** From the first call to the last return; what the calls wait for is the journals' superblocks. */
  returnedMs: number
  nodes: Record<
    string,
    Ended & {
      /** What a read of the dead file system answered. */ read: string
      /** Before the process was killed. */ droppedPackets: number
    }
  >
}

/** Packets that are dropped until `undo`. */
export interface Dropping {
  /** DROP rules in the node's network namespace, and packets that they have dropped so far. */
  seen(node: FaultNode): Promise<{ rules: number; packets: number }>
  /** Idempotent; no error when the node is down. */
  undo(): Promise<void>
}

/** What the operating system or the engine says of a client's process, and what the process itself told last. */
export interface ClientState {
  running: boolean
  /** Stopped by SIGSTOP, or its container paused. */
  frozen: boolean
  /** `signal SIGKILL`, `exit code 0`; undefined while it runs. */
  ended: string | undefined
  /** Whether it said that it had written everything, as a client that was asked to end does. */
  finished: boolean
  /** Sends without an answer, and messages delivered whose offsets it has not committed, over all its lanes. */
  unanswered: number
  uncommitted: number
}

/** Who leads a partition, as the observer knows. */
export interface Leadership {
  lane: string
  partition: number
  leader: number
  epoch: number
  /** Preferred leader first. */
  replicas: readonly number[]
  /** Undefined while brokers disagree. */
  isr: readonly number[] | undefined
}

/** How a fresh connection through a link fared. */
export interface Probe {
  outcome: 'answered' | 'silent' | 'refused' | 'closed'
  /** Until the answer, the refusal or the close, ms; for `silent` how long was waited. */
  ms: number
}

/** All that a fault can do and see. Every wait inside has a limit. */
export interface FaultContext {
  /** SIGKILL or SIGTERM to the node's process; resolves when the engine says that the container is gone. */
  end(node: FaultNode, signal: 'SIGKILL' | 'SIGTERM'): Promise<Ended>
  /** Starts the node's process; no error when it runs. */
  start(node: FaultNode): Promise<void>
  pause(node: FaultNode): Promise<void>
  /** No error when it is not paused. */
  unpause(node: FaultNode): Promise<void>
  state(node: FaultNode): Promise<NodeState>
  /** The end of the node's log. */
  lastLog(node: FaultNode): Promise<string>
  /** The proxy that carries the replication fetches which other brokers send to this node. */
  replicationLink(node: FaultNode): Link
  /** Its streams that carry what followers wait for. */
  readonly replicationStreams: readonly ('upstream' | 'downstream')[]
  replicaEnds(): Promise<ReplicaEnds[]>
  /** How far the node's log reaches, bytes, where it has one log for all partitions; end offsets may wait for followers. */
  logEnd(node: FaultNode): number | undefined
  /** Messages that all producers have sent, and those that were acknowledged. */
  sent(): { sent: number; acked: number }
  /** Opens a connection of its own through a client link, asks the broker for what every one answers, and waits at most `limitMs`. */
  probe(link: ClientLink, limitMs: number): Promise<Probe>
  /** The same, but asks for nonsense, which every broker answers by closing the connection. */
  probeClose(link: ClientLink, limitMs: number): Promise<Probe>
  /** Every node of the cluster. */
  readonly allNodes: readonly FaultNode[]
  /** Drops packets between the two of each pair; `in` and `out` only those towards or from the first. Clients still reach all. */
  part(pairs: readonly (readonly [FaultNode, FaultNode])[], direction: 'both' | 'in' | 'out'): Promise<Dropping>
  /** Drops all packets of the nodes. */
  isolate(nodes: readonly FaultNode[]): Promise<Dropping>
  /** All nodes' disks lose power within milliseconds, then their processes are killed. */
  losePower(nodes: readonly FaultNode[]): Promise<PowerLoss>
  /** Runs a shell command in a helper that has the node's disk at /disk; the node may run or be dead. */
  onDisk(node: FaultNode, script: string): Promise<string>
  /** What is on a data disk: its folder, and what of it a new disk is given. */
  readonly data: { folder: string; kept: readonly string[] }
  /** Every write to the node's disk waits from now on. */
  freezeDisk(node: FaultNode): Promise<void>
  /** `frozen` or `awake`, by the kernel's word. */
  diskState(node: FaultNode): Promise<string>
  /** No error when it is not frozen. */
  thawDisk(node: FaultNode): Promise<void>
  /** Lets the node write to its disk at most so often a second; buffered writes do not wait. 0: no limit. */
  throttleDisk(node: FaultNode, writesPerSec: number): Promise<void>
  /** How long `times` synced writes of a process beside the node's take, ms. */
  fsyncMs(node: FaultNode, times: number): Promise<number>
  leaders(): Leadership[]
  /** Makes broker `to` the leader of the partitions, as an operator does; resolves when the cluster has agreed to. */
  transferLeadership(partitions: readonly Leadership[], to: number): Promise<void>
  /** The active controller. Throws while none is known. */
  activeController(): Promise<{ id: number; epoch: number }>
  /** Signals the client's process; resolves when the operating system says that it is gone. */
  endClient(client: FaultClient, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  freezeClient(client: FaultClient): Promise<void>
  /** No error when it is not frozen. */
  wakeClient(client: FaultClient): Promise<void>
  clientState(client: FaultClient): Promise<ClientState>
  /** Starts the client's process anew, where it goes on numbering; no error when it runs. */
  startClient(client: FaultClient): Promise<void>
  /** Waits until every replica of every lane is back in step. */
  recovered(): Promise<void>
  /** Looks again and again until two looks in a row are alike, at most `looks` times (60); resolves with the last. */
  settled<T>(look: () => Promise<T>, alike: (now: T, before: T) => boolean, looks?: number): Promise<T>
}

export type ToxicType = 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'limit_data'

/** One Toxiproxy link. */
export interface Link {
  name: string
  addToxic(toxic: {
    name: string
    type: ToxicType
    stream: 'upstream' | 'downstream'
    attributes: Record<string, number>
  }): Promise<void>
  /** No error when it is not there. */
  removeToxic(name: string): Promise<void>
  /** Names of the toxics that Toxiproxy says are present. */
  toxics(): Promise<string[]>
  /** Off: connections end, new ones are refused. */
  enable(on: boolean): Promise<void>
  enabled(): Promise<boolean>
}

/** A link that clients of one role use to reach one broker. */
export interface ClientLink extends Link {
  broker: number
  /** `127.0.0.1:port` */
  address: string
}

export interface Fault {
  id: string
  /** One line for lists. */
  title: string
  /** What happens in the world that this stands for. */
  models: string
  /** What it does not stand for. */
  cannotModel: string
  /** Capabilities of the machine, as `doctor` names them. */
  needs: readonly Capability[]
  /** Systems that can have it; absent: all. */
  systems?: readonly string[]
  /** What it hits where that is not a node of the cluster. */
  actsOn?: 'client-links' | 'client-processes'
  /** Roles it can be aimed at, of all systems. The first that a system has is its default. */
  targets: readonly string[]
  /** Parameters beside `fault` and `target`. `check` returns what is wrong with a value. */
  params: Record<string, FaultParam>
  /** Load goes on while it is injected, because that takes long or is the point. */
  underLoad?: true
  /** What is wrong with a cluster of so many brokers for this fault with these parameters. */
  refuses?: (brokers: number, params: Settings) => string | undefined
  inject(context: FaultContext, target: FaultTarget, params: Settings): Promise<Injected>
}

export interface FaultParam {
  doc: string
  /** Used where the scenario does not give it. */
  default?: SettingValue
  check: (value: SettingValue) => string | undefined
}

export const capabilities = ['docker', 'iptables', 'loop-devices', 'freezer', 'cgroup-writes'] as const
export type Capability = (typeof capabilities)[number]

/** Roles of nodes. Each system lists those that it has; see the planning facts of systems/. */
export const nodeRoles = [
  'leader',
  'follower',
  'master',
  'slave',
  'first-master',
  'first-slave',
  'controller',
  'controller-majority',
  'name-server',
  'coordinator',
  'all',
  'minority',
  'majority',
  'other-than(leader)',
  'next',
] as const
export type NodeRole = (typeof nodeRoles)[number]
/** Roles of nodes that have partitions, for what happens to data. */
export const brokerRoles = nodeRoles.filter(
  role => !['controller', 'controller-majority', 'name-server'].includes(role),
)
/** Roles of clients, for faults of their links. */
export const linkRoles = ['producer', 'consumer'] as const
/** Roles of clients, for faults of their processes: all of them, or the first of each lane's group. */
export const clientRoles = ['producer', 'consumer', 'first-consumer'] as const

/** The roles that a fault can be aimed at on a system with these node roles; none: the system cannot have this fault. */
export function targetsOn(
  system: { id: string; roles: readonly NodeRole[] },
  { systems, targets }: Pick<Fault, 'systems' | 'targets'>,
): string[] {
  if (systems && !systems.includes(system.id)) return []
  const known: readonly string[] = [...system.roles, ...clientRoles]
  return targets.filter(target => known.includes(target))
}

export const positive = (value: SettingValue): string | undefined =>
  typeof value === 'number' && value > 0 ? undefined : `expected a number above 0, got ${JSON.stringify(value)}`
