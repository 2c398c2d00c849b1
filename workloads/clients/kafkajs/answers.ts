/**
 * What an error of kafkajs says about the message: the table behind `rejected` and `unknown`.
 *
 * A message is rejected when none of kafkajs' attempts, the hidden ones included, can have been stored: no attempt got
 * as far as a request, or every single one was answered with a code of the table. Everything else is unknown.
 */
import { createRequire } from 'node:module'
import { z } from 'zod'
import type { Answer } from '../client.ts'
import type { Attempt } from './attempts.ts'

/**
 * Codes with which a broker refuses before it appends (Kafka 4.3: KafkaApis, ReplicaManager.appendRecordsToLeader,
 * Partition.appendRecordsToLeader, UnifiedLog's validation).
 *
 * Not here, although they often come before: NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION and KAFKA_STORAGE_ERROR,
 * with which DelayedProduce also answers for a record that was appended; NOT_ENOUGH_REPLICAS_AFTER_APPEND; sequence
 * and epoch errors, which speak of an earlier attempt.
 */
export const beforeAppend: ReadonlySet<string> = new Set([
  'NOT_ENOUGH_REPLICAS',
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'INVALID_TIMESTAMP',
  'INVALID_TOPIC_EXCEPTION',
  'INVALID_REQUIRED_ACKS',
  'POLICY_VIOLATION',
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
  'UNSUPPORTED_FOR_MESSAGE_FORMAT',
  'UNSUPPORTED_COMPRESSION_TYPE',
])

/** kafkajs' words for what Kafka has renamed. */
const renamed: Readonly<Record<string, string>> = { NOT_LEADER_FOR_PARTITION: 'NOT_LEADER_OR_FOLLOWER' }

const maxCauses = 8

/** `attempts`: all that kafkajs made for this send, in order. */
export function classify(error: unknown, attempts: readonly Attempt[]): Answer {
  const codes = attempts.map(attempt => codeByMessage.get(attempt.error ?? ''))
  if (codes.every(code => code !== undefined && beforeAppend.has(code))) {
    return { answer: 'rejected', code: codes.at(-1) ?? codeOf(error) }
  }
  return { answer: 'unknown', code: codeOf(error) }
}

/** The broker's own word where there is one, at any depth of causes; else the name of the innermost error. */
export function codeOf(error: unknown): string {
  let at = error
  for (let depth = 0; depth < maxCauses; depth++) {
    if (!(at instanceof Error)) return typeof at === 'string' ? at : 'UNKNOWN_ERROR'
    if ('type' in at && typeof at.type === 'string') return documented(at.type)
    if (!(at.cause instanceof Error) || at.cause === at) return at.name
    at = at.cause
  }
  return 'UNKNOWN_ERROR'
}

function documented(type: string): string {
  return renamed[type] ?? type
}

/** kafkajs tells of an attempt's error in words alone; each code has its own. */
const codeByMessage = new Map(
  z
    .object({ errorCodes: z.array(z.object({ type: z.string(), message: z.string() })) })
    .parse(createRequire(import.meta.url)('kafkajs/src/protocol/error.js'))
    .errorCodes.map(({ type, message }) => [message, documented(type)]),
)
