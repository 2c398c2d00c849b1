/** RocketMQ as a trial needs it. */
import type { RocketmqCluster } from './cluster.ts'
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
import { sameSet } from '../shared/same-set.ts'
import type { ClientRole, PartitionView, TrialSystem } from '../shared/live-system.ts'
import type { Look } from '../../model/wait.ts'
import { localOffsets } from './local-offsets.ts'
import { deadLetters, retriesPending } from './retry-topics.ts'
import { Observer } from './observer/observer.ts'
import { unflushedOf } from './observer/reports.ts'
import { queueOf } from './queues.ts'
import { RocketmqReplicaLogs } from './replica-logs/read.ts'
import { activeController, nodesOf } from './roles.ts'
import { prepareTopics, probeTopic, readerGroup } from './topics.ts'

/** A frame whose length nobody accepts: a broker closes the connection. It looks at more than the length before it decides. */
const nonsense = Buffer.concat([Buffer.from([0x7f, 0xff, 0xff, 0xff]), Buffer.alloc(60)])
const fenceLimitMs = 3000

export class RocketmqSystem implements TrialSystem {
  readonly cluster: RocketmqCluster
  readonly observer: Observer
  readonly probes = { answered: probeFrame(), nonsense }
  readonly replicaLogs: RocketmqReplicaLogs
  // What slaves ask and what the master answers: with one of them alone either end would hear the other's heartbeats.
  readonly replicationStreams = ['upstream', 'downstream'] as const
  // Who the broker is to a controller; its topics and groups an operator tells a new broker.
  readonly data = {
    folder: 'store',
    kept: ['brokerIdentity', 'config/topics.json', 'config/subscriptionGroup.json'],
  } as const
  readonly #trial: Trial
  readonly #signal: AbortSignal
  readonly #routes: Routes

  constructor(cluster: RocketmqCluster, trial: Trial, log: EventLog, signal: AbortSignal) {
    this.cluster = cluster
    this.#trial = trial
    this.#signal = signal
    this.observer = new Observer(cluster, trial.lanes, log)
    this.replicaLogs = new RocketmqReplicaLogs({ cluster, observer: this.observer, trial })
    this.#routes = new Routes(this.observer.client, cluster.advertisedNameServers)
  }

