/**
 * The Docker side of a system. A trial (schedule, triggers, clients, drain, read-back) is the same for every system; it
 * reaches the cluster through these interfaces. Each folder beside this one implements them once.
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
import type { ComposeProject, Lane, OwnCluster, Site, Trial } from '../../model/plan.ts'
import type { FollowedApplications } from './followed-applications.ts'
import type { EngineEvents } from '../../docker/engine/events.ts'
import type { Labels } from '../../docker/engine/labels.ts'
import type { ImageReferences } from '../../docker/images/definition.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Ability } from '../../model/abilities.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Look } from '../../model/wait.ts'
import type { ClientRole } from './client-links.ts'
import type { SettingDifference } from './settings/setting-differences.ts'

/** A running cluster behind Toxiproxy: its nodes, links and disks. */
export interface Cluster extends AsyncDisposable {
  readonly nodes: Nodes
  readonly network: NodeNetwork
  readonly disks: NodeDisks
  /** Nodes that store messages. */
  readonly brokers: FaultNode[]
  node(id: number): FaultNode
  /** What a client that runs in a container needs. */
  readonly clientHost: ClientHost
  /** The links of `role` clients to every broker. */
  clientLinks(role: ClientRole): ClientLink[]
  /** The links of all client roles to one node. */
  linksOf(id: number): ClientLink[]
  /** The link through which other nodes copy from this node. */
  replicationLink(id: number): Link
}

/** One partition as the brokers report it. */
export interface PartitionView {
  /** Node id of the leader or master; -1 when there is none. */
  leader: number
  epoch: number
  /** Node ids, the preferred leader first. */
  replicas: readonly number[]
  /** Replicas in sync, the leader included. Undefined while the brokers that answered disagree. */
  isr: readonly number[] | undefined
}

export interface ObservedPartition {
  lane: string
  p: number
  view: PartitionView
}

/**
 * Polls every broker on links that no fault touches, and records each change of leader, epoch, ISR and node state in the
 * trial's events. Triggers wait for its view; the checker finds elections there that no step caused.
 */
export interface Observer {
  /** Latest view of each partition of the lanes. Partitions that no broker has reported yet are missing. */
  partitions(lanes?: readonly string[]): ObservedPartition[]
  /** Latest known leader of each partition. */
  leaders(): Leadership[]
  /**
   * Log end offset of every replica of every partition, each read from the replica itself; replicas that do not answer
   * are missing.
   */
  replicaEnds(): Promise<ReplicaEnds[]>
  /** Length of a node's log in bytes; undefined where a node keeps one log per partition. */
  logEnd(id: number): number | undefined
  /** Ids of brokers that answered a question asked after `since`, ms on the trial's clock. */
  answering(since: number): number[]
  /** The latest view in words, for messages. */
  describe(lanes?: readonly string[]): string
}

/** What a replica holds, without the time and the reason of the reading. */
export type ReplicaState = Omit<ReplicaExtract, 't' | 'done' | 'at' | 'broker'> & { lane: string }

/** The disk of a frozen node, mounted in a helper container. */
export interface FrozenDisk {
  helper: Dockerode.Container
  /** Where the helper has it. */
  mount: string
  /** To be called when nothing more is read from the disk. */
  fetched: () => void
}

/** Reads what the replicas of the lanes hold from the files of their brokers. */
export interface ReplicaLogs {
  /** Of a broker that runs, is paused or is down. */
  read(broker: number): Promise<ReplicaState[]>
  /** Of a frozen broker. */
  readFrozen(broker: number, disk: FrozenDisk): Promise<ReplicaState[]>
}

/** Requests that test a connection: one that every broker answers, one that makes every broker close the connection. */
export interface ProbeBytes {
  answered: Buffer
  nonsense: Buffer
}

/** Why a lane cannot take part in its trial. */
export interface LaneFailure {
  lane: string
  why: string
}

/** Whether the declared recovery is complete, and the state seen, in words. */
export interface RecoveryState {
  recovered: boolean
  seen: string
}

