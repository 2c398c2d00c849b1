/**
 * What became of stored messages on the consumer's side. One that nobody processed or parked was skipped when the group's
 * committed offset has passed its first copy (lowest partition, lowest offset), else the consumer stalled before it. Which
 * of them, only the broker's word about the group can tell.
 */
import type { StoredLog } from './final-log/final-log.ts'
import type { MessageTable } from './table/table.ts'

/** Marks the table; returns why the drain of the lane's consumers is not complete. */
export function judgeConsumer(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  groupOffsets: ReadonlyMap<number, { o: number }>,
): string[] {
  const gaps: string[] = []
  const inOrder = [...logs].toSorted(([a], [b]) => a - b)
  for (const [p, log] of inOrder) {
    const committed = groupOffsets.get(p)?.o
    let open = false
    log.each((s, offset) => {
      if (
        !table.has(s, 'sent') ||
        table.has(s, 'parked') ||
        table.processed.get(s) > 0 ||
        table.consumerFate(s) !== undefined
      )
        return
      table.setConsumerFate(s, committed !== undefined && committed > offset ? 'skipped' : 'stalled')
      if (committed === undefined) open = true
    })
    if (open)
      gaps.push(`messages of partition ${p} were not processed, and the group's committed offset there was not read`)
  }
  return gaps
}
