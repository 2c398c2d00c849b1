/** Kafka as a trial needs it. */
import { KafkaApplications } from './applications.ts'
import { KafkaCluster } from './cluster.ts'
import type { KafkaBrokers } from './cluster.ts'
import type { Leadership } from '../../faults/fault.ts'
import { encodeFence } from '../../workloads/payload.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane, Trial } from '../../model/plan.ts'
import type { ClientRole } from '../shared/client-links.ts'
import { sameSet } from '../shared/same-set.ts'
import type { LaneFailure, RecoveryState, Serves, TrialSystem } from '../shared/live-system.ts'
import type { Look } from '../../model/wait.ts'
import type { kafkaAbilities } from './facts.ts'
import { KafkaObserver } from './observer.ts'
import { KafkaReplicaLogs } from './replica-logs/read.ts'
import { activeController, nodesOf } from './roles.ts'
import { settingDifferences } from './settings-in-force.ts'
import type { SettingDifference } from '../shared/settings/setting-differences.ts'
import { kafkaShape } from './shape.ts'
import { createLaneTopics } from './topics.ts'

/**
 * ApiVersions v0, the smallest request that every broker answers: size, key 18, version 0, correlation id, no client
 * id.
 */
const apiVersions = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])
/** The same with a key that no request has: a broker closes the connection. */
const nonsense = Buffer.from([0, 0, 0, 10, 127, 255, 0, 0, 0, 0, 0, 1, 255, 255])

export class KafkaSystem implements TrialSystem, Serves<(typeof kafkaAbilities)[number]> {
  readonly cluster: KafkaBrokers
  readonly observer: KafkaObserver
  readonly probes = { answered: apiVersions, nonsense }
  readonly data: TrialSystem['data']
  // Fetch requests reach the leader; its answers never leave.
  readonly replicationStreams = ['downstream'] as const
  /** The files of a cluster of the user's own are not read. */
  readonly replicaLogs?: KafkaReplicaLogs
  readonly foreignTopics = {
    shape: async (topic: string) => this.#topicShape(topic),
    watch: () => this.observer.start(),
    withoutEnd: async () => this.#withoutEnd(),
  }
  readonly applications: KafkaApplications
  readonly #trial: Trial
  /** Lanes whose topics exist. */
  #lanes: readonly Lane[]
  readonly #signal: AbortSignal

  readonly activeController = async () => activeController(this.observer)
  readonly transferLeadership = async (partitions: readonly Leadership[], to: number) =>
    this.observer.transferLeadership(partitions, to)

  constructor(cluster: KafkaBrokers, trial: Trial, log: EventLog, signal: AbortSignal) {
    this.cluster = cluster
    this.data = {
      folder: cluster.messageFolder ?? 'log',
      // The node's identity: with a new one, Kafka waits for the old disk for ever. A node that votes needs its metadata.
      kept: ['meta.properties', 'bootstrap.checkpoint', '__cluster_metadata-0/'],
      isMessageFile: path => /\/\d{20}\.log$/.test(path) && !path.includes('/__cluster_metadata-'),
    }
    this.#trial = trial
    this.#lanes = trial.lanes
    if (cluster instanceof KafkaCluster) this.replicaLogs = new KafkaReplicaLogs(cluster, trial, log.t0)
    this.#signal = signal
    const addresses = new Map(cluster.brokers.map(({ id }) => [id, cluster.address('observer', id)]))
    this.observer = new KafkaObserver(addresses, trial.lanes, log)
    this.applications = new KafkaApplications(this.observer, addresses)
  }

  async prepare(): Promise<LaneFailure[]> {
    const failures = await createLaneTopics({
      trial: this.#trial,
      cluster: this.cluster,
      observer: this.observer,
      signal: this.#signal,
    })
    this.#lanes = this.#trial.lanes.filter(({ id }) => failures.every(({ lane }) => lane !== id))
    this.observer.start()
    return failures
  }

