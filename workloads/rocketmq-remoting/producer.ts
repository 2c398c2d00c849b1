/**
 * A producer that hides nothing: one call is one request to one queue, and its raw answer comes back. Whether to send
 * again is the caller's to decide.
 */
import { answerOf, failureOf } from './answers.ts'
import type { SendAnswer } from './answers.ts'
import { encodeBatch } from './batch.ts'
import type { RemotingClient } from './client.ts'
import { RequestCode } from './codes.ts'
import type { Request } from './connection.ts'
import { RemotingError } from './errors.ts'
import { encodeProperties, Property } from './properties.ts'
import type { Properties } from './properties.ts'
import { masterOf } from './route.ts'
import type { MessageQueue, Routes } from './route.ts'
import { uniqueKey } from './unique-key.ts'

export interface OutgoingMessage {
  body: Buffer
  tags?: string
  keys?: string
  /** 1 to 18: a place in the broker's messageDelayLevel. */
  delayLevel?: number
  /** False: the broker answers without waiting for flush or slave. */
  waitStoreMsgOK?: boolean
  properties?: Record<string, string>
  flag?: number
}

export interface ProducerOptions {
  group: string
  /** Limit of one attempt. 3000 unless given, as the Java client's sendMsgTimeout. */
  sendMsgTimeoutMs?: number
  /** How old a route may be before it is asked for anew, while sends go on with the known one. 30000 unless given. */
  pollNameServerIntervalMs?: number
}

/** After an answer that another master may explain, the route is asked for anew, but no more often than this. */
const routeAgeAfterFailureMs = 200

/** Asked for when a topic does not exist and the broker creates topics by itself. */
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

  /** One attempt. Never throws: what went wrong is an answer too. */
  async send(queue: MessageQueue, message: OutgoingMessage, timeoutMs = this.#timeoutMs): Promise<SendAnswer> {
    return this.#attempt(queue, () => this.#single(queue, message), timeoutMs)
  }

  /** One attempt; the answer goes to `callback`, after this has returned. What the callback throws is not caught. */
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

  /** Answers `one-way` when the bytes have left this process. */
  async sendOneWay(queue: MessageQueue, message: OutgoingMessage): Promise<SendAnswer> {
    try {
      await this.#client.oneWay(await this.#master(queue), this.#single(queue, message))
      return { kind: 'one-way' }
    } catch (error) {
      return failureOf(error)
    }
  }

  /** One attempt with all messages in one request: they are stored together, at offsets that follow one another. */
  async sendBatch(
    queue: MessageQueue,
    messages: readonly OutgoingMessage[],
    timeoutMs = this.#timeoutMs,
  ): Promise<SendAnswer> {
    return this.#attempt(queue, () => this.#batch(queue, messages), timeoutMs)
  }

  /** Asks for the route and waits for it. Throws RemotingError('no-route') when no name server tells one. */
  async refreshRoute(topic: string): Promise<void> {
    await this.#routes.refresh(topic)
  }

  async #attempt(queue: MessageQueue, request: () => Request, timeoutMs: number): Promise<SendAnswer> {
    const answer = await this.#ask(queue, request, timeoutMs)
    // Not waited for: the answer is the caller's now.
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

  /** SendMessageRequestHeaderV2: one letter a field. */
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
