/**
 * Which queues a member of a group reads. Same as RocketMQ's AllocateMessageQueueAveragely, so that Java members agree.
 */
import type { MessageQueue } from '../route.ts'

/** Every member must pass `queues` and `clientIds` in the same order. Empty when `clientId` is not a member. Pure. */
export function allocate(
  clientId: string,
  queues: readonly MessageQueue[],
  clientIds: readonly string[],
): MessageQueue[] {
  const index = clientIds.indexOf(clientId)
  if (index < 0) return []
  const share = Math.floor(queues.length / clientIds.length)
  const rest = queues.length % clientIds.length
  const from = index * share + Math.min(index, rest)
  return queues.slice(from, from + share + (index < rest ? 1 : 0))
}
