/** Offsets of broadcasting consumers: no broker keeps them, each instance stores its own. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import * as java from '../../workloads/clients/rocketmq-java/offsets.ts'
import { offsetsFile } from '../../workloads/clients/rocketmq-remoting/consumer.ts'
import { keyOf } from '../../workloads/rocketmq-remoting/index.ts'
import type { Lane } from '../../model/plan.ts'
import { queueOf } from './queues.ts'

const Offsets = z.record(z.string(), z.int().min(0))

/**
 * Offsets by partition. `stores`: folder of the consumer's local stores. Partitions without a stored offset are
 * missing.
 */
export function localOffsets(lane: Lane, stores: string): Map<number, number> {
  const stored = lane.consumer?.client === 'rocketmq-java' ? storedByJava(lane, stores) : storedByRemoting(stores)
  return new Map(
    Array.from({ length: lane.topic.partitions }, (_, p) => p).flatMap(p => {
      const offset = stored[keyOf(queueOf(lane.topic, p))]
      return offset === undefined ? [] : [[p, offset] as const]
    }),
  )
}

function storedByRemoting(stores: string): Record<string, number> {
  const path = join(stores, offsetsFile)
  return existsSync(path) ? Offsets.parse(JSON.parse(readFileSync(path, 'utf8'))) : {}
}

/** Every instance has to read all messages, so the offset of the slowest one counts. */
function storedByJava({ id, consumer }: Lane, stores: string): Record<string, number> {
  const paths = globSync(
    join(java.offsetsFolder(stores), `*@${id}-consumer-*`, consumer?.group ?? '', java.offsetsFile),
  )
  const stored: Record<string, number> = {}
  for (const { offset, ...queue } of paths.flatMap(path => java.parseOffsets(readFileSync(path, 'utf8')))) {
    stored[keyOf(queue)] = Math.min(offset, stored[keyOf(queue)] ?? Infinity)
  }
  return stored
}
