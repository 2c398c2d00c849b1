/**
 * A consumer that behaves like RocketMQ's DefaultMQPushConsumer with a concurrent listener. CLUSTERING: the members of
 * a group share the queues, the broker stores their progress, and failed messages are sent back and redelivered through
 * the retry topic. BROADCASTING: every instance reads every queue, stores its progress in a file, and drops failed
 * messages.
 */
import type { RemotingClient } from '../client.ts'
import { RequestCode } from '../wire/codes.ts'
import { RemotingError } from '../errors.ts'
import type { StoredMessage } from '../wire/message.ts'
import { maxOffset } from '../offsets.ts'
import { keyOf, masterOf, brokerToReadFrom, readQueues } from '../route.ts'
import type { MessageQueue, Routes, TopicRoute } from '../route.ts'
import { allocate } from './allocate.ts'
import { Dispatcher } from './dispatcher.ts'
import { heartbeat, leave, membersOf } from './group.ts'
import type { Membership } from './group.ts'
import { BrokerOffsetStore, FileOffsetStore } from './offset-store.ts'
import type { OffsetStore } from './offset-store.ts'
import type { PushConsumerOptions } from './options.ts'
import { ProcessQueue } from './process-queue.ts'
import { QueuePuller } from './queue-puller.ts'
import { Repeater } from './repeater.ts'
import { retryTopicOf, sendBack } from './send-back.ts'

/** Wait before the next rebalance when something was not known yet, such as the route of a new retry topic. */
const rebalanceSoonMs = 1000
/** A task that returns undefined runs again after its regular interval. */
const afterRegularInterval = () => undefined

export class PushConsumer {
  readonly #client: RemotingClient
  readonly #routes: Routes
  readonly #options: PushConsumerOptions
  readonly #member: Membership
  readonly #offsets: OffsetStore
  readonly #dispatcher: Dispatcher
  readonly #pullers = new Map<string, QueuePuller>()
  readonly #undo: (() => void)[] = []
  #loops: Repeater[] = []

