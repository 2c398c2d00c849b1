/** Decides what became of each message that was sent. */
import { outcomeCode } from '../../model/outcomes.ts'
import { LatestOfKeys } from './final-log/latest-of-keys.ts'
import type { StoredLog } from './final-log/final-log.ts'
import type { UntrueAcks } from './final-log/untrue-acks.ts'
import { flag } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

export const code = {
  stored: outcomeCode('stored'),
  lost: outcomeCode('lost'),
  clientLost: outcomeCode('clientLost'),
  givenUp: outcomeCode('givenUp'),
  unsent: outcomeCode('unsent'),
  spooled: outcomeCode('spooled'),
  expired: outcomeCode('expired'),
  unaccounted: outcomeCode('unaccounted'),
}

/** What the settings of the topic ask the system to remove. */
export interface Removal {
  /** Old records, so records below the log start have expired. */
  expires?: boolean | undefined
  /** All but the last record of each key. */
  compacts?: boolean | undefined
  /** Message s has the key s modulo this; undefined: messages have no keys. */
  keys?: number | undefined
}

export interface OutcomeRules extends Removal {
  /** The application looks at the answers to its sends. */
  awaits: boolean
  /** The final log was read completely. */
  isRead: boolean
  /** Undefined where no acknowledgement can be proved untrue. */
  untrue: UntrueAcks | undefined
}

/** Sets the outcome of every message that was sent. Returns why some of them cannot be judged. */
export function setOutcomes(
  table: MessageTable,
  logs: ReadonlyMap<number, StoredLog>,
  rules: OutcomeRules,
): string | undefined {
  const { compacts = false, keys } = rules
  const latestOfKeys = compacts && keys !== undefined ? new LatestOfKeys(table, logs, keys) : undefined
  let maybeCompacted = 0
  for (let row = 0, { rows } = table; row < rows; row++) {
    if (!table.has(row, flag.sent)) continue
    const outcome = outcomeOf(table, row, logs, rules, latestOfKeys)
    if (rules.isRead && outcome === code.unaccounted) maybeCompacted += 1
    table.setOutcome(row, outcome)
  }
  return maybeCompacted === 0
    ? undefined
    : `${maybeCompacted} acknowledged messages are absent from a compacted topic: a later record of their key may have ` +
        'replaced them, and their keys or their offsets are not known'
}

function outcomeOf(
  table: MessageTable,
  row: number,
  logs: ReadonlyMap<number, StoredLog>,
  { awaits, isRead, untrue, expires = false, compacts = false }: OutcomeRules,
  latestOfKeys: LatestOfKeys | undefined,
): number {
  if (table.copies.get(row) > 0) return code.stored
  if (!isRead) return code.unaccounted
  if (!table.has(row, flag.acked)) {
    if (table.has(row, flag.spooled)) return code.spooled
    return awaits ? code.givenUp : code.unsent
  }
  const log = logs.get(table.partition(row))
  const offset = table.ackOffset.get(row)
  if (expires && offset >= 0 && offset < (log?.start ?? 0)) return code.expired
  if (untrue?.has(row)) return code.clientLost
  // Compaction removes records, but never gives their offsets to others: what was replaced there was truncated.
  const isReplaced = offset >= 0 && log?.at(offset) !== undefined
  if (!compacts || isReplaced) return code.lost
  const isSuperseded = latestOfKeys?.isSuperseded(row)
  if (isSuperseded === undefined) return code.unaccounted
  return isSuperseded ? code.expired : code.lost
}
