/**
 * A client of RocketMQ's remoting protocol that returns the raw answer of every attempt and retries nothing by itself.
 */
export { outcomeOf } from './answers.ts'
export type { SendAnswer, SendOutcome, SendStatus } from './answers.ts'
export * as admin from './admin.ts'
export * as removal from './removal.ts'
export { RemotingClient } from './client.ts'
export type { RemotingOptions } from './client.ts'
export { nameOfCode, RequestCode, ResponseCode } from './wire/codes.ts'
export type {
  ConsumeContext,
  ConsumeResult,
  ConsumerEvents,
  MessageListener,
  PushConsumerOptions,
} from './consumer/options.ts'
export { PushConsumer } from './consumer/push-consumer.ts'
export { deadLetterTopicOf, retryTopicOf, sendBack } from './consumer/send-back.ts'
export { probeFrame } from './probe.ts'
export { RefusedError, RemotingError } from './errors.ts'
export type { RemotingErrorCode } from './errors.ts'
export { originalTopic } from './wire/message.ts'
export { Property } from './wire/properties.ts'
export type { StoredMessage } from './wire/message.ts'
export { consumerOffset, maxOffset, minOffset, updateConsumerOffset } from './offsets.ts'
export { Producer } from './producer.ts'
export type { OutgoingMessage, ProducerOptions } from './producer.ts'
export { pull } from './pull.ts'
export type { PullRequest, PullResult, PullStatus } from './pull.ts'
export { keyOf, masterOf, brokerToReadFrom, readQueues, Routes, writeQueues } from './route.ts'
export type { MessageQueue, TopicRoute } from './route.ts'