  constructor(client: RemotingClient, routes: Routes, options: PushConsumerOptions) {
    const { group, topic, messageModel: model, consumeFromWhere, subscription = '*' } = options
    this.#client = client
    this.#routes = routes
    this.#options = options
    const isClustering = model === 'CLUSTERING'
    this.#member = {
      group,
      model,
      consumeFromWhere,
      subscriptions: new Map([[topic, subscription], ...(isClustering ? [[retryTopicOf(group), '*'] as const] : [])]),
    }
    const onCommit = (queue: MessageQueue, offset: number) => options.events?.onCommit?.(queue, offset)
    if (!isClustering && options.offsetFile === undefined)
      throw new RemotingError('limit', 'BROADCASTING needs an offsetFile')
    this.#offsets = isClustering
      ? new BrokerOffsetStore(client, routes, group, onCommit)
      : new FileOffsetStore(options.offsetFile ?? '', onCommit)
    this.#dispatcher = new Dispatcher(options, {
      sendBack: async (message, processQueue, delayLevel) => this.#sendBack(message, processQueue, delayLevel),
      onProgress: (processQueue, offset) => this.#offsets.update(processQueue.queue, offset, true),
    })
  }

  /** Joins the group and starts reading. Throws when no name server knows the topic. */
  async start(): Promise<void> {
    const route = await this.#routes.refresh(this.#options.topic)
    await this.#beat(route)
    const { events } = this.#options
    const loop = (what: string, intervalMs: number, task: () => Promise<number | undefined>) =>
      new Repeater(intervalMs, task, error => events?.onError?.(what, error))
    const rebalance = loop('rebalance', this.#options.rebalanceInterval ?? 20_000, async () => this.#rebalance())
    const beat = loop('heartbeat', this.#options.heartbeatBrokerInterval ?? 30_000, async () =>
      this.#beat(await this.#routes.get(this.#options.topic)).then(afterRegularInterval),
    )
    const persist = loop('persist', this.#options.persistConsumerOffsetInterval ?? 5000, async () =>
      this.#offsets.persist().then(afterRegularInterval),
    )
    this.#loops = [rebalance, beat, persist]
    this.#undo.push(
      this.#client.onRequest(({ code, fields }) => {
        if (code === RequestCode.NOTIFY_CONSUMER_IDS_CHANGED && fields.get('consumerGroup') === this.#options.group)
          rebalance.nudge()
        return undefined
      }),
      this.#client.onConnect(() => beat.nudge()),
    )
  }

  /** Stops reading, lets the listener finish within its limit, stores the progress and leaves the group. */
  async shutdown(): Promise<void> {
    for (const undo of this.#undo) undo()
    const [rebalance, ...others] = this.#loops
    await rebalance?.stop()
    await Promise.all([...this.#pullers.values()].map(async puller => puller.stop()))
    await this.#dispatcher.stop(this.#options.awaitTerminationMillisWhenShutdown ?? 0)
    await Promise.all(others.map(async other => other.stop()))
    for (const puller of this.#pullers.values()) puller.processQueue.isDropped = true
    await this.#quietly('persist', async () => this.#offsets.persist())
    await this.#quietly('leave', async () => {
      for (const address of brokersOf(await this.#routes.get(this.#options.topic)))
        await leave(this.#client, address, this.#options.group)
    })
    this.#pullers.clear()
  }

  /** Sends a heartbeat to every broker of the topic, including slaves, which serve reads when their master is gone. */
  async #beat(route: TopicRoute): Promise<void> {
    await Promise.all(
      brokersOf(route).map(async address =>
        this.#quietly('heartbeat', async () => heartbeat(this.#client, address, this.#member)),
      ),
    )
  }

  /** Returns the wait before the next rebalance when it must be shorter than usual. */
  async #rebalance(): Promise<number | undefined> {
    let isComplete = true
    const wanted: MessageQueue[] = []
    for (const topic of this.#member.subscriptions.keys()) {
      const mine = await this.#allocated(topic)
      isComplete &&= mine !== undefined
      // When the assignment is not known now, the current queues are kept.
      wanted.push(
        ...(mine ??
          [...this.#pullers.values()].map(puller => puller.processQueue.queue).filter(queue => queue.topic === topic)),
      )
    }
    const keys = new Set(wanted.map(keyOf))
    for (const [key, puller] of this.#pullers) if (!keys.has(key)) await this.#release(key, puller)
    for (const queue of wanted) {
      if (this.#pullers.has(keyOf(queue))) continue
      await this.#quietly(`begin ${keyOf(queue)}`, async () => this.#begin(queue))
      isComplete &&= this.#pullers.has(keyOf(queue))
    }
    this.#options.events?.onAssigned?.([...this.#pullers.values()].map(puller => puller.processQueue.queue))
    return isComplete ? undefined : rebalanceSoonMs
  }

  /** The queues assigned to this member; undefined when that is not known. */
  async #allocated(topic: string): Promise<MessageQueue[] | undefined> {
    try {
      const route = await this.#routes.latest(topic)
      const queues = readQueues(route)
      if (this.#options.messageModel === 'BROADCASTING') return queues
      const address = brokersOf(route)[0]
      if (address === undefined) return undefined
      const members = await membersOf(this.#client, address, this.#options.group)
      // A broker that does not know this member yet cannot know its share.
      return members.includes(this.#client.clientId) ? allocate(this.#client.clientId, queues, members) : undefined
    } catch (error) {
      // The first heartbeat creates the retry topic. Name servers learn about it a little later.
      this.#options.events?.onError?.(`allocate ${topic}`, error)
      return undefined
    }
  }

  async #release(key: string, puller: QueuePuller): Promise<void> {
    this.#pullers.delete(key)
    await puller.stop()
    const { processQueue } = puller
    processQueue.isDropped = true
    await this.#quietly('persist', async () => this.#offsets.persist(processQueue.queue))
    this.#offsets.forget(processQueue.queue)
  }

  /** Throws when the offset of the queue cannot be read. The queue is then not read until the next rebalance. */
  async #begin(queue: MessageQueue): Promise<void> {
    const offset = (await this.#offsets.read(queue)) ?? (await this.#firstOffset(queue))
    const processQueue = new ProcessQueue(queue)
    const subscription = this.#member.subscriptions.get(queue.topic) ?? '*'
    const puller = new QueuePuller(
      this.#client,
      this.#routes,
      this.#options,
      { processQueue, offset, subscription },
      {
        onMessages: (from, messages) => this.#dispatcher.submit(from, messages),
        onProgress: (from, next) => this.#offsets.update(from.queue, next, true),
        onOffsetMoved: async (moved, from, to) => {
          this.#options.events?.onOffsetMoved?.(moved.queue, from, to)
          this.#offsets.update(moved.queue, to, false)
          await this.#quietly('persist', async () => this.#offsets.persist(moved.queue))
        },
      },
    )
    this.#pullers.set(keyOf(queue), puller)
  }

  async #firstOffset(queue: MessageQueue): Promise<number> {
    if (this.#options.consumeFromWhere === 'CONSUME_FROM_FIRST_OFFSET' || queue.topic !== this.#options.topic) return 0
    const broker = brokerToReadFrom(await this.#routes.get(queue.topic), queue.brokerName)
    if (!broker) throw new RemotingError('no-route', `the route of ${queue.topic} has no broker of ${queue.brokerName}`)
    return maxOffset(this.#client, broker.address, queue)
  }

  async #sendBack(message: StoredMessage, { queue }: ProcessQueue, delayLevel: number): Promise<boolean> {
    const { group, maxReconsumeTimes, events } = this.#options
    try {
      const master = masterOf(await this.#routes.get(queue.topic), queue.brokerName)
      if (master === undefined)
        throw new RemotingError('no-route', `the route of ${queue.topic} has no master of ${queue.brokerName}`)
      await sendBack(this.#client, master, { group, message, delayLevel, maxReconsumeTimes })
      events?.onSentBack?.(message)
      return true
    } catch (error) {
      events?.onError?.('send-back', error)
      return false
    }
  }

  async #quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      this.#options.events?.onError?.(what, error)
    }
  }
}

/** Masters first. */
function brokersOf(route: TopicRoute): string[] {
  const masters = route.brokers.flatMap(broker => masterOf(route, broker.brokerName) ?? [])
  const all = route.brokers.flatMap(broker => [...broker.addresses.values()])
  return [...new Set([...masters, ...all])]
}
