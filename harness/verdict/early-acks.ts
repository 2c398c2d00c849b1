/** Acknowledgements that came sooner than replication could have copied the message: the leader waited for no replica. */
import type { TrialEvent } from '../../history/events.ts'
import { evidenceOf } from '../../history/fault-evidence.ts'
import { flag } from '../check/table/table.ts'
import type { MessageTable } from '../check/table/table.ts'

/** Messages sent and acknowledged while a proved `slow-replication` lasted, in less than its delay. */
export function earlyAcks(table: MessageTable, events: readonly TrialEvent[]): ReadonlySet<number> {
  const found = new Set<number>()
  for (const event of events) {
    if (event.kind !== 'injected') continue
    const fault = events.find(other => other.kind === 'fault' && other.id === event.id)
    const proof = evidenceOf(event.id, events)
    const ms = Number(proof?.evidence['ms'])
    if (fault?.kind !== 'fault' || fault.fault !== 'slow-replication' || !proof?.complete || !(ms > 0)) continue
    for (let row = 0, { rows } = table; row < rows; row++) {
      const [sentAt, ackedAt] = [table.sentAt.get(row), table.ackedAt.get(row)]
      const isInside = table.has(row, flag.acked) && sentAt >= event.t && ackedAt <= proof.t
      if (isInside && ackedAt - sentAt < ms) found.add(table.numberOf(row))
    }
  }
  return found
}
