/**
 * What one attempt of a send came to, raw, and what follows from it for the message.
 *
 * | answer | follows |
 * |---|---|
 * | a status in `ackedWhen`, SEND_OK unless said otherwise | acked |
 * | FLUSH_DISK_TIMEOUT (10), SLAVE_NOT_AVAILABLE (11), FLUSH_SLAVE_TIMEOUT (12) | unknown: stored, and not as safe as asked for |
 * | MESSAGE_ILLEGAL (13), NO_PERMISSION (16), TOPIC_NOT_EXIST (17), INVALID_PARAMETER (29), SUBSCRIPTION_GROUP_NOT_EXIST (26), REQUEST_CODE_NOT_SUPPORTED (3), GO_AWAY (1500) | rejected: all come from checks before the store |
 * | SERVICE_NOT_AVAILABLE (14) | rejected: the store's own check of being a slave, shut down or not writable, before it appends |
 * | SYSTEM_BUSY (2) and SYSTEM_ERROR (1) with a remark listed in `beforeStore` | rejected |
 * | SYSTEM_BUSY and SYSTEM_ERROR otherwise (UNKNOWN_ERROR follows a failed append; an exception can come from anywhere) | unknown |
 * | NOT_LEADER_FOR_QUEUE (501) and every other code | unknown: 501 is also answered after the store |
 * | nothing was sent: no connection, no route, no master in the route | rejected |
 * | timeout, disconnect, malformed answer | unknown |
 *
 * Sources: AbstractSendMessageProcessor, SendMessageProcessor, HookUtils, CommitLog.asyncPutMessage, BrokerFastFailure
 * and NettyRemotingAbstract of 5.5.0, the same places of 4.9.7, read for the store with one commit log; a DLedger
 * store answers some of these codes after it appended, and is not judged by this table.
 */
import { nameOfCode, ResponseCode } from './codes.ts'
import type { Answer } from './connection.ts'
import { messageOf, RemotingError } from './errors.ts'
import type { RemotingErrorCode } from './errors.ts'
import { wholeNumber } from './json.ts'

/** The four that RocketMQ calls send statuses: the message is in the master's commit log, at `queueOffset`. */
export type SendStatus = 'SEND_OK' | 'FLUSH_DISK_TIMEOUT' | 'FLUSH_SLAVE_TIMEOUT' | 'SLAVE_NOT_AVAILABLE'

export type SendAnswer =
  | {
      kind: 'stored'
      status: SendStatus
      code: number
      /** The broker's, which names host and position; a batch has one for each message, parted by commas. */
      messageId: string
      queueId: number
      /** Of the first message of a batch. */
      queueOffset: number
    }
  | { kind: 'refused'; code: number; name: string; remark: string }
  | {
      kind: 'failed'
      error: RemotingErrorCode
      message: string
      /** Whether the request may have left. */ sent: boolean
    }
  /** One-way: the bytes left, and nothing more is known. */
  | { kind: 'one-way' }

export interface SendOutcome {
  answer: 'acked' | 'rejected' | 'unknown'
  /** A status, a code's name, or the kind of failure. */
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

/** How the remark begins of a SYSTEM_ERROR or SYSTEM_BUSY that was answered before the message could be appended. */
const beforeStore: Record<string, readonly string[]> = {
  [ResponseCode.SYSTEM_BUSY]: [
    // The processor rejects requests: a slave, or the page cache busy. Answered before anything is queued.
    '[REJECTREQUEST]',
    // The pool's queue was full.
    '[OVERLOAD]',
    // Taken out of the pool's queue, so never run.
    '[TIMEOUT_CLEAN_QUEUE]',
    '[PCBUSY_CLEAN_QUEUE]',
    // The store's check before it appends; 4.9 answers it as SYSTEM_ERROR.
    '[PC_SYNCHRONIZED]',
  ],
  [ResponseCode.SYSTEM_ERROR]: [
    '[PC_SYNCHRONIZED]',
    // Fewer in the SyncStateSet than minInSyncReplicas, checked before the append (measured: the offset stood still).
    'in-sync replicas not enough',
    // No file to append to.
    'create mapped file failed',
    // startAcceptSendRequestTimeStamp lies ahead.
    'broker unable to service, until',
    // 4.9's check of the queue's number; 5.x answers it as INVALID_PARAMETER.
    'request queueId[',
  ],
}

/** Of an answer that came. Throws RemotingError('malformed') for a stored message without its place. */
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

/** Of an answer that did not come. */
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