  async prepare(): Promise<void> {
    this.observer.start()
    await prepareTopics({ trial: this.#trial, cluster: this.cluster, observer: this.observer, signal: this.#signal })
    this.observer.record()
  }

  reach(role: ClientRole, { topic }: Lane) {
    const queues = Array.from({ length: topic.partitions }, (_, p) => {
      const { brokerName, queueId } = queueOf(topic, p)
      return { brokerName, queueId }
    })
    return {
      bootstrap: this.cluster.advertisedNameServers,
      addresses: this.cluster.addresses(role),
      queues,
      warmTopic: probeTopic,
    }
  }

  reader(lane: Lane) {
    return { client: 'rocketmq-remoting', group: readerGroup, ...this.reach('observer', lane) }
  }

  async nodesOf(role: string): Promise<number[]> {
    return nodesOf({ trial: this.#trial, cluster: this.cluster, observer: this.observer }, role)
  }

  /** Whole: every node answered after `since`, name servers know every broker, each group has its master, and every slave is in step. */
  recovery(since: number): { whole: boolean; seen: string } {
    const { observer, cluster } = this
    const answering = observer.answering(since)
    if (this.#trial.recovery === 'slaves') return this.#slavesServe(answering)
    const silent = cluster.brokers.filter(({ id }) => !answering.includes(id)).map(({ name }) => name)
    if (silent.length > 0) return { whole: false, seen: `not back: ${silent.join(', ')}` }
    const nameServers = observer.nameServers(since)
    for (const { id, name } of cluster.nameServers) {
      const groups = nameServers.get(id)
      if (!groups) return { whole: false, seen: `not back: ${name}` }
      const lacking = [...cluster.groups].filter(
        ([brokerName, nodes]) =>
          groups.get(brokerName)?.size !== nodes.length || groups.get(brokerName)?.has(0) !== true,
      )
      if (lacking.length > 0)
        return {
          whole: false,
          seen: `${name} does not know all of ${lacking.map(([brokerName]) => brokerName).join(', ')}`,
        }
    }
    const apart = [...cluster.groups.keys()].filter(brokerName => {
      const view = observer.group(brokerName)
      return !view || view.leader < 0 || !this.#suffices(view)
    })
    return { whole: apart.length === 0, seen: observer.describe() }
  }

  /** With slaves alone to be whole, masters that run again are waited for all the same: a start is no surprise. */
  async missing(): Promise<string[]> {
    if (this.#trial.recovery !== 'slaves') return []
    const { nodes, brokers } = this.cluster
    const states = await Promise.all(brokers.map(async node => ({ ...node, ...(await nodes.state(node.id)) })))
    const heard = this.observer.heard()
    return states.filter(({ id, running, paused }) => running && !paused && !heard.includes(id)).map(({ name }) => name)
  }

  /** A master that still runs could take messages, and a slave may not have put all of its log into queues yet. */
  async unsealed(): Promise<string[]> {
    const masters = await this.nodesOf('master')
    const states = await Promise.all(
      masters.map(async id => ({ ...this.cluster.node(id), ...(await this.cluster.nodes.state(id)) })),
    )
    const slaves = this.cluster.brokers.filter(({ id }) => !masters.includes(id))
    const behind = await Promise.all(
      slaves.map(async ({ id, name }) => {
        const info = await admin.runtimeInfo(this.observer.client, this.cluster.advertised(id))
        return { name, bytes: Number(info.get('dispatchBehindBytes')) }
      }),
    )
    return [
      ...states.filter(({ running }) => running).map(({ name }) => `${name} still runs`),
      ...behind
        .filter(({ bytes }) => bytes !== 0)
        .map(({ name, bytes }) => `${name} has ${bytes} bytes to put into queues`),
    ]
  }

  /** Brokers of 4.x cannot be asked for a topic. */
  async topicUnknown({ topic }: Lane, p: number): Promise<string | undefined> {
    if (this.#trial.cluster.version.startsWith('4.')) return undefined
    const nodes = this.cluster.groups.get(queueOf(topic, p).brokerName) ?? []
    const serving = nodes.filter(({ id }) => this.observer.heard().includes(id))
    const told = await Promise.all(
      serving.map(async ({ id }) => admin.topicConfig(this.observer.client, this.cluster.advertised(id), topic.name)),
    )
    if (told.length === 0 || told.some(config => config !== undefined)) return undefined
    return `${serving.map(({ name }) => name).join(', ')}: TOPIC_NOT_EXIST`
  }

  async unflushed(lanes: readonly string[]): Promise<string[]> {
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

  /** The declared recovery is to go on without masters: every other broker answers. While the schedule runs, masters may come back. */
  #slavesServe(answering: readonly number[]): { whole: boolean; seen: string } {
    const slaves = [...this.cluster.groups.values()].flatMap(([, ...others]) => others)
    const silent = slaves.filter(({ id }) => !answering.includes(id)).map(({ name }) => name)
    return {
      whole: silent.length === 0,
      seen: silent.length === 0 ? 'every slave answers' : `not back: ${silent.join(', ')}`,
    }
  }

  /** Stored by the master; that it is on every replica is seen from their ends. */
  async writeFence(lane: Lane, p: number): Promise<Look<number>> {
    const queue = queueOf(lane.topic, p)
    const view = this.observer.group(queue.brokerName)
    if (!view || view.leader < 0 || !this.#suffices(view)) return { seen: this.observer.describe([lane.id]) }
    await this.#routes.refresh(lane.topic.name)
    const producer = new Producer(this.observer.client, this.#routes, { group: 'lossproof' })
    const answer = await producer.send(queue, { body: encodeFence(lane.id, `${this.#trial.id}-${p}`) }, fenceLimitMs)
    return answer.kind === 'stored'
      ? { value: answer.queueOffset, seen: answer.status }
      : { seen: outcomeOf(answer).code }
  }

  /** Whether the group's copies are as alike as the declared recovery asks for. */
  #suffices(view: PartitionView): boolean {
    return this.#trial.recovery === 'masters' || sameSet(view.isr ?? [], view.replicas)
  }

  async groupOffsets(lane: Lane, stores: string): Promise<Map<number, number>> {
    if (lane.consumer?.settings['messageModel'] === 'BROADCASTING') return localOffsets(lane, stores)
    const route = await this.#routes.refresh(lane.topic.name)
    const offsets = new Map<number, number>()
    for (let p = 0; p < lane.topic.partitions; p++) {
      const queue = queueOf(lane.topic, p)
      const address = masterOf(route, queue.brokerName) ?? brokerToReadFrom(route, queue.brokerName)?.address
      if (address === undefined) throw new LossproofError('cluster', `nobody serves ${queue.brokerName}`)
      const offset = await consumerOffset(this.observer.client, address, lane.consumer?.group ?? '', queue)
      if (offset !== undefined) offsets.set(p, offset)
    }
    return offsets
  }

  async redeliveries(lane: Lane): Promise<number> {
    return retriesPending(this.observer.client, this.#routes, lane)
  }

  async deadLetters(lane: Lane): Promise<{ s: number; p: number; o: number }[]> {
    return deadLetters(this.observer.client, this.#routes, lane)
  }

  async activeController(): Promise<{ id: number; epoch: number }> {
    return activeController(this)
  }

  async transferLeadership(): Promise<void> {
    throw new LossproofError('internal', 'RocketMQ moves no leadership by request')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.observer[Symbol.asyncDispose]()
  }
}
