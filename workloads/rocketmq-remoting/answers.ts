/**
 * The raw answer to one attempt of a send, and how it is classified.
 *
 * - A status in `ackedWhen` (default SEND_OK): acked.
 * - FLUSH_DISK_TIMEOUT (10), SLAVE_NOT_AVAILABLE (11), FLUSH_SLAVE_TIMEOUT (12): unknown. The message is stored, but
 *   not as safely as requested.
 * - MESSAGE_ILLEGAL (13), NO_PERMISSION (16), TOPIC_NOT_EXIST (17), INVALID_PARAMETER (29), GO_AWAY (1500),
 *   SUBSCRIPTION_GROUP_NOT_EXIST (26), REQUEST_CODE_NOT_SUPPORTED (3): rejected. All come from checks before the store.
 * - SERVICE_NOT_AVAILABLE (14): rejected. Before it appends, the store checks whether it is a slave, shut down or not
 *   writable.
 * - SYSTEM_BUSY (2) and SYSTEM_ERROR (1) with a remark listed in `beforeStore`: rejected.
 * - SYSTEM_BUSY and SYSTEM_ERROR otherwise: unknown. UNKNOWN_ERROR follows a failed append, and an exception can come
 *   from anywhere.
 * - NOT_LEADER_FOR_QUEUE (501): unknown, because brokers also return it after the store. So is every other code.
 * - Nothing was sent (no connection, no route, no master in the route): rejected.
 * - Timeout, disconnect, malformed answer: unknown.
 *
 * Sources: AbstractSendMessageProcessor, SendMessageProcessor, HookUtils, CommitLog.asyncPutMessage, BrokerFastFailure
 * and NettyRemotingAbstract of 5.5.0 and of 4.9.7. The list holds for a store with one commit log. A DLedger store
 * returns some of these codes after it has appended, and is not covered.
 */
import { nameOfCode, ResponseCode } from './wire/codes.ts'
import type { Answer } from './connection.ts'
import { messageOf, RemotingError } from './errors.ts'
import type { RemotingErrorCode } from './errors.ts'
import { wholeNumber } from './wire/json.ts'

/** RocketMQ's four send statuses. With each of them the message is in the master's commit log, at `queueOffset`. */
export type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE'

export type SendAnswer =
  | {
      kind: 'stored'
      status: SendStatus
      code: number
      /** The broker's id, which contains host and position. A batch has one for each message, separated by commas. */
      messageId: string
      queueId: number
      /** For a batch: the offset of its first message. */
      queueOffset: number
    }
  | { kind: 'refused'; code: number; name: string; remark: string }
  | {
      kind: 'failed'
      error: RemotingErrorCode
      message: string
      /** Whether the request may have left. */ sent: boolean
    }
  /** One-way: the bytes have left, and nothing else is known. */
  | { kind: 'one-way' }

export interface SendOutcome {
  answer: 'acked' | 'rejected' | 'unknown'
  /** The status, the name of the response code, or the kind of failure. */
  code: string
}

const statuses = new Map<number, SendStatus>([
  [ResponseCode.SUCCESS, 'SEND_OK'],
  [ResponseCode.FLUSH_DISK_TIMEOUT, 'FLUSH_DISK_TIMEOUT'],
  [ResponseCode.FLUSH_SLAVE_TIMEOUT, 'FLUSH_SLAVE_TIMEOUT'],
  [ResponseCode.SLAVE_NOT_AVAILABLE, 'SLAVE_NOT_AVAILABLE'],
])

const refusals: ReadonlySet<number> = new Set([
  ResponseCode.REQUEST_CODE_NOT_SUPPORTED,
  ResponseCode.MESSAGE_ILLEGAL,
  ResponseCode.SERVICE_NOT_AVAILABLE,
  ResponseCode.NO_PERMISSION,
  ResponseCode.TOPIC_NOT_EXIST,
  ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
  ResponseCode.INVALID_PARAMETER,
  ResponseCode.GO_AWAY,
])

/** Prefixes of the remark when a SYSTEM_ERROR or SYSTEM_BUSY was returned before the message could be appended. */
const beforeStore: Record<string, readonly string[]> = {
  [ResponseCode.SYSTEM_BUSY]: [
    // The processor rejects requests, because the broker is a slave or its page cache is busy. Nothing is queued yet.
    '[REJECTREQUEST]',
    // The queue of the thread pool was full.
    '[OVERLOAD]',
    // The request was removed from the queue of the thread pool and never run.
    '[TIMEOUT_CLEAN_QUEUE]',
    '[PCBUSY_CLEAN_QUEUE]',
    // The store's check before it appends. 4.9 returns SYSTEM_ERROR for it.
    '[PC_SYNCHRONIZED]',
  ],
  [ResponseCode.SYSTEM_ERROR]: [
    '[PC_SYNCHRONIZED]',
    // The SyncStateSet is smaller than minInSyncReplicas. Checked before the append (measured: the offset did not
    // change).
    'in-sync replicas not enough',
    // There is no file to append to.
    'create mapped file failed',
    // startAcceptSendRequestTimeStamp is in the future.
    'broker unable to service, until',
    // 4.9's check of the queue number. 5.x returns INVALID_PARAMETER for it.
    'request queueId[',
  ],
}

/** Reads the broker's answer. Throws RemotingError('malformed') when a stored message has no queue or offset. */
export function answerOf(answer: Answer): SendAnswer {
  const { code, fields, remark } = answer
  const status = statuses.get(code)
  if (status === undefined) return { kind: 'refused', code, name: nameOfCode(code), remark: remark ?? '' }
  const what = 'the answer to a send'
  return {
    kind: 'stored',
    status,
    code,
    messageId: fields.get('msgId') ?? '',
    queueId: wholeNumber(fields.get('queueId'), `queueId of ${what}`),
    queueOffset: wholeNumber(fields.get('queueOffset'), `queueOffset of ${what}`),
  }
}

/** The answer when none arrived: the error that ended the attempt. */
export function failureOf(error: unknown): SendAnswer {
  if (error instanceof RemotingError)
    return { kind: 'failed', error: error.code, message: error.message, sent: error.sent }
  return { kind: 'failed', error: 'malformed', message: messageOf(error), sent: true }
}

export function outcomeOf(answer: SendAnswer, ackedWhen: readonly SendStatus[] = ['SEND_OK']): SendOutcome {
  switch (answer.kind) {
    case 'stored':
      return { answer: ackedWhen.includes(answer.status) ? 'acked' : 'unknown', code: answer.status }
    case 'refused':
      return { answer: isBeforeStore(answer.code, answer.remark) ? 'rejected' : 'unknown', code: answer.name }
    case 'failed':
      return { answer: answer.sent ? 'unknown' : 'rejected', code: answer.error }
    case 'one-way':
      return { answer: 'acked', code: 'ONE_WAY' }
  }
}

function isBeforeStore(code: number, remark: string): boolean {
  return refusals.has(code) || (beforeStore[code] ?? []).some(start => remark.startsWith(start))
}
