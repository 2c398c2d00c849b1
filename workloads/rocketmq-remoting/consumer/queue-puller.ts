/** Pulls one queue continuously, until it is stopped because the queue was assigned to another member. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RemotingClient } from '../client.ts'
import { RemotingError } from '../errors.ts'
import type { StoredMessage } from '../wire/message.ts'
import { Property } from '../wire/properties.ts'
import { pull } from '../pull.ts'
import type { PullResult } from '../pull.ts'
import { brokerToReadFrom } from '../route.ts'
import type { Routes } from '../route.ts'
import type { PushConsumerOptions } from './options.ts'
import { ProcessQueue } from './process-queue.ts'

export interface PullerHooks {
  onProgress: (processQueue: ProcessQueue, offset: number) => void
  onMessages: (processQueue: ProcessQueue, messages: StoredMessage[]) => void
  /** The broker has no message at `from`; pulling continues at `to`, which may be lower. */
  onOffsetMoved: (processQueue: ProcessQueue, from: number, to: number) => Promise<void>
}

const fullDelayMs = 50
/** Pause before the same offset is pulled again: a lagging slave asks for a retry without moving the offset. */
const sameOffsetDelayMs = 100

export class QueuePuller {
  processQueue: ProcessQueue
  readonly #client: RemotingClient
  readonly #routes: Routes
  readonly #options: PushConsumerOptions
  readonly #subscription: string
  readonly #hooks: PullerHooks
  readonly #stop = new AbortController()
  readonly #done: Promise<void>
  #offset: number
  /** The broker of the group to pull from, as the last answer suggested. */
  #brokerId = 0

  constructor(
    client: RemotingClient,
    routes: Routes,
    options: PushConsumerOptions,
    start: { processQueue: ProcessQueue; offset: number; subscription: string },
    hooks: PullerHooks,
  ) {
    this.#client = client
    this.#routes = routes
    this.#options = options
    this.#subscription = start.subscription
    this.#hooks = hooks
    this.#offset = start.offset
    this.processQueue = start.processQueue
    this.#done = this.#run()
  }

  /** Makes no further pulls, and does not wait for a pull that a broker is holding. */
  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#done
  }

  get #stopped(): boolean {
    return this.#stop.signal.aborted
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#isFull()) {
        await this.#pause(fullDelayMs)
        continue
      }
      try {
        const result = await this.#unlessStopped(async () => this.#pull())
        if (result) await this.#take(result)
      } catch (error) {
        this.#options.events?.onError?.(`pull of ${this.processQueue.queue.topic}`, error)
        await this.#pause(this.#options.pullTimeDelayMillsWhenException ?? 3000)
        await this.#unlessStopped(async () => this.#routes.latest(this.processQueue.queue.topic).catch(() => undefined))
      }
    }
  }

  #isFull(): boolean {
    const { size, span } = this.processQueue
    return (
      size >= (this.#options.pullThresholdForQueue ?? 1000) ||
      span >= (this.#options.consumeConcurrentlyMaxSpan ?? 2000)
    )
  }

  async #pull(): Promise<PullResult> {
    const { queue } = this.processQueue
    const route = await this.#routes.get(queue.topic, this.#options.pollNameServerInterval ?? 30_000)
    const broker = brokerToReadFrom(route, queue.brokerName, this.#brokerId)
    if (!broker) throw new RemotingError('no-route', `the route of ${queue.topic} has no broker of ${queue.brokerName}`)
    return pull(this.#client, broker.address, {
      group: this.#options.group,
      queue,
      offset: this.#offset,
      subscription: this.#subscription,
      maxMessages: this.#options.pullBatchSize ?? 32,
      suspendMs: this.#options.brokerSuspendMaxTimeMillis ?? 15_000,
    })
  }

  async #take(result: PullResult): Promise<void> {
    this.#brokerId = result.suggestedBrokerId
    const from = this.#offset
    if (result.status === 'OFFSET_ILLEGAL') {
      await this.#hooks.onOffsetMoved(this.processQueue, from, result.nextBeginOffset)
      // Results of messages pulled before no longer count, because the new offset may be lower than theirs.
      this.processQueue.isDropped = true
      this.processQueue = new ProcessQueue(this.processQueue.queue)
    }
    this.#offset = result.nextBeginOffset
    const messages = result.messages.filter(message => matches(this.#subscription, message))
    if (messages.length > 0) {
      this.processQueue.put(messages)
      this.#hooks.onMessages(this.processQueue, messages)
    } else if (this.processQueue.size === 0) {
      // All messages below the next offset are finished, although no message was delivered.
      this.#hooks.onProgress(this.processQueue, result.nextBeginOffset)
    }
    if (result.status !== 'FOUND' && result.status !== 'NO_NEW_MSG' && result.nextBeginOffset === from)
      await this.#pause(sameOffsetDelayMs)
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => {})
  }

  async #unlessStopped<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (this.#stopped) return undefined
    const { signal } = this.#stop
    let stop = () => {}
    const stopped = new Promise<undefined>(resolve => {
      stop = () => resolve(undefined)
      signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work(), stopped])
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}

/** Checks the tag itself, because the broker filters by the hash of the tag, which different tags can share. */
function matches(subscription: string, message: StoredMessage): boolean {
  if (subscription === '*') return true
  const tag = message.properties.get(Property.tags)
  return tag !== undefined && subscription.split('||').some(wanted => wanted.trim() === tag)
}