/** A message that a broker has moved to a dead-letter topic: its number, and where it is stored there. */
export interface DeadLetter {
  s: number
  p: number
  o: number
}

/** Messages that brokers deliver again by themselves, and those that they stop delivering. */
export interface BrokerRedelivery {
  /** How many messages of the lane brokers will deliver again, or have delivered again without an answer yet. */
  pending(lane: Lane): Promise<number>
  /** Messages of the lane in its group's dead-letter topic. */
  deadLetters(lane: Lane): Promise<DeadLetter[]>
}

/** Reading from slaves, where the declared recovery leaves masters down. */
export interface SlaveReading {
  /** Whether the engine reports that the master of the partition is down. */
  masterDown(lane: Lane, p: number): Promise<boolean>
  /** Reasons why end offsets of partitions without a master may still change; empty when they are final. */
  unsettled(): Promise<string[]>
  /** What brokers answer when none of those that serve the partition knows its topic; undefined when one does. */
  topicUnknown(lane: Lane, p: number): Promise<string | undefined>
}

/** Topics that the application under test creates, and that no trial prepares. */
export interface ForeignTopics {
  /** Partitions and replicas of a topic, as a broker reports them; undefined when there is no such topic. */
  shape(topic: string): Promise<{ partitions: number; replicationFactor: number } | undefined>
  /** Starts the observer on the topics of the lanes, without creating them. */
  watch(): void
  /**
   * Partitions of the lanes whose end consumers cannot ask for yet, each with the reason: after an election a leader
   * refuses to tell it until its replicas have confirmed the records from before.
   */
  withoutEnd(): Promise<string[]>
}

/**
 * What only some systems can do. An ability that a system lacks is absent, and the planner refuses scenarios that need
 * it.
 */
export interface TrialAbilities {
  readonly replicaLogs?: ReplicaLogs
  /** The active controller. Throws LossproofError('cluster') while no node reports one. */
  readonly activeController?: () => Promise<{ id: number; epoch: number }>
  /** Makes broker `to` the leader of the partitions. Resolves when the cluster has agreed. */
  readonly transferLeadership?: (partitions: readonly Leadership[], to: number) => Promise<void>
  /**
   * What the masters of these lanes have appended and not flushed yet, as they report it; empty when all is flushed.
   */
  readonly unflushed?: (lanes: readonly string[]) => Promise<string[]>
  readonly redelivery?: BrokerRedelivery
  readonly slaveReading?: SlaveReading
  readonly foreignTopics?: ForeignTopics
  readonly applications?: FollowedApplications
}

/** The member that serves each ability of the planner; `never` for an ability that describes the cluster alone. */
interface MemberOf {
  'transfer-leadership': 'transferLeadership'
  'controller-epoch': 'activeController'
  'flush-progress': 'unflushed'
  'replication-mesh': never
  application: 'applications'
}

/**
 * A system whose facts list exactly the abilities `A`: it has their members, and not those of other abilities. A new
 * ability without an entry above does not compile.
 */
export type Serves<A extends Ability> = Required<Pick<TrialAbilities, MemberOf[A]>> & {
  readonly [K in MemberOf[Exclude<Ability, A>]]?: undefined
}

/**
 * Throws LossproofError('internal') for an ability that the system lacks: the planner refuses scenarios that need one.
 */
export function abilityOf<K extends keyof TrialAbilities>(
  { system, trial }: { system: TrialAbilities; trial: Pick<Trial, 'system'> },
  name: K,
): NonNullable<TrialAbilities[K]> {
  const ability = system[name]
  if (ability !== undefined) return ability
  throw new LossproofError(
    'internal',
    `system "${trial.system}" lacks the ability "${name}"; the planner should have refused this scenario`,
  )
}

