/** Decides what became of each message that was sent. */
import { outcomeCode } from '../../model/outcomes.ts'
import { CutBack } from './final-log/cut-back.ts'
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
export function setOutcomes(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, rules: OutcomeRules): string[] {
  const judge = new Judge(table, logs, rules)
  for (let row = 0, { rows } = table; row < rows; row++)
    if (table.has(row, flag.sent)) table.setOutcome(row, judge.outcomeOf(row))
  return judge.open()
}

class Judge {
  readonly #table: MessageTable
  readonly #logs: ReadonlyMap<number, StoredLog>
  readonly #rules: OutcomeRules
  readonly #cutBack: CutBack
  readonly #latestOfKeys: LatestOfKeys | undefined
  #maybeExpired = 0
  #maybeCompacted = 0

  constructor(table: MessageTable, logs: ReadonlyMap<number, StoredLog>, rules: OutcomeRules) {
    const { compacts = false, keys } = rules
    this.#table = table
    this.#logs = logs
    this.#rules = rules
    this.#cutBack = new CutBack(table)
    this.#latestOfKeys = compacts && keys !== undefined ? new LatestOfKeys(table, logs, keys) : undefined
  }

  outcomeOf(row: number): number {
    const table = this.#table
    if (table.copies.get(row) > 0) return code.stored
    if (!this.#rules.isRead) return code.unaccounted
    if (table.has(row, flag.acked)) return this.#ofAbsent(row)
    if (table.has(row, flag.spooled)) return code.spooled
    return this.#rules.awaits ? code.givenUp : code.unsent
  }

  /** Acknowledged, and absent from a log that was read completely. */
  #ofAbsent(row: number): number {
    const { untrue, expires = false, compacts = false } = this.#rules
    const log = this.#logs.get(this.#table.partition(row))
    const start = expires ? (log?.start ?? 0) : 0
    const offset = this.#table.ackOffset.get(row)
    if (start > 0 && offset < 0) {
      this.#maybeExpired += 1
      return code.unaccounted
    }
    if (untrue?.has(row)) return code.clientLost
    if (offset >= 0 && offset < start && !this.#cutBack.has(row)) return code.expired
    // Compaction removes records, but never gives their offsets to others: what was replaced there was truncated.
    const isReplaced = offset >= 0 && (offset < start || log?.at(offset) !== undefined)
    if (!compacts || isReplaced) return code.lost
    const isSuperseded = this.#latestOfKeys?.isSuperseded(row)
    if (isSuperseded !== undefined) return isSuperseded ? code.expired : code.lost
    this.#maybeCompacted += 1
    return code.unaccounted
  }

  /** Why some messages are unaccounted although the log was read completely. */
  open(): string[] {
    return [
      ...(this.#maybeExpired === 0
        ? []
        : [
            `${this.#maybeExpired} acknowledged messages are absent from a topic whose old records were removed, and their ` +
              'acknowledgements name no offset: they may have expired',
          ]),
      ...(this.#maybeCompacted === 0
        ? []
        : [
            `${this.#maybeCompacted} acknowledged messages are absent from a compacted topic: a later record of their key ` +
              'may have replaced them, and their keys or their offsets are not known',
          ]),
    ]
  }
}
