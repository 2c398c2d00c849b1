/**
 * The small interface behind which every client library stands. An adapter never throws from `send`: it classifies.
 */
import type { Handling, Sending, Settings } from '../../model/plan.ts'

/**
 * How one attempt ended. `rejected` only for codes that the client documents as *before append*, and only where no
 * hidden earlier attempt can have been stored; everything else that is no ack is `unknown`.
 */
export type Answer =
  | {
      answer: 'acked'
      /** Offset of the first message of the send, where the protocol tells it. */
      offset?: number
      /** Where it went, if not to the partition asked for. */
      partition?: number
      code?: string
    }
  | { answer: 'rejected' | 'unknown'; code: string }

export interface ProducerClient {
  connect(): Promise<void>
  /**
   * Sends `values` as one request to one partition; resolves when the attempt has ended, never throws. `offsets`, where
   * they need not follow each other: in the order of the values.
   */
  send(partition: number, values: Buffer[]): Promise<Answer & { offsets?: (number | undefined)[] }>
  /**
   * Sends all of them, of several partitions, as one call of the library; they stand and fall together. `offsets` in the
   * order of the messages, undefined where the library told none. Absent: the library has no such call.
   */
  sendSpread?(messages: { partition: number; value: Buffer }[]): Promise<Answer & { offsets?: (number | undefined)[] }>
  /** Ends all connections; sends under way may stay unanswered. */
  close(): Promise<void>
}

export interface Delivered {
  /** Behind the topic's own, queues of RocketMQ's retry topic. */
  partition: number
  offset: number
  value: Buffer
  /** How often the broker has given it out before, where it counts that. */
  redeliveries?: number
}

/**
 * What the application's handler says of what it was given, where the library asks: done; again later; or, as a handler
 * that forgot to, nothing. What it throws is no answer.
 */
export type Handled = 'done' | 'later' | null

/** What the library tells and asks its application. */
export interface ConsumerApplication {
  /**
   * Called for what is delivered: one message, or what one fetch brought of one partition. `commit` asks the broker to
   * remember that the group goes on at `offset`; it resolves with its answer. What is thrown is the library's to handle.
   */
  receive(messages: Delivered[], commit: (offset: number) => Promise<void>): Promise<Handled>
  /** Each commit that the broker has confirmed, whoever made it; `offset` is the next to read. */
  committed(partition: number, offset: number): void
  /** The library has stopped for good: an application that does nothing else ends now. */
  stopped(reason: string): void
}

export interface ConsumerClient {
  /** Joins the group and delivers until `close`. */
  run(application: ConsumerApplication): Promise<void>
  close(): Promise<void>
}

export interface ClientConfig {
  /** Kafka: `127.0.0.1:port` of each broker, as the client's own listener publishes it. RocketMQ: name servers, as they advertise themselves. */
  bootstrap: string[]
  /** RocketMQ: where this client reaches what is advertised as the key, `127.0.0.1:port` by `broker-1:10911`. */
  addresses?: Record<string, string>
  /** RocketMQ: the queue that each partition stands for. */
  queues?: { brokerName: string; queueId: number }[]
  /** RocketMQ: a topic with a queue in every broker group, which nobody reads: for clients whose first sends are slow. */
  warmTopic?: string
  clientId: string
  topic: string
  /** Under the systems' documented (Java) names. */
  settings: Settings
  /** Under the client's own names. */
  clientSettings: Settings
}

export interface ProducerConfig extends ClientConfig {
  sending: Sending
}

export interface ConsumerConfig extends ClientConfig {
  group: string
  handling: Handling
  /** Folder of the lane's local stores, which outlive its processes. */
  stores: string
}

/** One client library. Pure data about what it honours is in `catalog.ts`, so that the planner can refuse the rest. */
export interface ClientLibrary {
  id: string
  createProducer?: (config: ProducerConfig) => ProducerClient
  createConsumer?: (config: ConsumerConfig) => ConsumerClient
}
