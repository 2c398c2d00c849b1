/**
 * Messages that wait at a broker until they are delivered again. All groups of a cluster share the queues in which they wait,
 * so on a cluster of the user's own these are read to find the trial's.
 */
import { LossproofError } from '../../../model/errors.ts'
import { waitFor } from '../../../model/wait.ts'
import { admin, Property, pull, retryTopicOf } from '../../../workloads/rocketmq-remoting/index.ts'
import type { RemotingClient } from '../../../workloads/rocketmq-remoting/index.ts'
import { prefixIn } from '../../shared/own-cluster/created-topics.ts'
import { delayLevels } from '../retry-topics.ts'
import type { CountDelayed, Master } from '../retry-topics.ts'

/** One queue for each delay level. */
const delayTopic = 'SCHEDULE_TOPIC_XXXX'
const pullMessages = 64
const beginLimitMs = 15_000

/** One delay level of one broker, read as far as `next`. */
interface Queue {
  next: number
  /** Offsets of the trial's messages by retry topic. */
  found: Map<string, number[]>
}

export class DelayedCopies {
  readonly #client: RemotingClient
  readonly #readerGroup: string
  readonly #prefix: string
  readonly #queues = new Map<string, Queue>()
  /** The reading under way at each broker: lanes share the queues. */
  readonly #reading = new Map<string, Promise<unknown>>()

  constructor(client: RemotingClient, readerGroup: string) {
    this.#client = client
    this.#readerGroup = readerGroup
    this.#prefix = retryTopicOf(prefixIn(readerGroup))
  }

  /** Remembers where the queues end, before the trial's first message: nothing earlier is read. */
  async begin(addresses: readonly string[], signal: AbortSignal): Promise<void> {
    await waitFor({ what: 'ends of the delay levels', limitMs: beginLimitMs, signal }, async () => {
      for (const address of addresses)
        for (const { level, end } of delayLevels(await admin.runtimeInfo(this.#client, address)))
          this.#queues.set(`${address} ${level}`, { next: end, found: new Map() })
      return { value: true, seen: '' }
    })
  }

  /** Throws when a queue cannot be read: the number is then not known. */
  readonly count: CountDelayed = async (master, retryTopic, info) => {
    const { address } = master
    const earlier = this.#reading.get(address)
    const reading = this.#count(master, retryTopic, info, earlier)
    this.#reading.set(address, reading)
    return reading
  }

  async #count(
    master: Master,
    retryTopic: string,
    info: ReadonlyMap<string, string>,
    earlier: Promise<unknown> | undefined,
  ): Promise<number> {
    await earlier?.catch(() => {})
    let waiting = 0
    for (const { level, done, end } of delayLevels(info)) {
      const key = `${master.address} ${level}`
      const queue = this.#queues.get(key) ?? { next: 0, found: new Map<string, number[]>() }
      this.#queues.set(key, queue)
      queue.next = Math.max(queue.next, done)
      if (queue.next < end) await this.#read(master, level, queue, end)
      const offsets = (queue.found.get(retryTopic) ?? []).filter(offset => offset >= done)
      queue.found.set(retryTopic, offsets)
      waiting += offsets.length
    }
    return waiting
  }

  async #read({ address, brokerName }: Master, level: number, queue: Queue, end: number): Promise<void> {
    while (queue.next < end) {
      const { messages, nextBeginOffset, status } = await pull(this.#client, address, {
        group: this.#readerGroup,
        queue: { topic: delayTopic, brokerName, queueId: level - 1 },
        offset: queue.next,
        maxMessages: pullMessages,
      })
      if (nextBeginOffset <= queue.next)
        throw new LossproofError(
          'cluster',
          `${address} returns nothing from offset ${queue.next} of delay level ${level}, which ends at ${end}: ${status}`,
        )
      for (const { properties, queueOffset } of messages) {
        const topic = properties.get(Property.realTopic)
        if (topic?.startsWith(this.#prefix) === true)
          queue.found.set(topic, [...(queue.found.get(topic) ?? []), queueOffset])
      }
      queue.next = nextBeginOffset
    }
  }
}
