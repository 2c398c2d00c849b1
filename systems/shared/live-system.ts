/**
 * Everything of a trial that is another thing for each system. The trial itself, its schedule, triggers, clients, drain and
 * read-back are one; they reach the system through these interfaces, of which each folder beside this file is one
 * implementation.
 */
import type Dockerode from 'dockerode'
import type { ClientLink, FaultNode, Leadership, Link, ReplicaEnds } from '../../faults/fault.ts'
import type { NodeDisks } from '../../docker/disks/node-disks.ts'
import type { NodeNetwork } from '../../docker/network/node-network.ts'
import type { Nodes } from '../../docker/nodes/nodes.ts'
import type { ClientConfig } from '../../workloads/clients/client.ts'
import type { ReaderLaneConfig } from '../../workloads/messages.ts'
import type { ClientHost } from '../../docker/nodes/client-host.ts'
import type { ReplicaExtract } from '../../history/replicas.ts'
import type { Lane, Site, Trial } from '../../model/plan.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { Labels } from '../../docker/engine/labels.ts'
import type { ImageName } from '../../docker/images/build.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Look } from '../../model/wait.ts'

export type ClientRole = 'producer' | 'consumer' | 'observer'

/** A running cluster behind Toxiproxy: its nodes, links and disks. What it does with data is the observer's to tell. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: Nodes
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  /** Nodes that have data. */
  readonly brokers: FaultNode[]
  node(id: number): FaultNode
  /** What a container for a client that is not Node's needs. */
  readonly clientHost: ClientHost
  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[]
  /** The link on which others copy from this node. */
  replicationLink(id: number): Link
}

/** One partition as the brokers tell it. */
export interface PartitionView {
  /** Leader or master; -1 when there is none. */
  leader: number
  epoch: number
  /** Preferred leader first. */
  replicas: readonly number[]
  /** Those in step, the leader included. Undefined while the brokers that answered disagree. */
  isr: readonly number[] | undefined
}

export interface Observed {
  lane: string
  p: number
  view: PartitionView
}

/**
 * Asks every broker, on links that no fault touches, what it knows, and writes down each change of leader, epoch, ISR and
 * broker list. Triggers wait on its view; the checker learns from its record of an election that nobody caused.
 */
export interface Observer {
  /** Each partition of the lanes as known now; those that no broker has told of yet are missing. */
  partitions(lanes?: readonly string[]): Observed[]
  /** Who leads what, as known now. */
  leaders(): Leadership[]
  /** Log end offset of every replica of every partition that answers, each from the replica itself. */
  replicaEnds(): Promise<ReplicaEnds[]>
  /** How far a node's one log reaches, bytes; undefined where there is no such log. */
  logEnd(id: number): number | undefined
  /** Brokers that answered after `since`. */
  answering(since: number): number[]
  /** For people. */
  describe(lanes?: readonly string[]): string
}

/** What a replica holds, without when and why it was looked at. */
export type ReplicaState = Omit<ReplicaExtract, 't' | 'done' | 'at' | 'broker'> & { lane: string }

/** Reads what replicas of the lanes hold, from the files of their brokers. */
export interface ReplicaLogs {
  /** Of a broker in whatever state. */
  read(broker: number): Promise<ReplicaState[]>
  /** Of a frozen broker, through a helper that has its disk at `disk`. */
  readFrozen(broker: number, helper: Dockerode.Container, disk: string): Promise<ReplicaState[]>
}

/** The bytes of a request that every broker answers, and of one that it answers by closing the connection. */
export interface ProbeBytes {
  answered: Buffer
  nonsense: Buffer
}

/** A trial's view of its system. Ends the observer when it is disposed of, not the cluster. */
export interface TrialSystem extends AsyncDisposable {
  readonly cluster: Cluster
  readonly observer: Observer
  readonly probes: ProbeBytes
  /** Undefined: nobody reads the logs of this system yet. */
  readonly replicaLogs: ReplicaLogs | undefined
  /** What is on the data disk of a broker: its folder, and what of it an operator gives to a new disk. */
  readonly data: { folder: string; kept: readonly string[] }
  /** Streams of the replication link that carry what followers wait for; cutting them starves the followers. */
  readonly replicationStreams: readonly ('upstream' | 'downstream')[]
  /** Makes the lanes' topics, has a first round trip, and begins to observe. */
  prepare(): Promise<void>
  /** How clients of `role` reach the lane's topic. */
  reach(role: ClientRole, lane: Lane): Pick<ClientConfig, 'bootstrap' | 'addresses' | 'queues' | 'warmTopic'>
  /** How the reader does, and with which library. */
  reader(lane: Lane): Pick<ReaderLaneConfig, 'client' | 'bootstrap' | 'addresses' | 'queues' | 'group'>
  /** Nodes that have this role now; `lastHit`: what the last fault at a node hit. Throws LossproofError('cluster') when none or too many have. */
  nodesOf(role: string, lastHit: number | undefined): Promise<number[]>
  /** Whether everything is whole by what the observer was told after `since`, and what is not. */
  recovery(since: number): { whole: boolean; seen: string }
  /** Nodes whose return the observer cannot tell, and that are not back by the engine's word. */
  missing(): Promise<string[]>
  /** Where masters are given up: why the ends of what is left are not final yet. */
  unsealed(): Promise<string[]>
  /** What the brokers that serve a partition say where none of them knows its topic; undefined where one does. */
  topicUnknown(lane: Lane, p: number): Promise<string | undefined>
  /** What the masters of these lanes have written and not flushed yet, by their own word. */
  unflushed(lanes: readonly string[]): Promise<string[]>
  /** One try to write a fence record with all replicas in step; its offset. */
  writeFence(lane: Lane, p: number): Promise<Look<number>>
  /**
   * Committed offsets of the lane's group by partition, as the broker tells them; of a group whose members keep their
   * own, from the local store in `stores`.
   */
  groupOffsets(lane: Lane, stores: string): Promise<Map<number, number>>
  /** Messages that brokers will deliver again, or have delivered again and not heard of. */
  redeliveries(lane: Lane): Promise<number>
  /** Messages of the lane that brokers have put aside for good, with where they lie. */
  deadLetters(lane: Lane): Promise<{ s: number; p: number; o: number }[]>
  /** The active controller. Throws while none is known. */
  activeController(): Promise<{ id: number; epoch: number }>
  transferLeadership(partitions: readonly Leadership[], to: number): Promise<void>
}

export interface ClusterOptions {
  docker: Dockerode
  events: EngineEvents
  images: Record<ImageName, string>
  /** Each broker's data lie on a disk of its own, which can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  /** `c1` boots sooner, `full` peaks higher. */
  jit: 'c1' | 'full'
}

export interface Started {
  cluster: Cluster
  attach: (trial: Trial, log: EventLog, signal: AbortSignal) => TrialSystem
}

/** The Docker side of a system. */
export interface LiveSystem {
  /** Resolves when every node has started. */
  start(site: Site, options: ClusterOptions): Promise<Started>
}
