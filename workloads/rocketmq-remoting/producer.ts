/**
 * A producer without hidden retries: one call makes one request to one queue and returns the raw answer. The caller
 * decides whether to send again.
 */
import { answerOf, failureOf } from './answers.ts'
import type { SendAnswer } from './answers.ts'
import { encodeBatch } from './wire/batch.ts'
import type { RemotingClient } from './client.ts'
import { RequestCode } from './wire/codes.ts'
import type { Request } from './connection.ts'
import { RemotingError } from './errors.ts'
import { encodeProperties, Property } from './wire/properties.ts'
import type { Properties } from './wire/properties.ts'
import { masterOf } from './route.ts'
import type { MessageQueue, Routes } from './route.ts'
import { uniqueKey } from './wire/unique-key.ts'

export interface OutgoingMessage {
  body: Buffer
  tags?: string
  keys?: string
  /** 1 to 18: an index into the broker's messageDelayLevel. */
  delayLevel?: number
  /** When false, the broker answers without waiting for the flush or a slave. */
  waitStoreMsgOK?: boolean
  properties?: Record<string, string>
  flag?: number
}

export interface ProducerOptions {
  group: string
  /** Limit of one attempt, like sendMsgTimeout of the Java client. Default 3000. */
  sendMsgTimeoutMs?: number
  /** Age at which a route is looked up again, while sends continue with the known one. Default 30000. */
  pollNameServerIntervalMs?: number
}

/** After a failed send the master may have changed, so the route is looked up again, but not more often than this. */
const routeAgeAfterFailureMs = 200

/** The template topic that a broker with automatic topic creation uses for an unknown topic. */
const defaultTopic = 'TBW102'
const defaultTopicQueueNums = 4

export class Producer {
  readonly #client: RemotingClient
  readonly #routes: Routes
  readonly #group: string
  readonly #timeoutMs: number
  readonly #routeAgeMs: number

  constructor(client: RemotingClient, routes: Routes, options: ProducerOptions) {
    this.#client = client
    this.#routes = routes
    this.#group = options.group
    this.#timeoutMs = options.sendMsgTimeoutMs ?? 3000
    this.#routeAgeMs = options.pollNameServerIntervalMs ?? 30_000
  }

  /** Makes one attempt. Never throws: a failure is returned as an answer. */
  async send(queue: MessageQueue, message: OutgoingMessage, timeoutMs = this.#timeoutMs): Promise<SendAnswer> {
    return this.#attempt(queue, () => this.#single(queue, message), timeoutMs)
  }

  /**
   * Makes one attempt. `callback` gets the answer after this call has returned. Exceptions of the callback are not
   * caught.
   */
  sendAsync(
    queue: MessageQueue,
    message: OutgoingMessage,
    callback: (answer: SendAnswer) => void,
    timeoutMs = this.#timeoutMs,
  ): void {
    const attempt = async () => {
      const answer = await this.send(queue, message, timeoutMs)
      callback(answer)
    }
    void attempt()
  }

  /** Resolves with the answer `one-way` when the bytes have left this process. */
  async sendOneWay(queue: MessageQueue, message: OutgoingMessage): Promise<SendAnswer> {
    try {
      await this.#client.oneWay(await this.#master(queue), this.#single(queue, message))
      return { kind: 'one-way' }
    } catch (error) {
      return failureOf(error)
    }
  }

  /** Makes one attempt with all messages in one request. They are stored together, at consecutive offsets. */
  async sendBatch(
    queue: MessageQueue,
    messages: readonly OutgoingMessage[],
    timeoutMs = this.#timeoutMs,
  ): Promise<SendAnswer> {
    return this.#attempt(queue, () => this.#batch(queue, messages), timeoutMs)
  }

  /** Looks the route up and waits for it. Throws RemotingError('no-route') when no name server returns one. */
  async refreshRoute(topic: string): Promise<void> {
    await this.#routes.refresh(topic)
  }

  async #attempt(queue: MessageQueue, request: () => Request, timeoutMs: number): Promise<SendAnswer> {
    const answer = await this.#ask(queue, request, timeoutMs)
    // Runs in the background, so that the caller gets its answer at once.
    if (answer.kind !== 'stored') void this.#routes.get(queue.topic, routeAgeAfterFailureMs).catch(() => {})
    return answer
  }

  async #ask(queue: MessageQueue, request: () => Request, timeoutMs: number): Promise<SendAnswer> {
    try {
      return answerOf(await this.#client.request(await this.#master(queue), request(), timeoutMs))
    } catch (error) {
      return failureOf(error)
    }
  }

  async #master(queue: MessageQueue): Promise<string> {
    const master = masterOf(await this.#routes.get(queue.topic, this.#routeAgeMs), queue.brokerName)
    if (master === undefined)
      throw new RemotingError('no-route', `the route of ${queue.topic} has no master of ${queue.brokerName}`)
    return master
  }

  #single(queue: MessageQueue, message: OutgoingMessage): Request {
    const fields = { ...this.#fields(queue, message.flag ?? 0), i: encodeProperties(propertiesOf(message)) }
    return { code: RequestCode.SEND_MESSAGE_V2, fields, body: message.body }
  }

  #batch(queue: MessageQueue, messages: readonly OutgoingMessage[]): Request {
    const body = encodeBatch(
      messages.map(message => ({ body: message.body, flag: message.flag ?? 0, properties: propertiesOf(message) })),
    )
    const properties = propertiesOf({
      body: Buffer.alloc(0),
      waitStoreMsgOK: messages.every(message => message.waitStoreMsgOK ?? true),
    })
    return {
      code: RequestCode.SEND_BATCH_MESSAGE,
      fields: { ...this.#fields(queue, 0), i: encodeProperties(properties), m: true },
      body,
    }
  }

  /** The fields of SendMessageRequestHeaderV2, which are named by single letters. */
  #fields(queue: MessageQueue, flag: number): Request['fields'] {
    return {
      a: this.#group,
      b: queue.topic,
      c: defaultTopic,
      d: defaultTopicQueueNums,
      e: queue.queueId,
      f: 0,
      g: Date.now(),
      h: flag,
      j: 0,
      k: false,
      m: false,
      n: queue.brokerName,
    }
  }
}

function propertiesOf(message: OutgoingMessage): Properties {
  const properties = new Map(Object.entries(message.properties ?? {}))
  if (message.tags !== undefined) properties.set(Property.tags, message.tags)
  if (message.keys !== undefined) properties.set(Property.keys, message.keys)
  if (message.delayLevel !== undefined) properties.set(Property.delayLevel, String(message.delayLevel))
  properties.set(Property.waitStoreMsgOK, String(message.waitStoreMsgOK ?? true))
  if (!properties.has(Property.uniqueKey)) properties.set(Property.uniqueKey, uniqueKey())
  return properties
}
