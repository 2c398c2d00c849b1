/** Reads one partition from its first record to its stable end, from its current leader. */
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../../model/errors.ts'
import { RawBroker } from './raw.ts'
import type { PartitionRead } from '../client.ts'

const askLimitMs = 5000
const retryMs = 100
const fetchBytes = 1_048_576

/**
 * Resolves with the stable end offset: the high watermark, when it was the same before and after reading up to it, and
 * is beyond the fence. Throws with the last problem when the limit is reached.
 */
export async function readPartition(read: PartitionRead): Promise<number> {
  const deadline = performance.now() + read.limitMs
  let next: number | undefined
  let problem = 'no broker answered'
  for (let attempt = 0; performance.now() < deadline; attempt++) {
    const address = read.bootstrap[attempt % read.bootstrap.length] ?? ''
    let leader: RawBroker | undefined
    try {
      const found = await findLeader(address, read.topic, read.p)
      leader = new RawBroker(found.address, askLimitMs)
      const range = await leader.consumerRange(read.topic, read.p)
      // Retention may remove the head of the log meanwhile.
      next = Math.max(next ?? 0, range.start)
      while (next < range.end) {
        const fetched = await leader.fetch(found.topicId, read.p, next, fetchBytes)
        if (fetched.next === next) throw new Error(`no records at offset ${next}, although the end is ${range.end}`)
        read.onRecords(fetched.records)
        next = fetched.next
      }
      const again = await leader.consumerRange(read.topic, read.p)
      if (again.end === range.end && next === range.end && range.end > read.fenceOffset) return range.end
      problem = `read up to ${next}; end ${range.end} before and ${again.end} after; fence at ${read.fenceOffset}`
    } catch (error) {
      problem = messageOf(error)
    } finally {
      await leader?.close()
    }
    await delay(retryMs)
  }
  throw new Error(`${read.topic}-${read.p} was not read to its end within ${read.limitMs / 1000} s: ${problem}`)
}

async function findLeader(address: string, topic: string, p: number): Promise<{ address: string; topicId: string }> {
  const broker = new RawBroker(address, askLimitMs)
  try {
    const metadata = await broker.metadata([topic])
    const found = metadata.topics[0]
    const leader = found?.partitions.find(partition => partition.p === p)?.leader
    const node = metadata.brokers.find(known => known.id === leader)
    if (!found || !node) throw new Error(`${topic}-${p} has no leader`)
    return { address: `${node.host}:${node.port}`, topicId: found.id }
  } finally {
    await broker.close()
  }
}
