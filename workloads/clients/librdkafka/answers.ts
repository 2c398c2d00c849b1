/** Classifies an error of librdkafka as `rejected` or `unknown`. */
import { beforeAppend } from '../kafka-common/before-append.ts'
import type { Answer } from '../client.ts'

/** The protocol's error codes that can end a send, under Kafka's names. librdkafka renames some of them. */
const protocolCodes: Readonly<Record<number, string>> = {
  2: 'CORRUPT_MESSAGE',
  3: 'UNKNOWN_TOPIC_OR_PARTITION',
  5: 'LEADER_NOT_AVAILABLE',
  6: 'NOT_LEADER_OR_FOLLOWER',
  7: 'REQUEST_TIMED_OUT',
  10: 'MESSAGE_TOO_LARGE',
  13: 'NETWORK_EXCEPTION',
  17: 'INVALID_TOPIC_EXCEPTION',
  18: 'RECORD_LIST_TOO_LARGE',
  19: 'NOT_ENOUGH_REPLICAS',
  20: 'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
  21: 'INVALID_REQUIRED_ACKS',
  29: 'TOPIC_AUTHORIZATION_FAILED',
  31: 'CLUSTER_AUTHORIZATION_FAILED',
  32: 'INVALID_TIMESTAMP',
  35: 'UNSUPPORTED_VERSION',
  43: 'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  44: 'POLICY_VIOLATION',
  45: 'OUT_OF_ORDER_SEQUENCE_NUMBER',
  46: 'DUPLICATE_SEQUENCE_NUMBER',
  47: 'INVALID_PRODUCER_EPOCH',
  56: 'KAFKA_STORAGE_ERROR',
  59: 'UNKNOWN_PRODUCER_ID',
  76: 'UNSUPPORTED_COMPRESSION_TYPE',
  87: 'INVALID_RECORD',
}

/** The library's own codes, which are negative. Names are those of rdkafka.h without the prefix. */
const localCodes: Readonly<Record<number, string>> = {
  [-197]: '_FAIL',
  [-196]: '_DESTROY',
  [-195]: '_TRANSPORT',
  [-192]: '_MSG_TIMED_OUT',
  [-190]: '_UNKNOWN_PARTITION',
  [-188]: '_UNKNOWN_TOPIC',
  [-187]: '_ALL_BROKERS_DOWN',
  [-185]: '_TIMED_OUT',
  [-184]: '_QUEUE_FULL',
  [-152]: '_PURGE_QUEUE',
  [-151]: '_PURGE_INFLIGHT',
  [-150]: '_FATAL',
}

/**
 * @param queued whether the library accepted the message into its queue; a message that it did not accept was never
 *   sent
 * @param onlyAttempt whether the library makes a single attempt (retries=0), so that the error is the answer to it
 */
export function classify(error: unknown, { queued, onlyAttempt }: { queued: boolean; onlyAttempt: boolean }): Answer {
  const code = codeOf(error)
  return { answer: !queued || (onlyAttempt && beforeAppend.has(code)) ? 'rejected' : 'unknown', code }
}

export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'number')
    return error instanceof Error ? error.name : 'UNKNOWN_ERROR'
  return protocolCodes[error.code] ?? localCodes[error.code] ?? `librdkafka ${error.code}`
}
