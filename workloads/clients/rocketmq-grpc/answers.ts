/**
 * What a proxy's answer to one request says about its message.
 *
 * Sources: GrpcValidator, SendMessageActivity and ResponseBuilder of rocketmq-proxy 5.5.0. Refusals are those that the
 * proxy makes before it sends anything to a broker. TOO_MANY_REQUESTS is not one of them: it is also what becomes of a
 * broker's SYSTEM_BUSY, which can follow the store; nor is INTERNAL_SERVER_ERROR, which all else becomes.
 */
import type { SendStatus } from '../../../model/plan.ts'
import type { Answer } from '../client.ts'

export const okCode = 20_000

/** What the broker had answered the proxy. */
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
/** Of gRPC itself, for calls that no proxy answered. */
const calls: Readonly<Record<number, string>> = {
  1: 'CANCELLED',
  2: 'UNKNOWN',
  4: 'DEADLINE_EXCEEDED',
  8: 'RESOURCE_EXHAUSTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
}

/** One request: what the proxy answered, or how the call ended without. */
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
 * Of all requests of one send, the last one decides; but one that leaves open whether it was stored is not taken back by
 * a later refusal. Without any, nothing has left: `error` says why.
 */
export function concluded(attempts: readonly Attempt[], ackedWhen: readonly SendStatus[], error: unknown): Answer {
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
  return calls[error.code] ?? `gRPC ${error.code}`
}
