/** A running cluster as a test uses it that brings its own clients. */
import type { Settings } from '../../../model/plan.ts'
import type { FaultId } from './fault-ids.ts'

export interface TestCluster extends AsyncDisposable {
  /** `127.0.0.1:port` of every broker, behind Toxiproxy. Faults of links at `producer` hit these. */
  readonly bootstrap: readonly string[]
  /** The same brokers behind proxies of their own. Faults of links at `consumer` hit these, and not those of `bootstrap`. */
  readonly consumerBootstrap: readonly string[]

  /**
   * Injects a fault, and resolves when it is in force. `target` is a role as in a scenario: `leader`, `follower`,
   * `controller`, `all`; for faults of links `producer` or `consumer`. Rejects with LossproofError('usage') when the cluster
   * cannot have this fault, and when the topic or the partition has to be named.
   */
  inject(fault: FaultId, target?: string, options?: InjectOptions): Promise<InjectedFault>

  /**
   * Reads the evidence of every fault, repairs what was broken, and waits until every broker is back, every replica of the
   * topics that were named is in sync, and their leaders tell consumers where each partition ends. Rejects with
   * LossproofError('cluster') when a fault left no evidence: the test has then shown nothing.
   */
  heal(): Promise<void>

  /** The partitions of a topic. Rejects with LossproofError('usage') when there is no such topic. */
  partitions(topic: string): Promise<Partition[]>

  /** Removes the cluster. Faults need not be healed before. */
  [Symbol.asyncDispose](): Promise<void>
}

export interface InjectOptions {
  /** The topic of which the target is the leader or a follower. */
  topic?: string
  /** The partition, where the partitions of the topic have different leaders. */
  partition?: number
  /** Parameters of the fault, as in a scenario: `{ ms: 500 }`. */
  params?: Settings
}

/** A fault that was injected. */
export interface InjectedFault {
  fault: FaultId
  target: string
  /** Names of the nodes or links that were hit: `broker-2`. */
  hit: readonly string[]
  /**
   * What can be seen of the fault while it lasts; read once, at the latest before the next fault. Some faults show only under
   * load.
   */
  evidence(): Promise<Evidence>
}

/** The state that a fault caused. */
export interface Evidence {
  /** False: the state was looked for and not found. */
  complete: boolean
  seen: Record<string, unknown>
}

/** One partition, as the brokers report it. */
export interface Partition {
  partition: number
  /** Number of the broker that leads; -1 while there is none. */
  leader: number
  epoch: number
  replicas: readonly number[]
  /** Replicas in sync; undefined while the brokers disagree. */
  isr: readonly number[] | undefined
}