  async settingDifferences(): Promise<SettingDifference[]> {
    return settingDifferences({
      brokers: this.cluster.brokers,
      broker: kafkaShape(this.#trial).broker,
      lanes: this.#lanes,
      describe: async (broker, resources) => this.observer.admin(broker).describeConfigs(resources),
    })
  }

  clientConnection(role: ClientRole) {
    return { bootstrap: this.cluster.bootstrap(role) }
  }

  readerConnection() {
    return { client: 'platformatic', bootstrap: this.cluster.bootstrap('observer') } as const
  }

  async nodesOf(role: string, lastHit: number | undefined): Promise<number[]> {
    return nodesOf({ trial: this.#trial, cluster: this.cluster, observer: this.observer }, role, lastHit)
  }

  /**
   * Recovered: every broker, asked after `since`, names every broker, and every partition has a leader and all its
   * replicas in the ISR, by the answers of all brokers. A broker that restarts is fenced before it registers again, so its
   * own answer after `since` cannot be from before the restart.
   */
  recovery(since: number): RecoveryState {
    const { observer, cluster } = this
    const brokers = cluster.brokers.map(broker => broker.id)
    const reports = observer.reportsSince(since)
    const absent = brokers.filter(
      id => !reports.some(report => report.broker === id && sameSet(report.brokers, brokers)),
    )
    if (absent.length > 0)
      return {
        recovered: false,
        seen: `not back, or not aware of all brokers: ${absent.map(id => `broker-${id}`).join(', ')}`,
      }
    const expected = this.#lanes.reduce((sum, lane) => sum + lane.topic.partitions, 0)
    const inSync = observer
      .partitions()
      .filter(({ view }) => view.leader >= 0 && sameSet(view.isr ?? [], view.replicas))
    this.replicaLogs?.learn(inSync)
    return { recovered: inSync.length === expected, seen: observer.describe() }
  }

  /** Dedicated controllers have no listener for the observer, so the engine is asked whether they run. */
  async nodesNotBack(): Promise<string[]> {
    const { nodes } = this.cluster
    const dedicated = nodes.all.filter(node => !node.isBroker)
    const states = await Promise.all(dedicated.map(async ({ id, name }) => ({ name, ...(await nodes.state(id)) })))
    return states.filter(state => !state.running || state.paused).map(state => state.name)
  }

  async writeFence(lane: Lane, p: number): Promise<Look<number>> {
    const { observer } = this
    const view = observer.partitions([lane.id]).find(partition => partition.p === p)?.view
    if (!view || view.leader < 0 || !sameSet(view.isr ?? [], view.replicas))
      return { seen: observer.describe([lane.id]) }
    const offset = await observer
      .admin(view.leader)
      .produceOne(lane.topic.name, p, encodeFence(lane.id, `${this.#trial.id}-${p}`))
    return { value: offset, seen: String(offset) }
  }

  async groupOffsets({ consumer, topic }: Lane): Promise<Map<number, number>> {
    return this.observer.groupOffsets(consumer?.group ?? '', topic.name, topic.partitions)
  }

  /** From the first broker that answers. */
  async #topicShape(topic: string): Promise<{ partitions: number; replicationFactor: number } | undefined> {
    const answers = this.cluster.brokers.map(async ({ id }) => this.observer.link(id).metadata([topic]))
    const { topics } = await Promise.any(answers)
    const partitions = topics.find(({ name }) => name === topic)?.partitions ?? []
    const [first] = partitions
    return first ? { partitions: partitions.length, replicationFactor: first.replicas.length } : undefined
  }

  /**
   * A follower counts as in sync for `replica.lag.time.max.ms` although it does not fetch, so a whole ISR does not mean
   * that the new leader's high watermark has reached the start of its epoch. Until then it answers ListOffsets with
   * OFFSET_NOT_AVAILABLE (KIP-207).
   */
  async #withoutEnd(): Promise<string[]> {
    const { observer } = this
    const topics = new Map(this.#lanes.map(({ id, topic }) => [id, topic.name]))
    const asked = observer.partitions().map(async ({ lane, p, view }) => {
      const topic = topics.get(lane) ?? lane
      try {
        await observer.admin(view.leader).consumerRange(topic, p)
        return []
      } catch (error) {
        return [`${topic}-${p}: ${error instanceof Error ? error.message : String(error)}`]
      }
    })
    return (await Promise.all(asked)).flat()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.applications[Symbol.asyncDispose]()
    await this.observer[Symbol.asyncDispose]()
  }
}
