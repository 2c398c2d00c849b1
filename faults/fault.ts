/**
 * What a fault is. One fault, one file: it says what it models and what it cannot, what it needs, and how it is
 * injected, proved and healed. It reaches the world only through `FaultContext`, so the planner may import every
 * fault to know its words without importing Docker.
 */
import type { Settings, SettingValue } from '../harness/plan/types.ts'

/** A node of the cluster that a role resolved to. */
export interface FaultNode {
  /** Its name in every output: `broker-1`. */
  name: string
  /** `node.id` (Kafka) or the number in its name (RocketMQ). */
  id: number
}

/** What the role in a schedule resolved to: nodes, or the links of clients with that role to every broker. */
export interface FaultTarget {
  role: string
  nodes: FaultNode[]
  links: ClientLink[]
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
  nodes: Record<string, Ended & { /** What a read of the dead file system answered. */ read: string }>
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
  replicaEnds(): Promise<ReplicaEnds[]>
  /** Messages that all producers have sent, and those that were acknowledged. */
  sent(): { sent: number; acked: number }
  /** Opens a connection of its own through a client link, asks the broker for its API versions, and waits at most `limitMs`. */
  probe(link: ClientLink, limitMs: number): Promise<Probe>
  /** Drops packets between the node and all nodes that are not in `side`. */
  dropPeers(node: FaultNode, side: readonly FaultNode[], direction: 'both' | 'in' | 'out'): Promise<void>
  /** Drops all packets of the node. */
  dropAll(node: FaultNode): Promise<void>
  /** Packets that the node's rules have dropped so far. */
  droppedPackets(node: FaultNode): Promise<number>
  /** No error when there is no rule, or the node is down. */
  undrop(node: FaultNode): Promise<void>
  /** All nodes' disks lose power within milliseconds, then their processes are killed. */
  losePower(nodes: readonly FaultNode[]): Promise<PowerLoss>
  /** Runs a shell command in a helper that has the node's disk at /disk; the node may run or be dead. */
  onDisk(node: FaultNode, script: string): Promise<string>
  /** Waits until every replica of every lane is back in step. */
  recovered(): Promise<void>
  /** Looks again and again until two looks in a row are alike, at most `looks` times (60); resolves with the last. */
  settled<T>(look: () => Promise<T>, alike: (now: T, before: T) => boolean, looks?: number): Promise<T>
}

export type ToxicType = 'latency' | 'bandwidth' | 'slow_close' | 'timeout' | 'reset_peer' | 'limit_data'

/** One Toxiproxy link. */
export interface Link {
  name: string
  addToxic(toxic: { name: string; type: ToxicType; stream: 'upstream' | 'downstream'; attributes: Record<string, number> }): Promise<void>
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
  /** Roles it can be aimed at. The first is the default. */
  targets: readonly string[]
  /** Parameters beside `fault` and `target`. `check` returns what is wrong with a value. */
  params: Record<string, FaultParam>
  /** Load goes on while it is injected, because that takes long or is the point. */
  underLoad?: true
  inject(context: FaultContext, target: FaultTarget, params: Settings): Promise<Injected>
}

export interface FaultParam {
  doc: string
  /** Used where the scenario does not give it. */
  default?: SettingValue
  check: (value: SettingValue) => string | undefined
}

export type Capability = 'docker' | 'iptables' | 'loop-devices' | 'freezer'

/** Roles of nodes, one or several. */
export const nodeRoles = ['leader', 'follower', 'controller', 'all', 'minority', 'majority', 'other-than(leader)'] as const
/** Roles of clients, for faults of their links. */
export const linkRoles = ['producer', 'consumer'] as const

export const positive = (value: SettingValue): string | undefined =>
  typeof value === 'number' && value > 0 ? undefined : `expected a number above 0, got ${JSON.stringify(value)}`
