/**
 * The interface that every client library is adapted to. An adapter's `send` never throws: it classifies the answer.
 */
import type { Handling, Sending, Settings } from '../../model/plan.ts'

/**
 * How one attempt ended. `rejected` is only for codes that the client documents as *before append*, and only where no
 * hidden earlier attempt can have been stored. Everything else that is not an acknowledgement is `unknown`.
 */
export type Answer =
  | {
      answer: 'acked'
      /** Offset of the first message of the send, where the protocol returns it. */
      offset?: number
      /** The partition that stored it, when that is not the requested one. */
      partition?: number
      code?: string
    }
  | { answer: 'rejected' | 'unknown'; code: string }

/**
 * The answer to a send of several messages. `offsets`: one per message, in order; undefined where none was returned.
 */
export type AnswerWithOffsets = Answer & { offsets?: (number | undefined)[] }

/** What messages have beside their values: one for each value, or none at all. */
export interface BesideValues {
  keys?: readonly Buffer[] | undefined
  /** One header for each value; only for the inputs of applications. */
  headers?: readonly (readonly [name: string, value: Buffer])[] | undefined
  /** Only on systems with tags. */
  tags?: readonly string[] | undefined
}

export interface ProducerClient {
  connect(): Promise<void>
  /**
   * Sends `values` as one request to one partition. Resolves when the attempt has ended; never throws. `offsets` is set
   * where the offsets of the messages need not be consecutive.
   */
  send(partition: number, values: Buffer[], beside?: BesideValues): Promise<AnswerWithOffsets>
  /**
   * Sends messages of several partitions in one call of the library, with one answer for all of them. Absent when the
   * library has no such call.
   */
  sendSpread?(messages: { partition: number; value: Buffer; key?: Buffer }[]): Promise<AnswerWithOffsets>
  /** Closes all connections. Sends in flight may stay unanswered. */
  close(): Promise<void>
}

export interface Delivered {
  /** Numbers above the topic's own partitions are the queues of the group's retry topic, where the system has one. */
  partition: number
  offset: number
  value: Buffer
  /** How often the broker has delivered the message before, where it counts deliveries. */
  redeliveries?: number
}

/**
 * What the application's handler returns, where the library asks for a result: `done`, `later` (deliver again), or
 * `null` for a handler that forgets to return one. An exception is not a result.
 */
export type Handled = 'done' | 'later' | null

/** The application that a consumer client calls. */
export interface ConsumerApplication {
  /**
   * Called with one message, or with what one fetch returned of one partition. `commit` stores `offset` as the group's
   * next offset and resolves with the broker's answer. The library handles what this throws, as it does for any
   * handler.
   */
  receive(messages: Delivered[], commit: (offset: number) => Promise<void>): Promise<Handled>
  /** Called for every commit that the broker has confirmed, of library or application. `offset`: the next to read. */
  committed(partition: number, offset: number): void
  /** Called when the library has stopped for good. An application with nothing else to do exits then. */
  stopped(reason: string): void
}

export interface ConsumerClient {
  /** Joins the group and delivers messages until `close`. */
  run(application: ConsumerApplication): Promise<void>
  close(): Promise<void>
}

/** How a client reaches the cluster. The system decides which of the optional fields its clients need. */
export interface Endpoints {
  /** Addresses to start from, `host:port`: brokers or name servers. */
  bootstrap: string[]
  /** Where this client reaches an advertised address: `127.0.0.1:port` by `broker-1:10911`. */
  addresses?: Record<string, string>
  /** The queue behind each partition number, for systems that address queues by broker group. */
  queues?: { brokerName: string; queueId: number }[]
}

export interface ClientConfig extends Endpoints {
  /**
   * An existing topic that nobody reads, with a queue in every broker group: for clients whose first sends are slow.
   */
  warmTopic?: string
  clientId: string
  topic: string
  /** Under the names that the system documents for its Java client. */
  settings: Settings
  /** Under the names of this client library. */
  clientSettings: Settings
}

export interface ProducerConfig extends ClientConfig {
  sending: Sending
}

export interface ConsumerConfig extends ClientConfig {
  group: string
  handling: Handling
  /** The tags that this member wants, such as `A||B`. Absent: every message. */
  subscription?: string
  /** Folder of the lane's local stores. They outlive its processes. */
  stores: string
}

/** A record as it lies in the log. */
export interface LogRecord {
  offset: number
  /** Leader epoch; undefined where records carry none. */
  epoch?: number
  /** True for a marker that the system itself wrote; it carries no message. */
  control: boolean
  value: Buffer
}

/** What to read: one partition, from its first record to its stable end. */
export interface PartitionRead extends Endpoints {
  topic: string
  p: number
  /** Consumer group to read with, on systems where every read names a group. All brokers know it. */
  group?: string
  /** The end counts as stable only beyond this offset. */
  fenceOffset: number
  /** Brokers have answered that they do not know the topic. When this read gets that answer twice, the end is 0. */
  topicUnknown?: true
  limitMs: number
  /** Called once, before any record, with the offset at which the log starts: earlier records have been removed. */
  onStart: (offset: number) => void
  onRecords: (records: LogRecord[]) => void
}

/**
 * One client library. `catalog.ts` holds the pure data about it, which the planner uses to refuse unsupported settings.
 */
export interface ClientLibrary {
  id: string
  createProducer?: (config: ProducerConfig) => ProducerClient
  createConsumer?: (config: ConsumerConfig) => ConsumerClient
  /** Resolves with the stable end offset. Throws with the last problem when `limitMs` is over. */
  readPartition?: (read: PartitionRead) => Promise<number>
  /**
   * Whether an uncaught error is one of the library's own connection errors that no caller receives while a broker is
   * down. Such an error ends no send and loses no record; any other uncaught error ends the client process.
   */
  isStrayError?: (error: Error) => boolean
}
