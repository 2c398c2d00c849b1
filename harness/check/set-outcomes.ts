/** Decides what became of each message that was sent. */
import { outcomeCode } from '../../model/outcomes.ts'
import type { StoredLog } from './final-log/final-log.ts'
import type { UntrueAcks } from './final-log/untrue-acks.ts'
import { flag } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

export const code = {
  stored: outcomeCode('stored'),
  lost: outcomeCode('lost'),
  clientLost: outcomeCode('clientLost'),
  givenUp: outcomeCode('givenUp'),
  spooled: outcomeCode('spooled'),
  expired: outcomeCode('expired'),
  unaccounted: outcomeCode('unaccounted'),
}

export interface OutcomeRules {
  /** The final log was read completely. */
  isRead: boolean
  /** Undefined where no acknowledgement can be proved untrue. */
  untrue: UntrueAcks | undefined
  /** The settings ask the system to remove old records. */
  expires: boolean
  /** The settings ask the system to keep only the last record of each key. */
  compacts: boolean
}

/** Sets the outcome of every message that was sent. Returns why some of them cannot be judged. */
export function setOutcomes(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  rules: OutcomeRules,
): string | undefined {
  let maybeCompacted = 0
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.sent)) continue
    const outcome = outcomeOf(table, row, logs, rules)
    if (rules.isRead && outcome === code.unaccounted) maybeCompacted += 1
    table.setOutcome(row, outcome)
  }
  return maybeCompacted === 0
    ? undefined
    : `${maybeCompacted} acknowledged messages are absent from a compacted topic: a later record of their key may have ` +
        'replaced them, and the records of the history have no keys'
}

function outcomeOf(
  table: MessageTable,
  row: number,
  logs: ReadonlyMap<number, StoredLog>,
  { isRead, untrue, expires, compacts }: OutcomeRules,
): number {
  if (table.copies.get(row) > 0) return code.stored
  if (!isRead) return code.unaccounted
  if (!table.has(row, flag.acked)) return table.has(row, flag.spooled) ? code.spooled : code.givenUp
  const log = logs.get(table.partition(row))
  const offset = table.ackOffset.get(row)
  if (expires && offset >= 0 && offset < (log?.start ?? 0)) return code.expired
  if (untrue?.has(row)) return code.clientLost
  // Compaction removes records, but never gives their offsets to others: what was replaced there was truncated.
  const isReplaced = offset >= 0 && log?.at(offset) !== undefined
  return compacts && !isReplaced ? code.unaccounted : code.lost
}
