/**
 * The part of an observer that is the same for every system: it polls nodes, merges their answers and records changes.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Leadership, ReplicaEnds } from '../../faults/fault.ts'
import type { EventLog } from '../../history/appender.ts'
import type { Lane } from '../../model/plan.ts'
import { ChangeLog } from './change-log.ts'
import type { ObservedPartition, Observer, PartitionView } from './live-system.ts'

const intervalMs = 100
/** A description lists at most this many partitions, and only counts the others. */
const listed = 6

/** One node, or one view of the cluster, that is asked again and again. */
export interface PollSource {
  /** Asks and keeps the answer. `askedAt`: ms on the trial's clock. */
  ask(askedAt: number): Promise<void>
  /** Drops the last answer. */
  forget(): void
  /** Failures in a row after which the last answer is dropped; 1 unless given. */
  failureLimit?: number
}

export interface TopicPartition {
  topic: Lane['topic']
  p: number
}

export const leadershipOf = ({ lane, p, view }: ObservedPartition): Leadership => {
  const { leader, epoch, replicas, isr } = view
  return { lane, partition: p, leader, epoch, replicas, isr }
}

export abstract class PollingObserver implements Observer, AsyncDisposable {
  protected readonly lanes: readonly Lane[]
  protected readonly log: EventLog
  readonly #changes: ChangeLog
  readonly #stopping = new AbortController()
  #polls: Promise<void>[] = []

  constructor(lanes: readonly Lane[], log: EventLog) {
    this.lanes = lanes
    this.log = log
    this.#changes = new ChangeLog(log)
  }

  /** The latest merged view of one partition; undefined before any node has reported it. */
  protected abstract view(topic: Lane['topic'], p: number): PartitionView | undefined
  /** Log end offsets of a node's own replicas, in the order of `asked`; undefined for those that it does not report. */
  protected abstract endsAt(node: number, asked: readonly TopicPartition[]): Promise<(number | undefined)[]>
  /** `leader 1 epoch 3 isr 1,2` */
  protected abstract describeView(view: PartitionView): string
  abstract logEnd(id: number): number | undefined
  abstract answering(since: number): number[]

  partitions(lanes?: readonly string[]): ObservedPartition[] {
    return this.lanes
      .filter(lane => lanes === undefined || lanes.includes(lane.id))
      .flatMap(lane =>
        Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
          const view = this.view(lane.topic, p)
          return view ? [{ lane: lane.id, p, view }] : []
        }),
      )
  }

  leaders(): Leadership[] {
    return this.partitions().map(leadershipOf)
  }

  async replicaEnds(): Promise<ReplicaEnds[]> {
    const topics = new Map(this.lanes.map(lane => [lane.id, lane.topic]))
    const found = this.partitions().flatMap(({ lane, p, view }) => {
      const topic = topics.get(lane)
      const ends: Record<number, number> = {}
      return topic ? [{ topic, replicas: view.replicas, at: { lane, partition: p, leader: view.leader, ends } }] : []
    })
    const nodes = new Set(found.flatMap(({ replicas }) => replicas))
    await Promise.allSettled(
      [...nodes].map(async node => {
        const held = found.filter(({ replicas }) => replicas.includes(node))
        const asked = held.map(({ topic, at }) => ({ topic, p: at.partition }))
        for (const [index, end] of (await this.endsAt(node, asked)).entries()) {
          const partition = held[index]
          if (end !== undefined && partition) partition.at.ends[node] = end
        }
      }),
    )
    return found.map(({ at }) => at)
  }

  describe(lanes?: readonly string[]): string {
    const parts = this.partitions(lanes).map(({ lane, p, view }) => `${lane}-${p}: ${this.describeView(view)}`)
    if (parts.length === 0) return 'no broker answered'
    const rest = parts.length - listed
    return rest > 0 ? `${parts.slice(0, listed).join('; ')}; and ${rest} more` : parts.join('; ')
  }

  /** Stops polling and records how far behind the observer's view was at most. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    this.interrupt()
    await Promise.all(this.#polls)
    this.#changes.end(intervalMs)
    await this.disconnect()
  }

  /** Makes questions under way fail at once, where the client can. */
  protected interrupt(): void {}

  /** Closes connections, after the last question. */
  protected async disconnect(): Promise<void> {}

  /** Called after each question, answered or not. */
  protected abstract asked(askedAt: number, answered: boolean): void

  protected poll(sources: readonly PollSource[]): void {
    this.#polls = sources.map(async source => this.#poll(source))
  }

  /**
   * Records what differs from the last record. `askedAt`: when the oldest part of the view was asked for; `up`: node
   * states by name.
   */
  protected record(askedAt: number, up: ReadonlyMap<string, boolean>, restarts?: ReadonlyMap<string, number>): void {
    this.#changes.record(askedAt, this.partitions(), up, restarts)
  }

  async #poll(source: PollSource): Promise<void> {
    const { signal } = this.#stopping
    let failures = 0
    while (!signal.aborted) {
      const askedAt = this.log.now()
      let answered = true
      try {
        await source.ask(askedAt)
        failures = 0
      } catch {
        answered = false
        failures += 1
        if (failures >= (source.failureLimit ?? 1)) source.forget()
      }
      if (!signal.aborted) this.asked(askedAt, answered)
      await delay(intervalMs, undefined, { signal }).catch(() => {})
    }
  }
}
