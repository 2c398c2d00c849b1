/**
 * The observer of a RocketMQ cluster. It asks brokers, controllers and name servers, on links that no fault touches.
 */
import type { RocketmqBrokers } from '../cluster.ts'
import { maxOffset, RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'
import type { EventLog } from '../../../history/appender.ts'
import type { Lane } from '../../../model/plan.ts'
import type { PartitionView } from '../../shared/live-system.ts'
import { PollingObserver } from '../../shared/polling-observer.ts'
import type { PollSource, TopicPartition } from '../../shared/polling-observer.ts'
import { queueOf } from '../queues.ts'
import { askController, askNameServer, BrokerProbe, ControllerIds } from './reports.ts'
import type { BrokerReport, GroupReport, NameServerReport } from './reports.ts'
import { BrokerLives, classicView, controllerView, ReportedMasters } from './partition-view.ts'

const askLimitMs = 1500
/**
 * Failures in a row after which a node counts as down. A single failure may come from this process, when its timers are
 * late, or from a connection that ended. A node that is down fails the next question too, a tenth of a second later.
 */
const failureLimit = 2

export class RocketmqObserver extends PollingObserver {
  readonly client: RemotingClient
  readonly #cluster: RocketmqBrokers
  readonly #ids: ControllerIds
  readonly #lives = new BrokerLives()
  readonly #masters = new ReportedMasters()
  readonly #brokers = new Map<number, BrokerReport>()
  readonly #groups = new Map<string, GroupReport>()
  /** The latest report of each group, also after controllers have stopped to answer. */
  readonly #lastGroups = new Map<string, GroupReport>()
  readonly #nameServers = new Map<number, NameServerReport>()
  #recording = false

  constructor(cluster: RocketmqBrokers, lanes: readonly Lane[], log: EventLog) {
    super(lanes, log)
    this.#cluster = cluster
    this.#ids = new ControllerIds(cluster)
    const addresses = cluster.addresses('observer')
    this.client = new RemotingClient({
      clientId: 'observer',
      mapAddress: advertised => addresses[advertised] ?? advertised,
      requestTimeoutMs: askLimitMs,
    })
  }

  start(): void {
    const { client } = this
    const { brokers, nameServers, advertisedControllers: controllers, groups } = this.#cluster
    this.poll([
      ...brokers.map(({ id }) => {
        const probe = new BrokerProbe(client, this.#cluster.advertised(id))
        return source(this.#brokers, id, async askedAt => this.#lives.add(id, await probe.ask(askedAt)))
      }),
      ...nameServers.map(({ id }) =>
        source(this.#nameServers, id, async askedAt => {
          const report = await askNameServer(client, this.#cluster.advertised(id), askedAt)
          if (controllers.length > 0) this.#ids.learn(report.groups)
          return report
        }),
      ),
      ...(controllers.length === 0
        ? []
        : [...groups.keys()].map(name =>
            source(this.#groups, name, async askedAt => {
              const report = await askController(client, controllers, name, askedAt, this.#ids)
              this.#lastGroups.set(name, report)
              return report
            }),
          )),
    ])
  }

  /** Begins to record changes. Until then nodes boot, and their changes say nothing. */
  beginRecording(): void {
    this.#recording = true
  }

  /** The latest view of a broker group; undefined when no node has reported it yet. */
  group(brokerName: string): PartitionView | undefined {
    const nodes = (this.#cluster.groups.get(brokerName) ?? []).map(({ id }) => id)
    const reports = new Map(
      nodes.flatMap(id => {
        const report = this.#brokers.get(id)
        return report ? [[id, report] as const] : []
      }),
    )
    if (this.#cluster.isOwn)
      return this.#masters.view(brokerName, nodes, this.#listedMasters(brokerName), reports, this.#lives)
    if (this.#cluster.advertisedControllers.length === 0) return classicView(nodes, reports, this.#lives)
    return controllerView(nodes, this.#groups.get(brokerName), this.#lastGroups.get(brokerName), reports)
  }

  /** The master of a broker group, as each name server that answers lists it; -1 for a broker that is not known. */
  #listedMasters(brokerName: string): number[] {
    return [...this.#nameServers.values()].flatMap(({ groups }) => {
      const address = groups.get(brokerName)?.get(0)
      return address === undefined ? [] : [this.#cluster.nodeAt(address)?.id ?? -1]
    })
  }

  logEnd(id: number): number | undefined {
    return this.#brokers.get(id)?.logEnd
  }

  /** How far the slaves of a master had acknowledged its log when it last answered, bytes. */
  acknowledged(id: number): number[] | undefined {
    return this.#lives.acknowledged(id)
  }

  answering(since: number): number[] {
    return [...this.#brokers].filter(([, report]) => report.askedAt >= since).map(([id]) => id)
  }

  /** Ids of the brokers that answer now. */
  brokersUp(): number[] {
    return [...this.#brokers.keys()]
  }

  /** Name servers that answered a question asked after `since`, with the broker groups that each knows. */
  nameServers(since: number): Map<number, NameServerReport['groups']> {
    return new Map(
      [...this.#nameServers].filter(([, report]) => report.askedAt >= since).map(([id, report]) => [id, report.groups]),
    )
  }

  protected view(topic: Lane['topic'], p: number): PartitionView | undefined {
    return this.group(queueOf(topic, p).brokerName)
  }

  protected async endsAt(node: number, asked: readonly TopicPartition[]): Promise<(number | undefined)[]> {
    const address = this.#cluster.advertised(node)
    const answers = await Promise.allSettled(
      asked.map(async ({ topic, p }) => maxOffset(this.client, address, queueOf(topic, p))),
    )
    return answers.map(answer => (answer.status === 'fulfilled' ? answer.value : undefined))
  }

  protected describeView({ leader, epoch, isr }: PartitionView): string {
    return `master ${leader} epoch ${epoch} in sync ${isr?.join(',') ?? 'unknown'}`
  }

  protected asked(askedAt: number): void {
    if (!this.#recording) return
    const up = new Map<string, boolean>()
    const restarts = new Map<string, number>()
    for (const { id, name } of this.#cluster.brokers) {
      up.set(name, this.#brokers.has(id))
      restarts.set(name, this.#lives.epoch(id))
    }
    for (const { id, name } of this.#cluster.nameServers) up.set(name, this.#nameServers.has(id))
    // The view is as old as the oldest report in it: after a failed question the report before it still counts.
    const reports = [this.#brokers, this.#nameServers, this.#groups].flatMap(kept => [...kept.values()])
    this.record(Math.min(askedAt, ...reports.map(report => report.askedAt)), up, restarts)
  }

  protected override interrupt(): void {
    this.client.close()
  }
}

function source<K, R>(reports: Map<K, R>, key: K, ask: (askedAt: number) => Promise<R>): PollSource {
  return {
    ask: async askedAt => void reports.set(key, await ask(askedAt)),
    forget: () => reports.delete(key),
    failureLimit,
  }
}
