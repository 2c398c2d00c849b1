/**
 * The observer of a Kafka cluster. It asks every broker for its metadata, on listeners and proxies that no fault
 * touches.
 */
import type { Leadership } from '../../faults/fault.ts'
import { RawBroker } from '../../workloads/clients/platformatic/raw.ts'
import type { Quorum } from '../../workloads/clients/platformatic/raw-types.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane } from '../../model/plan.ts'
import type { PartitionView } from '../shared/live-system.ts'
import { PollingObserver } from '../shared/polling-observer.ts'
import type { TopicPartition } from '../shared/polling-observer.ts'
import { brokersNamedByAll, mergePartition } from './partition-view.ts'
import type { BrokerReport } from './partition-view.ts'

const askLimitMs = 1000
/** Requests of the harness itself, such as fences, wait longer than the questions of the polls. */
const adminLimitMs = 10_000
/** A report older than this is left out of the merged view. */
const staleMs = 1500

/** A single failure may come from this process, when its timers are late, or from a connection that ended. */
const failureLimit = 2

export class KafkaObserver extends PollingObserver {
  readonly #links: Map<number, RawBroker>
  /**
   * For requests that a broker forwards to the controller: while none answers, the broker answers nothing else on that
   * connection.
   */
  readonly #forwarding: Map<number, RawBroker>
  /** For requests that may take longer than a poll: a poll that expires ends its connection with all requests on it. */
  readonly #admin: Map<number, RawBroker>
  readonly #reports = new Map<number, BrokerReport>()

  /** `addresses`: `host:port` of each broker's observer listener, by broker id. */
  constructor(addresses: Map<number, string>, lanes: readonly Lane[], log: EventLog) {
    super(lanes, log)
    const connect = (limitMs: number) =>
      new Map([...addresses].map(([id, address]) => [id, new RawBroker(address, limitMs)]))
    this.#links = connect(askLimitMs)
    this.#forwarding = connect(askLimitMs)
    this.#admin = connect(adminLimitMs)
  }

  start(): void {
    const topics = this.lanes.map(lane => lane.topic.name)
    this.poll(
      [...this.#links].map(([id, link]) => ({
        ask: async askedAt => {
          const metadata = await link.metadata(topics)
          this.#reports.set(id, {
            broker: id,
            askedAt,
            brokers: metadata.brokers.map(broker => broker.id),
            topics: Object.fromEntries(metadata.topics.map(topic => [topic.name, topic.partitions])),
          })
        },
        forget: () => this.#reports.delete(id),
        failureLimit,
      })),
    )
  }

  /** Reports that were asked for after `since`, ms on the trial's clock. */
  reportsSince(since: number): BrokerReport[] {
    return [...this.#reports.values()].filter(report => report.askedAt >= since)
  }

  answering(since: number): number[] {
    return this.reportsSince(since).map(report => report.broker)
  }

  /** Always undefined: a broker of Kafka keeps one log per partition. */
  logEnd(): undefined {
    return undefined
  }

  /** The raw link to a broker, for what that broker itself knows. */
  link(id: number): RawBroker {
    return linkOf(this.#links, id)
  }

  /** Another link to a broker, for creating topics, reading settings and writing fences. */
  admin(id: number): RawBroker {
    return linkOf(this.#admin, id)
  }

  /** The active controller and the voters, as each broker that answers reports them. */
  async quorums(): Promise<Quorum[]> {
    const answers = await Promise.allSettled([...this.#forwarding.values()].map(async link => link.describeQuorum()))
    return answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  }

  /** Committed offsets of a group, from its coordinator. */
  async groupOffsets(group: string, topic: string, partitions: number): Promise<Map<number, number>> {
    return this.link(await this.coordinator(group)).committedOffsets(group, topic, partitions)
  }

  /** The broker that coordinates a group, as the first broker that answers names it. */
  async coordinator(group: string): Promise<number> {
    return Promise.any([...this.#links.values()].map(async link => link.coordinator(group)))
  }

  /**
   * Has the preferred leaders of partitions elected, whose numbers are given by topic. Broker `via` forwards the request.
   * Throws what the broker answers when it refuses.
   */
  async electPreferred(partitions: ReadonlyMap<string, readonly number[]>, via: number): Promise<void> {
    await linkOf(this.#forwarding, via).electPreferred(partitions)
  }

  /** Makes `to` the preferred leader of each partition, has it elected, and restores the order of the replicas. */
  async transferLeadership(moved: readonly Leadership[], to: number): Promise<void> {
    const link = linkOf(this.#forwarding, to)
    for (const { lane, partition, replicas } of moved) {
      const topic = this.lanes.find(known => known.id === lane)?.topic.name ?? lane
      if (replicas[0] !== to) await link.reorderReplicas(topic, partition, [to, ...replicas.filter(id => id !== to)])
      try {
        await link.electPreferred(new Map([[topic, [partition]]]))
      } finally {
        if (replicas[0] !== to) await link.reorderReplicas(topic, partition, [...replicas])
      }
    }
  }

  protected view({ name }: Lane['topic'], p: number): PartitionView | undefined {
    return mergePartition(this.#recentReports(), name, p)
  }

  protected async endsAt(node: number, asked: readonly TopicPartition[]): Promise<(number | undefined)[]> {
    return this.link(node).logEnds(asked.map(({ topic, p }) => ({ topic: topic.name, p })))
  }

  protected describeView({ leader, epoch, isr }: PartitionView): string {
    return `leader ${leader} epoch ${epoch} isr ${isr?.join(',') ?? 'not agreed on'}`
  }

  protected asked(askedAt: number, answered: boolean): void {
    if (!answered) return
    const named = brokersNamedByAll(this.#recentReports())
    this.record(askedAt, new Map([...this.#links.keys()].map(id => [`broker-${id}`, named.includes(id)])))
  }

  protected override async disconnect(): Promise<void> {
    const links = [this.#links, this.#forwarding, this.#admin].flatMap(known => [...known.values()])
    await Promise.all(links.map(async link => link.close()))
  }

  #recentReports(): BrokerReport[] {
    const now = this.log.now()
    return [...this.#reports.values()].filter(report => now - report.askedAt < staleMs)
  }
}

function linkOf(links: ReadonlyMap<number, RawBroker>, id: number): RawBroker {
  const link = links.get(id)
  if (!link) throw new Error(`no link to broker ${id}`)
  return link
}
