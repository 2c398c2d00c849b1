/** Turns the table of one lane into the counts of verdict.json. They count messages, not attempts. */
import { noCounts, outcomeCode, outcomes } from '../../model/outcomes.ts'
import type { Answer, Counts } from '../../model/outcomes.ts'
import type { StoredLog } from './final-log/final-log.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

export function countMessages(table: MessageTable, logs: Iterable<StoredLog>): Counts {
  const counts = noCounts()
  for (const log of logs) {
    counts.unexpected += log.foreign
    counts.corrupt += log.corrupt
    counts.staleEpochs += log.staleEpochs
  }
  const byOutcome = outcomes.map(() => 0)
  for (let row = 0, { rows } = table; row < rows; row++) {
    const copies = table.copies.get(row)
    if (isPhantom(table, row)) counts.phantom += 1
    if (!table.has(row, flag.sent)) {
      counts.unexpected += copies
      continue
    }
    counts.sent += 1
    countAnswer(counts, answerOf(table, row), copies)
    const outcome = table.outcome(row)
    byOutcome[outcome] = (byOutcome[outcome] ?? 0) + 1
    if (copies > 1) counts.duplicates += copies - 1
    const times = timesProcessed(table, row)
    if (times > 0) {
      counts.processed += 1
      counts.redelivered += times - 1
      counts.effects += effectsOf(table, row)
    }
    if (table.has(row, flag.parked)) counts[isGone(table, row) ? 'parkedLost' : 'parked'] += 1
    if (table.hasSide(row, seldom)) countSides(counts, table, row)
  }
  for (const [code, [name]] of outcomes.entries()) counts[name] += byOutcome[code] ?? 0
  return counts
}

const seldom = side.skipped | side.stalled | side.reordered | side.outOfOrder | side.late

function countSides(counts: Counts, table: MessageTable, row: number): void {
  if (table.hasSide(row, side.skipped)) counts.skipped += 1
  if (table.hasSide(row, side.stalled)) counts.stalled += 1
  if (table.hasSide(row, side.reordered)) counts.reordered += 1
  if (isOutOfOrder(table, row)) counts.outOfOrder += 1
  if (table.hasSide(row, side.late)) counts.late += 1
}

function countAnswer(counts: Counts, answer: Answer, copies: number): void {
  if (answer === 'acked') counts.acked += 1
  else if (answer === 'rejected') {
    counts.rejected += 1
    if (copies > 0) counts.resurrected += 1
  } else {
    counts.unknown += 1
    if (copies > 0) counts.recovered += 1
  }
}

/**
 * Acked if any attempt was acked; else unknown if any attempt was unknown or never answered; else rejected. Only a message
 * whose attempts were all rejected cannot be stored.
 */
export function answerOf(table: MessageTable, row: number): Answer {
  if (table.has(row, flag.acked)) return 'acked'
  return table.has(row, flag.rejected) && !table.has(row, flag.unknown | flag.unanswered) ? 'rejected' : 'unknown'
}

/** The consumer's side counts stored messages: a message that was processed and then vanished counts as lost only. */
export function timesProcessed(table: MessageTable, row: number): number {
  const times = table.processed.get(row)
  if (times === 0) return 0
  const outcome = table.outcome(row)
  return outcome === stored || outcome === unaccounted ? times : 0
}

/** A consumer processed or parked it although nobody sent it, or although it was rejected and is not stored. */
export function isPhantom(table: MessageTable, row: number): boolean {
  if (table.processed.get(row) === 0 && !table.has(row, flag.parked)) return false
  if (!table.has(row, flag.sent)) return true
  return table.copies.get(row) === 0 && answerOf(table, row) === 'rejected'
}

/** A consumer processed it behind a later message of its partition. */
export function isOutOfOrder(table: MessageTable, row: number): boolean {
  return table.hasSide(row, side.outOfOrder) && timesProcessed(table, row) > 0
}

/** Lost from the log, as far as is known. */
export function isGone(table: MessageTable, row: number): boolean {
  const outcome = table.outcome(row)
  return outcome === lost || outcome === clientLost
}

/** How often processing it had an effect. */
export function effectsOf(table: MessageTable, row: number): number {
  const times = timesProcessed(table, row)
  return times === 0 ? 0 : times - table.suppressed.get(row)
}

const stored = outcomeCode('stored')
const unaccounted = outcomeCode('unaccounted')
const lost = outcomeCode('lost')
const clientLost = outcomeCode('clientLost')
