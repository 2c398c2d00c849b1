/** Which queues a member of a group reads: RocketMQ's AllocateMessageQueueAveragely, so that Java members and ours agree. */
import type { MessageQueue } from '../route.ts'

/** `queues` and `clientIds` sorted the same by every member; empty when `clientId` is not among them. Pure. */
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
