/** Why the final log is not complete. */
import type { StoredLog } from './final-log.ts'
import type { MessageTable } from '../table/table.ts'

export interface Expected {
  /** Number of partitions of the topic; undefined for a bare folder, where only the partitions that were seen count. */
  partitions: number | undefined
  /** Fence offsets by partition; undefined for a bare folder. */
  fences: ReadonlyMap<number, number> | undefined
  /** By partition: the end reported after the last broker that takes messages was gone, where no fence can be written. */
  sealed?: ReadonlyMap<number, number>
}

/** One text for each partition that was not read from its first record to its fence. */
export function finalLogGaps(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, expected: Expected): string[] {
  return partitionsOf(table, logs, expected.partitions).flatMap(p => {
    const log = logs.get(p)
    if (log?.end === undefined) return [`partition ${p} was not read to its end`]
    const sealed = expected.sealed?.get(p)
    if (sealed !== undefined)
      return log.end === sealed
        ? []
        : [
            `partition ${p} was read to offset ${log.end}, but ended at ${sealed} when the last broker that takes messages was gone`,
          ]
    if (!expected.fences) return []
    const fence = expected.fences.get(p)
    if (fence === undefined) return [`no fence was acknowledged in partition ${p}`]
    if (!log.fences.includes(fence)) return [`the fence at offset ${fence} of partition ${p} was not read`]
    // A fence may be stored twice. Any other record behind it was written after the end of all writing.
    const last = Math.max(...log.fences)
    if (log.lastOffset > last) return [`there are records behind the fence of partition ${p}`]
    return log.end === last + 1
      ? []
      : [`partition ${p} ends at offset ${log.end} but its fence is at ${last}: records behind it were not read`]
  })
}

function partitionsOf(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  partitions: number | undefined,
): number[] {
  if (partitions !== undefined) return Array.from({ length: partitions }, (_, p) => p)
  const seen = new Set(logs.keys())
  table.each(s => {
    const p = table.partition(s)
    if (p >= 0) seen.add(p)
  })
  return [...seen].toSorted((a, b) => a - b)
}
