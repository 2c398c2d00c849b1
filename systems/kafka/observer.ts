/** The observer of a Kafka cluster: asks every broker, on listeners and proxies that no fault touches, for its metadata. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Leadership, ReplicaEnds } from '../../faults/fault.ts'
import { RawBroker } from '../../workloads/clients/platformatic/raw.ts'
import type { Quorum } from '../../workloads/clients/platformatic/raw.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane } from '../../model/plan.ts'
import { Changes } from '../shared/change-log.ts'
import type { Observed, Observer as TrialObserver } from '../shared/live-system.ts'
import { mergeBrokers, mergePartition } from './partition-view.ts'
import type { BrokerReport } from './partition-view.ts'

const intervalMs = 100
const askLimitMs = 1000
/** A broker that has not answered for so long does not count in the merged view. */
const staleMs = 1500

export class Observer implements TrialObserver, AsyncDisposable {
  readonly #lanes: Lane[]
  readonly #log: EventLog
  readonly #changes: Changes
  readonly #links: Map<number, RawBroker>
  /** For requests that a broker passes on to the controller: while none answers, it answers nothing else on that connection. */
  readonly #forwarding: Map<number, RawBroker>
  readonly #reports = new Map<number, BrokerReport>()
  readonly #stopping = new AbortController()
  #loops: Promise<void>[] = []

  /** `addresses`: `host:port` of each broker's observer listener, by broker id. */
  constructor(addresses: Map<number, string>, lanes: Lane[], log: EventLog) {
    this.#lanes = lanes
    this.#log = log
    this.#changes = new Changes(log)
    const links = () => new Map([...addresses].map(([id, address]) => [id, new RawBroker(address, askLimitMs)]))
    this.#links = links()
    this.#forwarding = links()
  }

  start(): void {
    this.#loops = [...this.#links.keys()].map(async id => this.#watch(id))
  }

  /** Each partition of the lanes as known now; those that no broker has told of yet are missing. */
  partitions(lanes?: readonly string[]): Observed[] {
    const reports = this.#fresh()
    return this.#lanes
      .filter(lane => lanes === undefined || lanes.includes(lane.id))
      .flatMap(lane =>
        Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
          const view = mergePartition(reports, lane.topic.name, p)
          return view ? [{ lane: lane.id, p, view }] : []
        }),
      )
  }

  /** Brokers that answered after `since`, each with the brokers it knows. */
  answers(since: number): BrokerReport[] {
    return [...this.#reports.values()].filter(report => report.askedAt >= since)
  }

  logEnd(): undefined {
    return undefined
  }

  answering(since: number): number[] {
    return this.answers(since).map(report => report.broker)
  }

  /** The raw link to a broker, for what it answers by itself. */
  link(id: number): RawBroker {
    return linkOf(this.#links, id)
  }

  /** The active controller and the voters, as each broker that answers tells it. */
  async quorums(): Promise<Quorum[]> {
    const answers = await Promise.allSettled([...this.#forwarding.values()].map(async link => link.describeQuorum()))
    return answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  }

  /** Log end offset of every replica of every partition that answers, each from the replica itself. */
  async replicaEnds(): Promise<ReplicaEnds[]> {
    const topics = new Map(this.#lanes.map(lane => [lane.id, lane.topic.name]))
    return Promise.all(
      this.partitions().map(async ({ lane, p, view }) => {
        const ends: Record<number, number> = {}
        const asked = view.replicas.map(async id => {
          try {
            ends[id] = await this.link(id).logEnd(topics.get(lane) ?? lane, p)
          } catch {
            // A replica that does not answer has no end offset now.
          }
        })
        await Promise.all(asked)
        return { lane, partition: p, leader: view.leader, ends }
      }),
    )
  }

  /** Who leads what, as known now. */
  leaders(): Leadership[] {
    return this.partitions().map(({ lane, p, view }) => ({
      lane,
      partition: p,
      leader: view.leader,
      epoch: view.epoch,
      replicas: view.replicas,
      isr: view.isr,
    }))
  }

  /** Committed offsets of a group, from its coordinator, as any broker that answers names it. */
  async groupOffsets(group: string, topic: string, partitions: number): Promise<Map<number, number>> {
    return this.link(await this.coordinator(group)).committedOffsets(group, topic, partitions)
  }

  /** The broker that coordinates a group, as the first that answers names it. */
  async coordinator(group: string): Promise<number> {
    return Promise.any([...this.#links.values()].map(async link => link.coordinator(group)))
  }

  /** Has the preferred leader of a partition elected, which must be `leader`. Throws with the broker's words when refused. */
  async electPreferred(topic: string, partition: number, leader: number): Promise<void> {
    await linkOf(this.#forwarding, leader).electPreferred(topic, partition)
  }

  /** Makes `to` the preferred leader of each partition for as long as it takes to elect it. */
  async transferLeadership(moved: readonly Leadership[], to: number): Promise<void> {
    const link = linkOf(this.#forwarding, to)
    for (const { lane, partition, replicas } of moved) {
      const topic = this.#lanes.find(known => known.id === lane)?.topic.name ?? lane
      if (replicas[0] !== to) await link.reorderReplicas(topic, partition, [to, ...replicas.filter(id => id !== to)])
      try {
        await link.electPreferred(topic, partition)
      } finally {
        if (replicas[0] !== to) await link.reorderReplicas(topic, partition, [...replicas])
      }
    }
  }

  describe(lanes?: readonly string[]): string {
    const parts = this.partitions(lanes).map(
      ({ lane, p, view }) =>
        `${lane}-${p}: leader ${view.leader} epoch ${view.epoch} isr ${view.isr?.join(',') ?? 'disputed'}`,
    )
    return parts.length > 6
      ? `${parts.slice(0, 6).join('; ')}; and ${parts.length - 6} more`
      : parts.join('; ') || 'no broker answered'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    await Promise.all(this.#loops)
    this.#changes.end(intervalMs)
    await Promise.all([...this.#links.values(), ...this.#forwarding.values()].map(async link => link.close()))
  }

  #fresh(): BrokerReport[] {
    const now = this.#log.now()
    return [...this.#reports.values()].filter(report => now - report.askedAt < staleMs)
  }

  async #watch(id: number): Promise<void> {
    const topics = this.#lanes.map(lane => lane.topic.name)
    const { signal } = this.#stopping
    while (!signal.aborted) {
      const askedAt = this.#log.now()
      try {
        const metadata = await this.link(id).metadata(topics)
        this.#reports.set(id, {
          broker: id,
          askedAt,
          brokers: metadata.brokers.map(broker => broker.id),
          topics: Object.fromEntries(metadata.topics.map(topic => [topic.name, topic.partitions])),
        })
        this.#tell(askedAt)
      } catch {
        this.#reports.delete(id)
      }
      await delay(intervalMs, undefined, { signal }).catch(() => {})
    }
  }

  #tell(askedAt: number): void {
    const up = mergeBrokers(this.#fresh())
    this.#changes.seen(
      askedAt,
      this.partitions(),
      new Map([...this.#links.keys()].map(id => [`broker-${id}`, up.includes(id)])),
    )
  }
}

function linkOf(links: Map<number, RawBroker>, id: number): RawBroker {
  const link = links.get(id)
  if (!link) throw new Error(`no broker ${id}`)
  return link
}
