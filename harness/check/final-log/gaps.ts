/** Why the final log is not complete. Nothing absent is judged across a gap. */
import type { StoredLog } from './final-log.ts'
import type { MessageTable } from '../table/table.ts'

export interface Expected {
  /** Partitions of the topic; undefined for a bare folder, where those that were seen count. */
  partitions: number | undefined
  /** Fence offsets by partition; undefined for a bare folder. */
  fences: ReadonlyMap<number, number> | undefined
  /** Ends that were told when nobody took messages any more, by partition: there a fence cannot be written. */
  sealed?: ReadonlyMap<number, number>
}

/** One text for each partition that was not read from its first record to behind its fence. */
export function finalLogGaps(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, expected: Expected): string[] {
  return partitionsOf(table, logs, expected.partitions).flatMap(p => {
    const log = logs.get(p)
    if (log?.end === undefined) return [`partition ${p} was not read to its end`]
    const sealed = expected.sealed?.get(p)
    if (sealed !== undefined)
      return log.end === sealed
        ? []
        : [
            `partition ${p} was read to offset ${log.end}, and ended at ${sealed} when the last broker that takes messages was gone`,
          ]
    if (!expected.fences) return []
    const fence = expected.fences.get(p)
    if (fence === undefined) return [`no fence was acknowledged in partition ${p}`]
    if (!log.fences.includes(fence)) return [`the fence at offset ${fence} of partition ${p} was not read`]
    // A fence that was sent twice stands behind itself; anything else there came after the end of all writing.
    const last = Math.max(...log.fences)
    if (log.lastOffset > last) return [`records stand behind the fence of partition ${p}`]
    return log.end === last + 1
      ? []
      : [`partition ${p} ends at offset ${log.end}, its fence stands at ${last}: something behind it was not read`]
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
