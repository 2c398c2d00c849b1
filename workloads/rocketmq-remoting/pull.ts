/** One pull of one queue from one broker: messages from an offset on, or word of why there are none. */
import type { RemotingClient } from './client.ts'
import { nameOfCode, RequestCode, ResponseCode } from './codes.ts'
import { RefusedError } from './errors.ts'
import { wholeNumber } from './json.ts'
import { decodeMessages } from './message.ts'
import type { StoredMessage } from './message.ts'
import type { MessageQueue } from './route.ts'

export type PullStatus = 'FOUND' | 'NO_NEW_MSG' | 'NO_MATCHED_MSG' | 'OFFSET_ILLEGAL'

export interface PullRequest {
  /** Known to the broker, or it answers SUBSCRIPTION_GROUP_NOT_EXIST. */
  group: string
  queue: MessageQueue
  offset: number
  /** 32 unless given. */
  maxMessages?: number
  /** `*`, or tags parted by `||`. */
  subscription?: string
  /**
   * How long the broker may hold the request while there is nothing new; 0 answers at once, which is the default. A
   * broker looks only every 5 s for requests that it has held for too long.
   */
  suspendMs?: number
  /** Beyond what the broker may hold it. */
  timeoutMs?: number
}

export interface PullResult {
  status: PullStatus
  messages: StoredMessage[]
  /** Where to go on, whatever the status. */
  nextBeginOffset: number
  minOffset: number
  maxOffset: number
  /** Id of the broker of the group that the broker would rather have asked. */
  suggestedBrokerId: number
}

const statuses = new Map<number, PullStatus>([
  [ResponseCode.SUCCESS, 'FOUND'],
  [ResponseCode.PULL_NOT_FOUND, 'NO_NEW_MSG'],
  [ResponseCode.PULL_RETRY_IMMEDIATELY, 'NO_MATCHED_MSG'],
  [ResponseCode.PULL_OFFSET_MOVED, 'OFFSET_ILLEGAL'],
])
const suspendBit = 0x2
/** PullRequestHoldService. */
const holdCheckMs = 5000
const subscriptionBit = 0x4

/** `address` as the broker advertises it. Throws RemotingError, RefusedError for every other code. */
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
    // The request carries its subscription, so that a broker that forgot the heartbeat still serves it.
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
