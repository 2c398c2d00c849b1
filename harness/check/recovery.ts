/**
 * How long a lane was without service. `firstAckMs`: from the last fault to the first acknowledgement of a message sent
 * after it. `unavailableMs`: the longest gap between two acknowledgements that ends after the first fault.
 */
import type { TrialEvent } from '../history/events.ts'
import type { MessageTable } from './table.ts'

export function recoveryOf(table: MessageTable, events: readonly TrialEvent[]): { firstAckMs?: number; unavailableMs?: number } {
  const faults = events.filter(event => event.kind === 'fault').map(event => event.t)
  const first = faults[0]
  const last = faults.at(-1)
  if (first === undefined || last === undefined) return {}
  const acks: number[] = []
  let firstAck = Infinity
  for (let s = 0; s < table.size; s++) {
    const acked = table.ackedAt[s] ?? -1
    if (acked < 0) continue
    acks.push(acked)
    if ((table.sentAt[s] ?? 0) > last) firstAck = Math.min(firstAck, acked)
  }
  acks.sort((a, b) => a - b)
  let longest = 0
  for (let at = 1; at < acks.length; at++) {
    const [before, after] = [acks[at - 1] ?? 0, acks[at] ?? 0]
    if (after > first) longest = Math.max(longest, after - before)
  }
  return {
    ...(Number.isFinite(firstAck) ? { firstAckMs: Math.round(firstAck - last) } : {}),
    ...(longest > 0 ? { unavailableMs: Math.round(longest) } : {}),
  }
}
