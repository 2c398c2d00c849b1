/** Options and events of a push consumer. Options are named as in the Java client, where it has them. */
import type { StoredMessage } from '../wire/message.ts'
import type { MessageQueue } from '../route.ts'
import type { MessageModel } from './group.ts'

export type ConsumeResult = 'CONSUME_SUCCESS' | 'RECONSUME_LATER'

export interface ConsumeContext {
  queue: MessageQueue
  /**
   * The listener may set it: 0 leaves the level to the broker, below 0 sends the message straight to the dead-letter
   * topic.
   */
  delayLevelWhenNextConsume: number
}

/**
 * Called with at most `consumeMessageBatchMaxSize` messages. An exception, null and undefined count as RECONSUME_LATER,
 * as with Java's concurrent listeners.
 */
export type MessageListener = (
  messages: readonly StoredMessage[],
  context: ConsumeContext,
) => Promise<ConsumeResult | null | undefined>

export interface PushConsumerOptions {
  group: string
  topic: string
  /** Default `*`. */
  subscription?: string
  messageModel: MessageModel
  /** Where to start when the group has no offset. */
  consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_LAST_OFFSET'
  listener: MessageListener
  /** Limit of concurrent listener calls. Default 20. */
  consumeThreadMax?: number
  /** Default 1. */
  consumeMessageBatchMaxSize?: number
  /** Default 32. */
  pullBatchSize?: number
  /** Limit of pulled, unfinished messages of a queue. Default 1000. */
  pullThresholdForQueue?: number
  /** Limit of the distance between the oldest and the newest of these messages, in offsets. Default 2000. */
  consumeConcurrentlyMaxSpan?: number
  /** How long a broker may hold a pull. Default 15000. */
  brokerSuspendMaxTimeMillis?: number
  /** Default 30000. */
  heartbeatBrokerInterval?: number
  /** Default 5000. */
  persistConsumerOffsetInterval?: number
  /** Interval of rebalances when no change is notified. Default 20000. */
  rebalanceInterval?: number
  /** Default 30000. */
  pollNameServerInterval?: number
  /** Default: the group's retryMaxTimes at the broker. The Java client always sends a value, 16 by default. */
  maxReconsumeTimes?: number
  /** Wait before a failed pull is repeated. Default 3000. */
  pullTimeDelayMillsWhenException?: number
  /** Wait before a message that could not be sent back is consumed again here. Default 5000. */
  consumeAgainMs?: number
  /** How long `shutdown` waits for running listener calls. Default 0. */
  awaitTerminationMillisWhenShutdown?: number
  /** The file in which BROADCASTING keeps its offsets. */
  offsetFile?: string
  events?: ConsumerEvents
}

export interface ConsumerEvents {
  onAssigned?: (queues: readonly MessageQueue[]) => void
  /** The broker has accepted, or the file holds, `offset` as the next offset to read. */
  onCommit?: (queue: MessageQueue, offset: number) => void
  /** The broker has stored a copy of the message. */
  onSentBack?: (message: StoredMessage) => void
  /** BROADCASTING: the message failed and is not consumed again. */
  onDropped?: (message: StoredMessage) => void
  /** The broker has no message at `from`; reading continues at `to`. */
  onOffsetMoved?: (queue: MessageQueue, from: number, to: number) => void
  /** Called for every failure that is retried. */
  onError?: (what: string, error: unknown) => void
}
