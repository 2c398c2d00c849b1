import type { MessageQueue } from '../../workloads/rocketmq-remoting/index.ts'
import type { Lane } from '../../model/plan.ts'

/** The queue behind a partition number: numbers run through the queues of the first broker group, then of the next. */
export function queueOf({ name, partitions, brokerNames }: Lane['topic'], p: number): MessageQueue {
  const each = partitions / Math.max(1, brokerNames.length)
  return { topic: name, brokerName: brokerNames[Math.floor(p / each)] ?? '', queueId: p % each }
}

/** Number of queues that the topic has on each of its broker groups. */
export const queuesOnEach = ({ partitions, brokerNames }: Lane['topic']): number =>
  partitions / Math.max(1, brokerNames.length)
