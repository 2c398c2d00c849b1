/**
 * Classifies a proxy's answer to one request.
 *
 * Sources: GrpcValidator, SendMessageActivity and ResponseBuilder of rocketmq-proxy 5.5.0. A refusal is an answer that
 * the proxy gives before it sends anything to a broker. TOO_MANY_REQUESTS is not a refusal: the proxy also returns it
 * for a broker's SYSTEM_BUSY, which can come after the store. INTERNAL_SERVER_ERROR is not one either: it stands for
 * every other error.
 */
import type { SendStatus } from '../../../model/plan.ts'
import type { Answer } from '../client.ts'

export const okCode = 20_000

/** Statuses that the proxy passes on from the broker. */
const statuses: Readonly<Record<number, SendStatus>> = {
  [okCode]: 'SEND_OK',
  50_401: 'FLUSH_DISK_TIMEOUT',
  50_402: 'FLUSH_SLAVE_TIMEOUT',
  50_002: 'SLAVE_NOT_AVAILABLE',
}
const refusals: Readonly<Record<number, string>> = {
  40_001: 'ILLEGAL_ACCESS_POINT',
  40_002: 'ILLEGAL_TOPIC',
  40_004: 'ILLEGAL_MESSAGE_TAG',
  40_005: 'ILLEGAL_MESSAGE_KEY',
  40_006: 'ILLEGAL_MESSAGE_GROUP',
  40_007: 'ILLEGAL_MESSAGE_PROPERTY_KEY',
  40_009: 'ILLEGAL_MESSAGE_ID',
  40_012: 'ILLEGAL_DELIVERY_TIME',
  40_014: 'MESSAGE_PROPERTY_CONFLICT_WITH_TYPE',
  40_017: 'CLIENT_ID_REQUIRED',
  40_100: 'UNAUTHORIZED',
  40_402: 'TOPIC_NOT_FOUND',
  41_301: 'MESSAGE_BODY_TOO_LARGE',
  41_302: 'MESSAGE_BODY_EMPTY',
  43_101: 'MESSAGE_PROPERTIES_TOO_LARGE',
}
const others: Readonly<Record<number, string>> = {
  40_000: 'BAD_REQUEST',
  40_300: 'FORBIDDEN',
  40_400: 'NOT_FOUND',
  40_800: 'REQUEST_TIMEOUT',
  42_900: 'TOO_MANY_REQUESTS',
  50_000: 'INTERNAL_ERROR',
  50_001: 'INTERNAL_SERVER_ERROR',
  50_100: 'NOT_IMPLEMENTED',
  50_400: 'PROXY_TIMEOUT',
  50_500: 'UNSUPPORTED',
}
/** Codes of gRPC itself, for calls that no proxy answered. */
const callCodes: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  2: 'UNKNOWN',
  4: 'DEADLINE_EXCEEDED',
  8: 'RESOURCE_EXHAUSTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
}

/** One request: the proxy's answer, or the error that ended the call without an answer. */
export type Attempt = { code: number; offset: number | undefined } | { failed: unknown }

export function classify(attempt: Attempt, ackedWhen: readonly SendStatus[]): Answer {
  if ('failed' in attempt) return { answer: 'unknown', code: callCode(attempt.failed) }
  const { code, offset } = attempt
  const status = statuses[code]
  if (status !== undefined && ackedWhen.includes(status))
    return { answer: 'acked', ...(offset === undefined ? {} : { offset }), code: status }
  return {
    answer: refusals[code] === undefined ? 'unknown' : 'rejected',
    code: status ?? refusals[code] ?? others[code] ?? `CODE_${code}`,
  }
}

/**
 * The answer to a send that made several requests. The last request decides, but a later refusal does not cancel an
 * earlier request that may have been stored. With no request nothing was sent, and `error` says why.
 */
export function conclude(attempts: readonly Attempt[], ackedWhen: readonly SendStatus[], error: unknown): Answer {
  const answers = attempts.map(attempt => classify(attempt, ackedWhen))
  const acked = answers.find(({ answer }) => answer === 'acked')
  const last = answers.at(-1)
  if (acked) return acked
  if (!last || last.answer === 'acked')
    return { answer: 'rejected', code: error instanceof Error ? error.name : 'UNKNOWN_ERROR' }
  return { ...last, answer: answers.every(({ answer }) => answer === 'rejected') ? 'rejected' : 'unknown' }
}

function callCode(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error) || typeof error.code !== 'number')
    return error instanceof Error ? error.name : 'UNKNOWN_ERROR'
  return callCodes[error.code] ?? `gRPC ${error.code}`
}
