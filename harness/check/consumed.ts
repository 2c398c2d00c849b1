/**
 * The consumer's side of stored messages. A message that was neither processed nor parked was skipped when the group's
 * committed offset has passed its first copy (lowest partition, lowest offset); else the consumer stalled before it. Only
 * the offset that the broker reports decides which.
 */
import type { StoredLog } from './final-log/final-log.ts'
import type { MessageTable } from './table/table.ts'

/** Sets the consumer's side of the table. Returns why the drain of the lane's consumers is not complete. */
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
