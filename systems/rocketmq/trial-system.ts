/** RocketMQ as a trial needs it. */
import { RocketmqCluster } from './cluster.ts'
import type { RocketmqBrokers } from './cluster.ts'
import { LossproofError } from '../../model/errors.ts'
import { encodeFence } from '../../workloads/payload.ts'
import {
  admin,
  consumerOffset,
  masterOf,
  outcomeOf,
  probeFrame,
  Producer,
  brokerToReadFrom,
  Routes,
} from '../../workloads/rocketmq-remoting/index.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane, Trial } from '../../model/plan.ts'
import type { ClientRole } from '../shared/client-links.ts'
import { sameSet } from '../shared/same-set.ts'
import type {
  BrokerRedelivery,
  LaneFailure,
  PartitionView,
  RecoveryState,
  Serves,
  SlaveReading,
  TrialSystem,
} from '../shared/live-system.ts'
import type { Look } from '../../model/wait.ts'
import type { rocketmqAbilities } from './facts.ts'
import { localOffsets } from './local-offsets.ts'
import { DelayedCopies } from './own-cluster/delayed.ts'
import { countAllDelayed, deadLetters, retriesPending } from './retry-topics.ts'
import { RocketmqObserver } from './observer/observer.ts'
import { unflushedOf } from './observer/reports.ts'
import { queueOf } from './queues.ts'
import { RocketmqReplicaLogs } from './replica-logs/read.ts'
import { nodesOf } from './roles.ts'
import { isControllerSetting } from './settings/index.ts'
import { settingDifferences } from './settings-in-force.ts'
import type { SettingDifference } from '../shared/settings/setting-differences.ts'
import { rocketmqShape } from './shape.ts'
import { slaveReading } from './slave-reading.ts'
import { extraNames, prepareTopics } from './topics.ts'
import type { ExtraNames } from './topics.ts'

/**
 * A frame with an impossible length, which makes a broker close the connection. The broker reads more than the length
 * before it decides.
 */
const nonsense = Buffer.concat([Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(60)])
const fenceLimitMs = 3000

export class RocketmqSystem implements TrialSystem, Serves<(typeof rocketmqAbilities)[number]> {
  readonly cluster: RocketmqBrokers
  readonly observer: RocketmqObserver
  readonly probes = { answered: probeFrame(), nonsense }
  /** The files of a cluster of the user's own are not read. */
  readonly replicaLogs?: RocketmqReplicaLogs
  readonly redelivery: BrokerRedelivery
  /** Absent on a cluster of the user's own, of which no fault takes a master. */
  readonly slaveReading?: SlaveReading
  // Both directions: with one cut alone, either end would still receive the other's heartbeats.
  readonly replicationStreams = ['upstream', 'downstream'] as const
  // The broker's identity towards a controller, and the topics and groups that an operator creates on a new broker.
  readonly data = {
    folder: 'store',
    kept: ['brokerIdentity', 'config/topics.json', 'config/subscriptionGroup.json'],
    isMessageFile: (path: string) => /\/commitlog\/\d{20}$/.test(path),
  } as const
  readonly unflushed = async (lanes: readonly string[]) => this.#unflushed(lanes)
  readonly #trial: Trial
  /** Lanes whose topics exist. */
  #lanes: readonly Lane[]
  readonly #signal: AbortSignal
  readonly #routes: Routes
  readonly #names: ExtraNames
  readonly #delayed: DelayedCopies | undefined

