/** What a push consumer is told, under the Java client's names where it has them, and what it tells. */
import type { StoredMessage } from '../message.ts'
import type { MessageQueue } from '../route.ts'
import type { MessageModel } from './group.ts'

export type ConsumeResult = 'CONSUME_SUCCESS' | 'RECONSUME_LATER'

export interface ConsumeContext {
  queue: MessageQueue
  /** May be set: 0 leaves the level to the broker, below 0 sends straight to the dead-letter topic. */
  delayLevelWhenNextConsume: number
}

/**
 * Gets `consumeMessageBatchMaxSize` messages at most. What it throws, null and undefined count as RECONSUME_LATER, as
 * with Java's concurrent listeners.
 */
export type MessageListener = (
  messages: readonly StoredMessage[],
  context: ConsumeContext,
) => Promise<ConsumeResult | null | undefined>

export interface PushConsumerOptions {
  group: string
  topic: string
  /** `*` unless given. */
  subscription?: string
  messageModel: MessageModel
  /** Where to begin where the group has no offset. */
  consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET' | 'CONSUME_FROM_LAST_OFFSET'
  listener: MessageListener
  /** Listener calls at the same time. 20 unless given. */
  consumeThreadMax?: number
  /** 1 unless given. */
  consumeMessageBatchMaxSize?: number
  /** 32 unless given. */
  pullBatchSize?: number
  /** Messages of a queue that are pulled and not done with. 1000 unless given. */
  pullThresholdForQueue?: number
  /** Offsets between the oldest and the newest of them. 2000 unless given. */
  consumeConcurrentlyMaxSpan?: number
  /** How long a broker may hold a pull. 15000 unless given. */
  brokerSuspendMaxTimeMillis?: number
  /** 30000 unless given. */
  heartbeatBrokerInterval?: number
  /** 5000 unless given. */
  persistConsumerOffsetInterval?: number
  /** Rebalancing without being told of a change. 20000 unless given. */
  rebalanceInterval?: number
  /** 30000 unless given. */
  pollNameServerInterval?: number
  /** Unless given, the group's own retryMaxTimes at the broker; the Java client always sends 16 or what it is told. */
  maxReconsumeTimes?: number
  /** Until a pull is tried again that failed. 3000 unless given. */
  pullTimeDelayMillsWhenException?: number
  /** Until a message is consumed again here that could not be sent back. 5000 unless given. */
  consumeAgainMs?: number
  /** How long `shutdown` waits for listener calls under way. 0 unless given. */
  awaitTerminationMillisWhenShutdown?: number
  /** BROADCASTING keeps its offsets in this file. */
  offsetFile?: string
  events?: ConsumerEvents
}

export interface ConsumerEvents {
  onAssigned?: (queues: readonly MessageQueue[]) => void
  /** The broker has taken it, or the file holds it: the next offset to read. */
  onCommit?: (queue: MessageQueue, offset: number) => void
  /** The broker has a copy of it now. */
  onSentBack?: (message: StoredMessage) => void
  /** BROADCASTING: failed, and never tried again. */
  onDropped?: (message: StoredMessage) => void
  /** The broker has no message at the offset asked for; reading goes on at `to`. */
  onOffsetMoved?: (queue: MessageQueue, from: number, to: number) => void
  /** Everything that went wrong and is tried again. */
  onError?: (what: string, error: unknown) => void
}
