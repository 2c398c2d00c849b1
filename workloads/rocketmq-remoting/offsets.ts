/** Requests about offsets to one broker: the range of a queue, and the progress of a group. */
import type { RemotingClient } from './client.ts'
import { nameOfCode, RequestCode, ResponseCode } from './wire/codes.ts'
import { RefusedError } from './errors.ts'
import type { Request } from './connection.ts'
import { wholeNumber } from './wire/json.ts'
import type { MessageQueue } from './route.ts'

const placeOf = (queue: MessageQueue): Request['fields'] => ({
  topic: queue.topic,
  queueId: queue.queueId,
  bname: queue.brokerName,
})

/** The offset that the next message will get. */
export async function maxOffset(client: RemotingClient, address: string, queue: MessageQueue): Promise<number> {
  return offsetOf(client, address, { code: RequestCode.GET_MAX_OFFSET, fields: placeOf(queue) }, 'max offset')
}

export async function minOffset(client: RemotingClient, address: string, queue: MessageQueue): Promise<number> {
  return offsetOf(client, address, { code: RequestCode.GET_MIN_OFFSET, fields: placeOf(queue) }, 'min offset')
}

/**
 * The next offset that the group will read; undefined when the broker has none. Throws when the broker does not answer,
 * because a consumer that started anywhere could skip messages. For an unknown group, a broker that still has the
 * queue's first message returns 0, as it does to the Java client.
 */
export async function consumerOffset(
  client: RemotingClient,
  address: string,
  group: string,
  queue: MessageQueue,
): Promise<number | undefined> {
  const what = `offset of ${group} at ${address}`
  const answer = await client.request(address, {
    code: RequestCode.QUERY_CONSUMER_OFFSET,
    fields: { consumerGroup: group, ...placeOf(queue) },
  })
  if (answer.code === ResponseCode.QUERY_NOT_FOUND) return undefined
  if (answer.code !== ResponseCode.SUCCESS)
    throw new RefusedError(what, answer.code, nameOfCode(answer.code), answer.remark)
  return wholeNumber(answer.fields.get('offset'), what)
}

/** Resolves when the broker has accepted the offset. The broker writes offsets to its disk every 5 s. */
export async function updateConsumerOffset(
  client: RemotingClient,
  address: string,
  group: string,
  queue: MessageQueue,
  offset: number,
): Promise<void> {
  const fields = { consumerGroup: group, ...placeOf(queue), commitOffset: offset }
  await client.call(address, { code: RequestCode.UPDATE_CONSUMER_OFFSET, fields }, `commit of ${group}`)
}

async function offsetOf(client: RemotingClient, address: string, request: Request, what: string): Promise<number> {
  const { fields } = await client.call(address, request, what)
  return wholeNumber(fields.get('offset'), `${what} of ${address}`)
}
