/**
 * Sends a message back to the broker, which stores a copy in `%RETRY%group`, or in `%DLQ%group` after the last retry.
 */
import type { RemotingClient } from '../client.ts'
import { RequestCode } from '../wire/codes.ts'
import { originalTopic } from '../wire/message.ts'
import type { StoredMessage } from '../wire/message.ts'

export const retryTopicOf = (group: string): string => `%RETRY%${group}`
export const deadLetterTopicOf = (group: string): string => `%DLQ%${group}`

export interface SendBack {
  group: string
  message: StoredMessage
  /** 0: the broker uses 3 + reconsumeTimes. Above 0: this level. Below 0: straight to the dead-letter topic. */
  delayLevel: number
  /** Overrides the group's retryMaxTimes. */
  maxReconsumeTimes?: number | undefined
}

/** `address`: the broker that the message was pulled from. Throws RefusedError, for example 26 for an unknown group. */
export async function sendBack(
  client: RemotingClient,
  address: string,
  { group, message, delayLevel, maxReconsumeTimes }: SendBack,
): Promise<void> {
  const fields = {
    offset: message.physicalOffset,
    group,
    delayLevel,
    originMsgId: message.messageId,
    originTopic: originalTopic(message),
    unitMode: false,
    ...(maxReconsumeTimes === undefined ? {} : { maxReconsumeTimes }),
  }
  await client.call(address, { code: RequestCode.CONSUMER_SEND_MSG_BACK, fields }, `send-back of ${message.messageId}`)
}
