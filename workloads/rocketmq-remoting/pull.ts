/**
 * One pull of one queue from one broker: returns messages from an offset on, or a status that says why there are none.
 */
import type { RemotingClient } from './client.ts'
import { nameOfCode, RequestCode, ResponseCode } from './wire/codes.ts'
import { RefusedError } from './errors.ts'
import { wholeNumber } from './wire/json.ts'
import { decodeMessages } from './wire/message.ts'
import type { StoredMessage } from './wire/message.ts'
import type { MessageQueue } from './route.ts'

export type PullStatus = 'FOUND' | 'NO_NEW_MSG' | 'NO_MATCHED_MSG' | 'OFFSET_ILLEGAL'

export interface PullRequest {
  /** The broker must know the group; otherwise it answers SUBSCRIPTION_GROUP_NOT_EXIST. */
  group: string
  queue: MessageQueue
  offset: number
  /** Default 32. */
  maxMessages?: number
  /** `*`, or tags separated by `||`. */
  subscription?: string
  /**
   * How long the broker may hold the request while there are no new messages. The default 0 means that it answers at
   * once. A broker checks only every 5 s for requests that it has held for too long.
   */
  suspendMs?: number
  /** Limit of the request, in addition to the time for which the broker may hold it. */
  timeoutMs?: number
}

export interface PullResult {
  status: PullStatus
  messages: StoredMessage[]
  /** The offset of the next pull, for every status. */
  nextBeginOffset: number
  minOffset: number
  maxOffset: number
  /** Id of the broker in the group from which the next pull should be made. */
  suggestedBrokerId: number
}

const statuses = new Map<number, PullStatus>([
  [ResponseCode.SUCCESS, 'FOUND'],
  [ResponseCode.PULL_NOT_FOUND, 'NO_NEW_MSG'],
  [ResponseCode.PULL_RETRY_IMMEDIATELY, 'NO_MATCHED_MSG'],
  [ResponseCode.PULL_OFFSET_MOVED, 'OFFSET_ILLEGAL'],
])
const suspendBit = 0x2
/** Interval of the check in PullRequestHoldService. */
const holdCheckMs = 5000
const subscriptionBit = 0x4

/**
 * `address`: as the broker advertises it. Throws RefusedError for every other code, RemotingError for other failures.
 */
export async function pull(client: RemotingClient, address: string, request: PullRequest): Promise<PullResult> {
  const {
    group,
    queue,
    offset,
    maxMessages = 32,
    subscription = '*',
    suspendMs = 0,
    timeoutMs = client.requestTimeoutMs,
  } = request
  const fields = {
    consumerGroup: group,
    topic: queue.topic,
    queueId: queue.queueId,
    queueOffset: offset,
    maxMsgNums: maxMessages,
    // The request carries its subscription, so that a broker without this client's heartbeat still serves it.
    sysFlag: subscriptionBit | (suspendMs > 0 ? suspendBit : 0),
    commitOffset: 0,
    suspendTimeoutMillis: suspendMs,
    subscription,
    subVersion: 0,
    expressionType: 'TAG',
    bname: queue.brokerName,
  }
  const answer = await client.request(
    address,
    { code: RequestCode.PULL_MESSAGE, fields },
    (suspendMs > 0 ? suspendMs + holdCheckMs : 0) + timeoutMs,
  )
  const status = statuses.get(answer.code)
  if (status === undefined)
    throw new RefusedError(
      `pull of ${queue.topic}-${queue.queueId} at ${address}`,
      answer.code,
      nameOfCode(answer.code),
      answer.remark,
    )
  const number = (field: string) => wholeNumber(answer.fields.get(field), `${field} of the answer to a pull`)
  return {
    status,
    messages: status === 'FOUND' ? decodeMessages(answer.body) : [],
    nextBeginOffset: number('nextBeginOffset'),
    minOffset: number('minOffset'),
    maxOffset: number('maxOffset'),
    suggestedBrokerId: number('suggestWhichBrokerId'),
  }
}
