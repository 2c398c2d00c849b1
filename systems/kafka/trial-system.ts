/** Kafka as a trial needs it. */
import type { KafkaCluster } from './cluster.ts'
import type { Leadership } from '../../faults/fault.ts'
import { LossproofError } from '../../model/errors.ts'
import { encodeFence } from '../../workloads/payload.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane, Trial } from '../../model/plan.ts'
import { sameSet } from '../shared/same-set.ts'
import type { ClientRole, TrialSystem } from '../shared/live-system.ts'
import type { Look } from '../../model/wait.ts'
import { Observer } from './observer.ts'
import { KafkaReplicaLogs } from './replica-logs/read.ts'
import { activeController, nodesOf } from './roles.ts'
import { createLaneTopics } from './topics.ts'

/** ApiVersions v0, the smallest thing that every broker answers: size, key 18, version 0, correlation id, no client id. */
const apiVersions = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255])
/** The same with a key that no request has: a broker closes the connection. */
const nonsense = Buffer.from([0, 0, 0, 10, 127, 255, 0, 0, 0, 0, 0, 1, 255, 255])

export class KafkaSystem implements TrialSystem {
  readonly cluster: KafkaCluster
  readonly observer: Observer
  readonly probes = { answered: apiVersions, nonsense }
  // Who the node is: with a new identity Kafka waits for the old disk for ever.
  readonly data = { folder: 'log', kept: ['meta.properties', 'bootstrap.checkpoint'] } as const
  // Fetches reach the leader; what it answers never leaves.
  readonly replicationStreams = ['downstream'] as const
  readonly replicaLogs: KafkaReplicaLogs
  readonly #trial: Trial
  readonly #signal: AbortSignal

  constructor(cluster: KafkaCluster, trial: Trial, log: EventLog, signal: AbortSignal) {
    this.cluster = cluster
    this.#trial = trial
    this.replicaLogs = new KafkaReplicaLogs(cluster, trial)
    this.#signal = signal
    this.observer = new Observer(
      new Map(cluster.brokers.map(({ id }) => [id, cluster.address('observer', id)])),
      trial.lanes,
      log,
    )
  }

  async prepare(): Promise<void> {
    await createLaneTopics({ trial: this.#trial, cluster: this.cluster, observer: this.observer, signal: this.#signal })
    this.observer.start()
  }

  reach(role: ClientRole) {
    return { bootstrap: this.cluster.bootstrap(role) }
  }

  reader() {
    return { client: 'platformatic', bootstrap: this.cluster.bootstrap('observer') } as const
  }

  async nodesOf(role: string, lastHit: number | undefined): Promise<number[]> {
    return nodesOf({ trial: this.#trial, cluster: this.cluster, observer: this.observer }, role, lastHit)
  }

  /**
   * Whole: every broker, asked after `since`, names every broker, and every partition has a leader and all its replicas in
   * the ISR, by the word of all. A broker that restarts is fenced before it registers again, so its own answer after
   * `since` cannot be from its earlier life.
   */
  recovery(since: number): { whole: boolean; seen: string } {
    const { observer, cluster } = this
    const brokers = cluster.brokers.map(broker => broker.id)
    const answers = observer.answers(since)
    const silent = brokers.filter(
      id => !answers.some(report => report.broker === id && sameSet(report.brokers, brokers)),
    )
    if (silent.length > 0)
      return {
        whole: false,
        seen: `not back or not seeing all brokers: ${silent.map(id => `broker-${id}`).join(', ')}`,
      }
    const expected = this.#trial.lanes.reduce((sum, lane) => sum + lane.topic.partitions, 0)
    const whole = observer.partitions().filter(({ view }) => view.leader >= 0 && sameSet(view.isr ?? [], view.replicas))
    this.replicaLogs.learn(whole)
    return { whole: whole.length === expected, seen: observer.describe() }
  }

  /** Dedicated controllers have no listener for the observer: the engine tells whether they run. */
  async missing(): Promise<string[]> {
    const { nodes } = this.cluster
    const dedicated = nodes.all.filter(node => !node.isBroker)
    const states = await Promise.all(dedicated.map(async ({ id, name }) => ({ name, ...(await nodes.state(id)) })))
    return states.filter(state => !state.running || state.paused).map(state => state.name)
  }

  async unsealed(): Promise<string[]> {
    return ['a partition of Kafka always ends with a fence']
  }

  async writeFence(lane: Lane, p: number): Promise<Look<number>> {
    const { observer } = this
    const view = observer.partitions([lane.id]).find(partition => partition.p === p)?.view
    if (!view || view.leader < 0 || !sameSet(view.isr ?? [], view.replicas))
      return { seen: observer.describe([lane.id]) }
    const written = await observer
      .link(view.leader)
      .produceOne(lane.topic.name, p, encodeFence(lane.id, `${this.#trial.id}-${p}`))
    return { value: written, seen: String(written) }
  }

  async groupOffsets({ consumer, topic }: Lane): Promise<Map<number, number>> {
    return this.observer.groupOffsets(consumer?.group ?? '', topic.name, topic.partitions)
  }

  async topicUnknown(): Promise<undefined> {
    // Topics are known to the controllers, for all brokers alike.
  }

  async unflushed(): Promise<string[]> {
    throw new LossproofError('internal', 'brokers of Kafka do not tell what they have left to flush')
  }

  async redeliveries(): Promise<number> {
    return 0
  }

  async deadLetters(): Promise<{ s: number; p: number; o: number }[]> {
    return []
  }

  async activeController(): Promise<{ id: number; epoch: number }> {
    return activeController(this.observer)
  }

  async transferLeadership(partitions: readonly Leadership[], to: number): Promise<void> {
    await this.observer.transferLeadership(partitions, to)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.observer[Symbol.asyncDispose]()
  }
}