  constructor(cluster: RocketmqBrokers, trial: Trial, log: EventLog, signal: AbortSignal) {
    this.cluster = cluster
    this.#trial = trial
    this.#lanes = trial.lanes
    this.#signal = signal
    this.observer = new RocketmqObserver(cluster, trial.lanes, log)
    this.#routes = new Routes(this.observer.client, cluster.advertisedNameServers)
    this.#names = extraNames(trial)
    const { client } = this.observer
    const { readerGroup } = this.#names
    this.#delayed = cluster.isOwn ? new DelayedCopies(client, readerGroup) : undefined
    const countDelayed = this.#delayed?.count ?? countAllDelayed
    this.redelivery = {
      pending: async lane => retriesPending(client, this.#routes, lane, countDelayed),
      deadLetters: async lane => deadLetters(client, this.#routes, lane, readerGroup),
    }
    if (cluster instanceof RocketmqCluster) {
      this.replicaLogs = new RocketmqReplicaLogs({ cluster, observer: this.observer, trial })
      this.slaveReading = slaveReading({ trial, cluster, observer: this.observer })
    }
  }

  async prepare(): Promise<LaneFailure[]> {
    this.observer.start()
    const { cluster, observer } = this
    const failures = await prepareTopics({ trial: this.#trial, cluster, observer, signal: this.#signal })
    this.#lanes = this.#trial.lanes.filter(({ id }) => failures.every(({ lane }) => lane !== id))
    await this.#delayed?.begin(
      cluster.brokers.map(({ id }) => cluster.advertised(id)),
      this.#signal,
    )
    observer.beginRecording()
    return failures
  }

  async settingDifferences(): Promise<SettingDifference[]> {
    const { client } = this.observer
    const { cluster } = this
    const isFixed = cluster.advertisedControllers.length === 0 && !cluster.isOwn
    const requested = new Map(rocketmqShape(this.#trial).groups.map(group => [group.brokerName, group.settings]))
    return settingDifferences({
      lanes: this.#lanes,
      isControllerSetting: name => isControllerSetting(name, this.#trial.cluster.version),
      groups: [...cluster.groups].map(([brokerName, nodes]) => ({
        brokerName,
        settings: requested.get(brokerName) ?? {},
        brokers: nodes.map(({ id, name }, at) => ({
          id,
          name,
          isSlave: isFixed ? at > 0 : this.observer.group(brokerName)?.leader !== id,
        })),
      })),
      answers: id => ({
        settings: async () => admin.brokerConfig(client, cluster.advertised(id)),
        // Brokers of 4.x have no request for a topic's configuration.
        topic: async name => (cluster.isVersion4 ? undefined : admin.topicConfig(client, cluster.advertised(id), name)),
      }),
    })
  }

  clientConnection(role: ClientRole, { topic }: Lane) {
    const queues = Array.from({ length: topic.partitions }, (_, p) => {
      const { brokerName, queueId } = queueOf(topic, p)
      return { brokerName, queueId }
    })
    return {
      bootstrap: this.cluster.advertisedNameServers,
      addresses: this.cluster.addresses(role),
      queues,
      warmTopic: this.#names.probeTopic,
    }
  }

  readerConnection(lane: Lane) {
    const { readerGroup: group } = this.#names
    return { client: 'rocketmq-remoting', group, ...this.clientConnection('observer', lane) }
  }

  async nodesOf(role: string): Promise<number[]> {
    return nodesOf({ trial: this.#trial, cluster: this.cluster, observer: this.observer }, role)
  }

  /**
   * Recovered: every node answered after `since`, every name server knows every broker, each group has a master and its
   * slaves are in sync.
   */
  recovery(since: number): RecoveryState {
    const { observer, cluster } = this
    const answering = observer.answering(since)
    if (this.#trial.recovery === 'slaves') return this.#slavesAnswer(answering)
    const absent = cluster.brokers.filter(({ id }) => !answering.includes(id)).map(({ name }) => name)
    if (absent.length > 0) return { recovered: false, seen: `not back: ${absent.join(', ')}` }
    const unaware = this.#nameServersUnaware(since)
    if (unaware !== undefined) return { recovered: false, seen: unaware }
    const recovered = [...cluster.groups.keys()].every(brokerName => {
      const view = observer.group(brokerName)
      return view !== undefined && view.leader >= 0 && this.#isInSync(view)
    })
    return { recovered, seen: observer.describe() }
  }

  /**
   * With `recovery: slaves` masters stay down; one that runs all the same has to answer before the final log is read.
   */
  async nodesNotBack(): Promise<string[]> {
    if (this.#trial.recovery !== 'slaves') return []
    const { nodes, brokers } = this.cluster
    const states = await Promise.all(brokers.map(async node => ({ ...node, ...(await nodes.state(node.id)) })))
    const up = this.observer.brokersUp()
    return states.filter(({ id, running, paused }) => running && !paused && !up.includes(id)).map(({ name }) => name)
  }

  /** Stored by the master. That every replica has it is seen later, from their end offsets. */
  async writeFence(lane: Lane, p: number): Promise<Look<number>> {
    const queue = queueOf(lane.topic, p)
    const view = this.observer.group(queue.brokerName)
    if (!view || view.leader < 0 || !this.#isInSync(view)) return { seen: this.observer.describe([lane.id]) }
    await this.#routes.refresh(lane.topic.name)
    const producer = new Producer(this.observer.client, this.#routes, { group: 'lossproof' })
    const answer = await producer.send(queue, { body: encodeFence(lane.id, `${this.#trial.id}-${p}`) }, fenceLimitMs)
    return answer.kind === 'stored'
      ? { value: answer.queueOffset, seen: answer.status }
      : { seen: outcomeOf(answer).code }
  }

  async groupOffsets(lane: Lane, stores: string): Promise<Map<number, number>> {
    if (lane.consumer?.settings['messageModel'] === 'BROADCASTING') return localOffsets(lane, stores)
    const route = await this.#routes.refresh(lane.topic.name)
    const offsets = new Map<number, number>()
    for (let p = 0; p < lane.topic.partitions; p++) {
      const queue = queueOf(lane.topic, p)
      const address = masterOf(route, queue.brokerName) ?? brokerToReadFrom(route, queue.brokerName)?.address
      if (address === undefined) throw new LossproofError('cluster', `no broker serves ${queue.brokerName}`)
      const offset = await consumerOffset(this.observer.client, address, lane.consumer?.group ?? '', queue)
      if (offset !== undefined) offsets.set(p, offset)
    }
    return offsets
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.observer[Symbol.asyncDispose]()
  }

  async #unflushed(lanes: readonly string[]): Promise<string[]> {
    const masters = new Set(this.observer.partitions(lanes).map(({ view }) => view.leader))
    const left = await Promise.all(
      [...masters].map(async id =>
        id < 0
          ? 'no master'
          : unflushedOf(
              this.cluster.node(id).name,
              await admin.runtimeInfo(this.observer.client, this.cluster.advertised(id)),
            ),
      ),
    )
    return masters.size === 0 ? ['no broker answered'] : left.filter(text => text !== undefined)
  }

  /**
   * The first name server that is not back, or that does not know all brokers of a group and its master; undefined when
   * all do.
   */
  #nameServersUnaware(since: number): string | undefined {
    const reports = this.observer.nameServers(since)
    for (const { id, name } of this.cluster.nameServers) {
      const known = reports.get(id)
      if (!known) return `not back: ${name}`
      const incomplete = [...this.cluster.groups]
        .filter(
          ([brokerName, nodes]) =>
            known.get(brokerName)?.size !== nodes.length || known.get(brokerName)?.has(0) !== true,
        )
        .map(([brokerName]) => brokerName)
      if (incomplete.length > 0) return `${name} does not know all brokers of ${incomplete.join(', ')}`
    }
    return undefined
  }

  /** With `recovery: slaves`, recovery asks only that every slave answers. */
  #slavesAnswer(answering: readonly number[]): RecoveryState {
    const slaves = [...this.cluster.groups.values()].flatMap(([, ...others]) => others)
    const absent = slaves.filter(({ id }) => !answering.includes(id)).map(({ name }) => name)
    return {
      recovered: absent.length === 0,
      seen: absent.length === 0 ? 'every slave answers' : `not back: ${absent.join(', ')}`,
    }
  }

  /** Whether the copies of a group agree as far as the declared recovery asks. */
  #isInSync(view: PartitionView): boolean {
    return this.#trial.recovery !== 'whole' || sameSet(view.isr ?? [], view.replicas)
  }
}
