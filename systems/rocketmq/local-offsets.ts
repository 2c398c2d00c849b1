/** Progress of a broadcasting consumer, which no broker knows: each instance keeps its own. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import * as java from '../../workloads/clients/rocketmq-java/offsets.ts'
import { offsetsFile } from '../../workloads/clients/rocketmq-remoting/consumer.ts'
import { keyOf } from '../../workloads/rocketmq-remoting/index.ts'
import type { Lane } from '../../model/plan.ts'
import { queueOf } from './queues.ts'

const Offsets = z.record(z.string(), z.int().min(0))

/** `stores`: folder of the consumer's local stores. Empty where it has not written any yet. */
export function localOffsets(lane: Lane, stores: string): Map<number, number> {
  const kept = lane.consumer?.client === 'rocketmq-java' ? keptByJava(lane, stores) : keptByOurs(stores)
  return new Map(
    Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
      const offset = kept[keyOf(queueOf(lane.topic, p))]
      return offset === undefined ? [] : [[p, offset] as const]
    }),
  )
}

function keptByOurs(stores: string): Record<string, number> {
  const path = join(stores, offsetsFile)
  return existsSync(path) ? Offsets.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}
}

/** Of several instances, which each have all messages to read, how far the last of them is. */
function keptByJava({ id, consumer }: Lane, stores: string): Record<string, number> {
  const paths = globSync(
    join(java.offsetsFolder(stores), `*@${id}-consumer-*`, consumer?.group ?? '', java.offsetsFile),
  )
  const kept: Record<string, number> = {}
  for (const { offset, ...queue } of paths.flatMap(path => java.parseOffsets(readFileSync(path, 'utf8')))) {
    kept[keyOf(queue)] = Math.min(offset, kept[keyOf(queue)] ?? Infinity)
  }
  return kept
}
