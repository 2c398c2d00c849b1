/**
 * Reads one queue from its first message to its stable end: from its master, or from a slave when there is no master.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../model/errors.ts'
import {
  maxOffset,
  minOffset,
  pull,
  brokerToReadFrom,
  RefusedError,
  ResponseCode,
} from '../../rocketmq-remoting/index.ts'
import type { MessageQueue, StoredMessage } from '../../rocketmq-remoting/index.ts'
import type { PartitionRead } from '../client.ts'
import { connectTo } from './connect.ts'
import type { Connected } from './connect.ts'

const retryMs = 100
const pullMessages = 512

/**
 * Resolves with the stable end offset: the max offset, when it was the same before and after reading up to it, and is
 * beyond the fence. With `topicUnknown` it resolves with 0 when two pulls in a row are refused because the topic does
 * not exist. Throws with the last problem when the limit is reached.
 */
export async function readPartition(read: PartitionRead): Promise<number> {
  const deadline = performance.now() + read.limitMs
  const connected = connectTo({ ...read, clientId: `reader-${read.topic}-${read.p}` })
  const state = { next: undefined as number | undefined }
  let problem = 'no broker answered'
  let unknown = 0
  try {
    while (performance.now() < deadline) {
      try {
        const { end, again } = await readOnce(read, connected, state)
        if (again === end && state.next === end && end > read.fenceOffset) return end
        problem = `read up to ${state.next}; end ${end} before and ${again} after; fence at ${read.fenceOffset}`
      } catch (error) {
        problem = messageOf(error)
        unknown = isUnknownTopic(error) ? unknown + 1 : 0
        if (read.topicUnknown && unknown === 2) return 0
      }
      await delay(retryMs)
    }
  } finally {
    connected.client.close()
  }
  throw new Error(`${read.topic}-${read.p} was not read to its end within ${read.limitMs / 1000} s: ${problem}`)
}

const isUnknownTopic = (error: unknown) =>
  error instanceof RefusedError && error.responseCode === ResponseCode.TOPIC_NOT_EXIST

/** Reads on from `state.next`. Returns the max offset before and after. */
async function readOnce(
  read: PartitionRead,
  { client, routes, queues }: Connected,
  state: { next: number | undefined },
): Promise<{ end: number; again: number }> {
  const queue = queues[read.p]
  if (!queue) throw new Error(`partition ${read.p} stands for no queue; the topic has ${queues.length}`)
  const address = brokerToReadFrom(await routes.refresh(queue.topic), queue.brokerName)?.address
  if (address === undefined)
    throw new Error(`the route of ${queue.topic} contains no broker of the group ${queue.brokerName}`)
  const end = await maxOffset(client, address, queue)
  // Retention may remove the head of the queue meanwhile.
  state.next = Math.max(state.next ?? 0, await minOffset(client, address, queue))
  while (state.next < end) {
    const found = await pull(client, address, {
      group: read.group ?? '',
      queue,
      offset: state.next,
      maxMessages: pullMessages,
    })
    const records = found.messages.map(message => toRecord(message, queue))
    if (records.length > 0) read.onRecords(records)
    if (found.nextBeginOffset === state.next)
      throw new Error(`no messages at offset ${state.next}, although the end is ${end}: ${found.status}`)
    state.next = found.nextBeginOffset
  }
  return { end, again: await maxOffset(client, address, queue) }
}

/** A message whose checksum is wrong is passed on as it is: its payload then counts as corrupt. */
function toRecord(message: StoredMessage, queue: MessageQueue) {
  if (message.queueId !== queue.queueId)
    throw new Error(`queue ${queue.queueId} returned a message of queue ${message.queueId}`)
  return { offset: message.queueOffset, control: false, value: message.body }
}
