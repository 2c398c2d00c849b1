/** The observer of a RocketMQ cluster: asks brokers, controllers and name servers on links that no fault touches. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RocketmqCluster } from '../cluster.ts'
import type { Leadership, ReplicaEnds } from '../../../faults/fault.ts'
import { maxOffset, RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'
import type { EventLog } from '../../../history/appender.ts'
import type { Lane } from '../../../model/plan.ts'
import { Changes } from '../../shared/change-log.ts'
import type { Observed, Observer as TrialObserver } from '../../shared/live-system.ts'
import { queueOf } from '../queues.ts'
import { askController, askNameServer, BrokerProbe, ControllerIds } from './reports.ts'
import type { BrokerReport, GroupReport, NameServerReport } from './reports.ts'
import { classicView, controllerView, Lives } from './partition-view.ts'

const intervalMs = 100
const askLimitMs = 1500
/**
 * Failures in a row after which nobody is there. One alone may be this process's own, when it is kept from its timers, or a
 * connection that ended; who is gone fails the next time too, a tenth of a second later.
 */
const failuresAllowed = 1

export class Observer implements TrialObserver, AsyncDisposable {
  readonly client: RemotingClient
  readonly #cluster: RocketmqCluster
  readonly #lanes: readonly Lane[]
  readonly #log: EventLog
  readonly #changes: Changes
  readonly #ids: ControllerIds
  readonly #lives = new Lives()
  readonly #brokers = new Map<number, BrokerReport>()
  readonly #groups = new Map<string, GroupReport>()
  readonly #nameServers = new Map<number, NameServerReport>()
  readonly #stopping = new AbortController()
  #loops: Promise<void>[] = []
  #recording = false

  constructor(cluster: RocketmqCluster, lanes: readonly Lane[], log: EventLog) {
    this.#cluster = cluster
    this.#lanes = lanes
    this.#log = log
    this.#changes = new Changes(log)
    this.#ids = new ControllerIds(cluster)
    const addresses = cluster.addresses('observer')
    this.client = new RemotingClient({
      clientId: 'observer',
      mapAddress: advertised => addresses[advertised] ?? advertised,
      requestTimeoutMs: askLimitMs,
    })
  }

  /** From now on what is seen to change is written down. Before that, nodes boot. */
  record(): void {
    this.#recording = true
  }

  start(): void {
    const { client } = this
    const { brokers, nameServers, advertisedControllers: controllers, groups } = this.#cluster
    this.#loops = [
      ...brokers.map(async ({ id }) => {
        const probe = new BrokerProbe(client, this.#cluster.advertised(id))
        await this.#watch(this.#brokers, id, async askedAt => this.#lives.lived(id, await probe.ask(askedAt)))
      }),
      ...nameServers.map(async ({ id }) =>
        this.#watch(this.#nameServers, id, async askedAt => {
          const report = await askNameServer(client, this.#cluster.advertised(id), askedAt)
          if (controllers.length > 0) this.#ids.learn(report.groups)
          return report
        }),
      ),
      ...(controllers.length === 0
        ? []
        : [...groups.keys()].map(async name =>
            this.#watch(this.#groups, name, async askedAt =>
              askController(client, controllers, name, askedAt, this.#ids),
            ),
          )),
    ]
  }

  partitions(lanes?: readonly string[]): Observed[] {
    return this.#lanes
      .filter(lane => lanes === undefined || lanes.includes(lane.id))
      .flatMap(lane =>
        Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
          const view = this.group(queueOf(lane.topic, p).brokerName)
          return view ? [{ lane: lane.id, p, view }] : []
        }),
      )
  }

  /** A broker group as known now; undefined when nobody has told of it yet. */
  group(brokerName: string): Observed['view'] | undefined {
    const nodes = (this.#cluster.groups.get(brokerName) ?? []).map(({ id }) => id)
    const reports = new Map(
      nodes.flatMap(id => {
        const report = this.#brokers.get(id)
        return report ? [[id, report] as const] : []
      }),
    )
    if (this.#cluster.advertisedControllers.length === 0) return classicView(nodes, reports, this.#lives)
    return controllerView(nodes, this.#groups.get(brokerName))
  }

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

  async replicaEnds(): Promise<ReplicaEnds[]> {
    const topics = new Map(this.#lanes.map(lane => [lane.id, lane.topic]))
    return Promise.all(
      this.partitions().map(async ({ lane, p, view }) => {
        const topic = topics.get(lane)
        const ends: Record<number, number> = {}
        const asked = topic
          ? view.replicas.map(async id => {
              try {
                ends[id] = await maxOffset(this.client, this.#cluster.advertised(id), queueOf(topic, p))
              } catch {
                // A replica that does not answer has no end offset now.
              }
            })
          : []
        await Promise.all(asked)
        return { lane, partition: p, leader: view.leader, ends }
      }),
    )
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

  /** Brokers that answer now. */
  heard(): number[] {
    return [...this.#brokers.keys()]
  }

  /** Name servers that answered after `since`, with the broker groups that each knows. */
  nameServers(since: number): Map<number, NameServerReport['groups']> {
    return new Map(
      [...this.#nameServers].filter(([, report]) => report.askedAt >= since).map(([id, report]) => [id, report.groups]),
    )
  }

  describe(lanes?: readonly string[]): string {
    const parts = this.partitions(lanes).map(
      ({ lane, p, view }) =>
        `${lane}-${p}: master ${view.leader} epoch ${view.epoch} in step ${view.isr?.join(',') ?? 'unknown'}`,
    )
    return parts.length > 6
      ? `${parts.slice(0, 6).join('; ')}; and ${parts.length - 6} more`
      : parts.join('; ') || 'no broker answered'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    this.client.close()
    await Promise.all(this.#loops)
    this.#changes.end(intervalMs)
  }

  async #watch<K, R extends { askedAt: number }>(
    reports: Map<K, R>,
    key: K,
    ask: (askedAt: number) => Promise<R>,
  ): Promise<void> {
    const { signal } = this.#stopping
    let failures = 0
    while (!signal.aborted) {
      const askedAt = this.#log.now()
      try {
        reports.set(key, await ask(askedAt))
        failures = 0
      } catch {
        failures += 1
        if (failures > failuresAllowed) reports.delete(key)
      }
      if (this.#recording && !signal.aborted) this.#tell(askedAt)
      await delay(intervalMs, undefined, { signal }).catch(() => {})
    }
  }

  #tell(askedAt: number): void {
    const up = new Map<string, boolean>()
    for (const { id, name } of this.#cluster.brokers) up.set(name, this.#brokers.has(id))
    for (const { id, name } of this.#cluster.nameServers) up.set(name, this.#nameServers.has(id))
    // A report that stands in for one that failed is no newer for that.
    const asOf = Math.min(
      askedAt,
      ...[this.#brokers, this.#nameServers, this.#groups].flatMap(reports =>
        [...reports.values()].map(report => report.askedAt),
      ),
    )
    this.#changes.seen(asOf, this.partitions(), up)
  }
}
