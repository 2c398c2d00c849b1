/** Libraries that can read a partition to its stable end. */
import { readPartition as readKafka } from './clients/platformatic/read-partition.ts'
import { readPartition as readRocketmq } from './clients/rocketmq-remoting/read-partition.ts'
import type { ReaderLane } from './messages.ts'

export interface ReadRecord {
  offset: number
  /** Undefined where records carry none. */
  epoch?: number
  /** No message: a marker of the system's own. */
  control: boolean
  value: Buffer
}

export interface PartitionRead extends Pick<
  ReaderLane,
  'bootstrap' | 'addresses' | 'queues' | 'group' | 'topic' | 'limitMs'
> {
  p: number
  /** The end is stable only behind this offset. */
  fenceOffset: number
  /** That no broker knows the topic is the end, at 0, when the reader is told so twice. */
  topicUnknown?: true
  onRecords: (records: ReadRecord[]) => void
}

/** Resolves with the stable end offset. Throws with the last trouble when the limit is reached. */
type ReadPartition = (read: PartitionRead) => Promise<number>

const readers: Readonly<Record<string, ReadPartition>> = { platformatic: readKafka, 'rocketmq-remoting': readRocketmq }

export function readerOf(client: string): ReadPartition {
  const found = readers[client]
  if (!found) throw new Error(`no reader ${client}`)
  return found
}