/** A trial's view of its system. Disposing of it stops the observer and leaves the cluster running. */
export interface TrialSystem extends TrialAbilities, AsyncDisposable {
  readonly cluster: Cluster
  readonly observer: Observer
  readonly probes: ProbeBytes
  /**
   * Folder of the data on a broker's disk, the files in it that an operator copies to a replacement disk, and which files
   * hold messages, by their path in the broker's container.
   */
  readonly data: { folder: string; kept: readonly string[]; isMessageFile(path: string): boolean }
  /** Streams of the replication link to cut so that followers get nothing. */
  readonly replicationStreams: readonly ('upstream' | 'downstream')[]
  /**
   * Creates the lanes' topics, completes a first round trip and starts the observer. Resolves with the lanes whose topics
   * were refused; they take no further part.
   */
  prepare(): Promise<LaneFailure[]>
  /** Requested settings of brokers and topics that are not in force. */
  settingDifferences(): Promise<SettingDifference[]>
  /** How clients of `role` reach the lane's topic. */
  clientConnection(role: ClientRole, lane: Lane): Pick<ClientConfig, 'bootstrap' | 'addresses' | 'queues' | 'warmTopic'>
  /** How the reader of the final log reaches it, and with which client library. */
  readerConnection(lane: Lane): Pick<ReaderLaneConfig, 'client' | 'bootstrap' | 'addresses' | 'queues' | 'group'>
  /**
   * Ids of the nodes that hold `role` now. `lastHit`: the node that the last fault hit. Throws
   * LossproofError('cluster') when none or too many hold it.
   */
  nodesOf(role: string, lastHit: number | undefined): Promise<number[]>
  /** Whether every replica is back and in sync, by answers to questions asked after `since`. */
  recovery(since: number): RecoveryState
  /** Names of nodes that are down by the engine's report and that the observer cannot see. */
  nodesNotBack(): Promise<string[]>
  /** One attempt to write a fence record while all replicas are in sync. The value is its offset. */
  writeFence(lane: Lane, p: number): Promise<Look<number>>
  /**
   * Committed offsets of the lane's group by partition: from the broker, or from the local stores in `stores` where
   * members keep their own.
   */
  groupOffsets(lane: Lane, stores: string): Promise<Map<number, number>>
}

export interface ClusterOptions {
  docker: Dockerode
  events: EngineEvents
  images: ImageReferences
  /** Give each broker a disk of its own that can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  /** Java compiler: `c1` boots sooner, `full` reaches a higher throughput. */
  jit: 'c1' | 'full'
}

export interface StartedCluster {
  cluster: Cluster
  /**
   * A cluster of the user's own: the addresses by which topics are removed, where it outlives the trial, and which broker is
   * which. `place` adds to a trial what only the running cluster knows. Absent: Lossproof has built the cluster.
   */
  own?: { addresses?: readonly string[]; notes: readonly string[]; place?: (trial: Trial) => Trial }
  /** A trial's view of the cluster. `signal` ends its waits. */
  attach: (trial: Trial, log: EventLog, signal: AbortSignal) => TrialSystem
}

/** What a system does with clusters that Lossproof did not build. */
export interface OwnClusters {
  /** Throws LossproofError('capability-missing') when the cluster cannot be reached or tested. */
  reach(docker: Dockerode, own: OwnCluster): Promise<void>
  /**
   * Throws LossproofError('usage') when a compose project cannot be started. `cutsLinks`: a fault needs a proxy in it. Absent:
   * the planner refuses compose projects.
   */
  checkStartable?(project: ComposeProject, cutsLinks: boolean): void
  /** Removes all topics and groups whose names begin with `prefix`, within `limitMs`; resolves with the names of the topics. */
  removeTopics(addresses: readonly string[], prefix: string, limitMs?: number): Promise<string[]>
}

export interface LiveSystem {
  /** Resolves when every node has started, or when a cluster of the user's own has answered. */
  start(site: Site, options: ClusterOptions): Promise<StartedCluster>
  /** Absent: the planner refuses clusters of the user's own. */
  readonly own?: OwnClusters
}
