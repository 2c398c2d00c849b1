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

/** The state that a fault caused, read back from outside the thing attacked. */
export interface Evidence {
  /** False: it was looked for and not found. The cell is then inconclusive. */
  complete: boolean
  seen: Record<string, unknown>
}

/** An injected fault. */
export interface Injected {
  /** Called before the next step, while the fault lasts: everything that can be seen of it is visible by then. */
  evidence(): Promise<Evidence>
  /** Idempotent. Resolves when the cause is gone; that the cluster recovered is the trial's to wait for. */
  heal(): Promise<void>
}

/** Log end offsets of one partition, by broker id, each from that broker itself. */
export interface ReplicaEnds {
  lane: string
  partition: number
  leader: number
  ends: Record<number, number>
}

/** All that a fault can do and see. Every wait inside has a limit. */
export interface FaultContext {
  /** SIGKILL to the node's process; resolves when the engine says that the container is gone. */
  kill(node: FaultNode): Promise<{ exitCode: number; engineEvent: string | undefined }>
  start(node: FaultNode): Promise<void>
  /** What the engine says now. */
  state(node: FaultNode): Promise<{ running: boolean; paused: boolean; exitCode: number }>
  /** The proxy that carries the replication fetches which other brokers send to this node. */
  replicationLink(node: FaultNode): Link
  replicaEnds(): Promise<ReplicaEnds[]>
  /** Looks again and again until two looks in a row are alike, for a few seconds at most; resolves with the last. */
  settled<T>(look: () => Promise<T>, alike: (now: T, before: T) => boolean): Promise<T>
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
  params: Record<string, { doc: string; check: (value: SettingValue) => string | undefined }>
  inject(context: FaultContext, node: FaultNode, params: Settings): Promise<Injected>
}

export type Capability = 'docker' | 'iptables' | 'loop-devices' | 'freezer'
