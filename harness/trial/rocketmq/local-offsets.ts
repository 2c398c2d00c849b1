/** Progress of a broadcasting consumer, which no broker knows: each instance keeps its own. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { offsetsFile } from '../../../workloads/clients/rocketmq-remoting/consumer.ts'
import { keyOf } from '../../../workloads/rocketmq-remoting/index.ts'
import type { Lane } from '../../plan/types.ts'
import { queueOf } from './queues.ts'

const Offsets = z.record(z.string(), z.int().min(0))

/** `stores`: folder of the consumer's local stores. Empty where it has not written any yet. */
export function localOffsets({ topic }: Lane, stores: string): Map<number, number> {
  const path = join(stores, offsetsFile)
  if (!existsSync(path)) return new Map()
  const kept = Offsets.parse(JSON.parse(readFileSync(path, 'utf8')))
  return new Map(Array.from({ length: topic.partitions }, (_, p) => p).flatMap(p => {
    const offset = kept[keyOf(queueOf(topic, p))]
    return offset === undefined ? [] : [[p, offset] as const]
  }))
}
