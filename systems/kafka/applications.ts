/** Follows an application in the middle: its group, and the topic that it writes. On links that no fault touches. */
import { LossproofError } from '../../model/errors.ts'
import type { Lane } from '../../model/plan.ts'
import type { Look } from '../../model/wait.ts'
import { CommittedRecords } from '../../workloads/application/committed-records.ts'
import { ApplicationBroker } from '../../workloads/clients/platformatic/application-broker.ts'
import type { OutputBatch } from '../../workloads/clients/platformatic/application-broker.ts'
import { encodeFence } from '../../workloads/payload.ts'
import type { ApplicationOutput, FollowedApplications, OutputRecord } from '../shared/followed-applications.ts'
import type { KafkaObserver } from './observer.ts'

const askLimitMs = 5000
const fetchBytes = 1_048_576

export class KafkaApplications implements FollowedApplications, AsyncDisposable {
  readonly #observer: KafkaObserver
  readonly #brokers: ReadonlyMap<number, ApplicationBroker>

  /** `addresses`: `host:port` of each broker's observer listener, by broker id. */
  constructor(observer: KafkaObserver, addresses: ReadonlyMap<number, string>) {
    this.#observer = observer
    this.#brokers = new Map([...addresses].map(([id, address]) => [id, new ApplicationBroker(address, askLimitMs)]))
  }

  async begin({ consumer, topic }: Lane): Promise<void> {
    const group = consumer?.group ?? ''
    const coordinator = this.#broker(await this.#observer.coordinator(group))
    await coordinator.commit(
      group,
      topic.name,
      Array.from({ length: topic.partitions }, (_, p) => ({ p, o: 0 })),
    )
  }

  async groupState({ consumer }: Lane): Promise<string> {
    const group = consumer?.group ?? ''
    return (await this.#broker(await this.#observer.coordinator(group)).groupState(group)) ?? 'unknown'
  }

  output({ app, topic }: Lane): ApplicationOutput {
    return new KafkaOutput(app?.out.name ?? '', topic.partitions, async (name, p) => this.#leader(name, p))
  }

  async writeFence({ id, app }: Lane, p: number): Promise<Look<number>> {
    const name = app?.out.name ?? ''
    const { leader } = await this.#leader(name, p)
    const offset = await this.#observer.admin(leader).produceOne(name, p, encodeFence(id, `output-${p}`))
    return { value: offset, seen: String(offset) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#brokers.values()].map(async broker => broker.close()))
  }

  #broker(id: number): ApplicationBroker {
    const broker = this.#brokers.get(id)
    if (!broker) throw new LossproofError('cluster', `there is no broker ${id}`)
    return broker
  }

  /** The leader of a partition, as the first broker that answers names it. */
  async #leader(name: string, p: number): Promise<{ leader: number; broker: ApplicationBroker; topicId: string }> {
    const answers = [...this.#brokers.keys()].map(async id => this.#observer.link(id).metadata([name]))
    const topic = (await Promise.any(answers)).topics.find(found => found.name === name)
    if (!topic || topic.partitions.length === 0) throw new LossproofError('cluster', `the topic ${name} does not exist`)
    const leader = topic.partitions.find(partition => partition.p === p)?.leader ?? -1
    if (leader < 0) throw new LossproofError('cluster', `${name}-${p} has no leader`)
    return { leader, broker: this.#broker(leader), topicId: topic.id }
  }
}

type FindLeader = (name: string, p: number) => Promise<{ broker: ApplicationBroker; topicId: string }>

class KafkaOutput implements ApplicationOutput {
  readonly #name: string
  readonly #find: FindLeader
  readonly #partitions: { p: number; next: number; committed: CommittedRecords<OutputBatch['records'][number]> }[]

  /** Read, and not returned yet: a call that fails in a later partition keeps what it has read before. */
  readonly #ready: OutputRecord[] = []

  constructor(name: string, partitions: number, find: FindLeader) {
    this.#name = name
    this.#find = find
    this.#partitions = Array.from({ length: partitions }, (_, p) => ({ p, next: 0, committed: new CommittedRecords() }))
  }

  async read(): Promise<OutputRecord[]> {
    for (const partition of this.#partitions) {
      const { p, committed } = partition
      const { broker, topicId } = await this.#find(this.#name, p)
      const { stable } = await broker.ends(this.#name, p)
      while (partition.next < stable) {
        const { batches, next } = await broker.fetch({ topicId, p }, partition.next, fetchBytes)
        if (next === partition.next) break
        for (const batch of batches)
          for (const { offset, ...values } of committed.take(batch)) this.#ready.push({ p, o: offset, ...values })
        partition.next = next
      }
    }
    return this.#ready.splice(0)
  }

  async unreadable(): Promise<string[]> {
    const open: string[] = []
    for (const { p, next } of this.#partitions) {
      const { broker } = await this.#find(this.#name, p)
      const { stable, end } = await broker.ends(this.#name, p)
      if (stable < end) open.push(`${this.#name}-${p}: an open transaction keeps ${end - stable} records back`)
      else if (next < end) open.push(`${this.#name}-${p}: read up to ${next} of ${end}`)
    }
    return open
  }

  positions(): { p: number; o: number }[] {
    return this.#partitions.map(({ p, next }) => ({ p, o: next }))
  }
}
