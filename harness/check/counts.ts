/** Turns the table of one lane into the counts of verdict.json. They count messages, not attempts. */
import { noCounts, outcomeCode, outcomes } from '../../model/outcomes.ts'
import type { Answer, Counts } from '../../model/outcomes.ts'
import type { StoredLog } from './final-log/final-log.ts'
import type { MessageTable } from './table/table.ts'

export function countMessages(table: MessageTable, logs: Iterable<StoredLog>): Counts {
  const counts = noCounts()
  for (const log of logs) {
    counts.unexpected += log.foreign
    counts.corrupt += log.corrupt
    counts.staleEpochs += log.staleEpochs
  }
  const names = outcomes.map(([name]) => name)
  table.each(s => {
    const copies = table.copies.get(s)
    if (!table.has(s, 'sent')) {
      counts.unexpected += copies
      if (isPhantom(table, s)) counts.phantom += 1
      return
    }
    counts.sent += 1
    const answer = answerOf(table, s)
    counts[answer] += 1
    counts[names[table.outcome(s)] ?? 'unaccounted'] += 1
    if (copies > 1) counts.duplicates += copies - 1
    if (copies > 0 && answer === 'unknown') counts.recovered += 1
    if (copies > 0 && answer === 'rejected') counts.resurrected += 1
    const times = timesProcessed(table, s)
    if (times > 0) {
      counts.processed += 1
      counts.redelivered += times - 1
      counts.effects += effectsOf(table, s)
    }
    if (isPhantom(table, s)) counts.phantom += 1
    if (table.has(s, 'parked')) counts[isGone(table, s) ? 'parkedLost' : 'parked'] += 1
    const fate = table.consumerFate(s)
    if (fate !== undefined) counts[fate] += 1
  })
  return counts
}

/**
 * Acked if any attempt was acked; else unknown if any attempt was unknown or never answered; else rejected. Only a message
 * whose attempts were all rejected cannot be stored.
 */
export function answerOf(table: MessageTable, s: number): Answer {
  if (table.has(s, 'acked')) return 'acked'
  return table.has(s, 'rejected') && !table.has(s, 'unknown') && !table.has(s, 'unanswered') ? 'rejected' : 'unknown'
}

/** The consumer's side counts stored messages: a message that was processed and then vanished counts as lost only. */
export function timesProcessed(table: MessageTable, s: number): number {
  const times = table.processed.get(s)
  if (times === 0) return 0
  const outcome = table.outcome(s)
  return outcome === stored || outcome === unaccounted ? times : 0
}

/** A consumer processed or parked it although nobody sent it, or although it was rejected and is not stored. */
export function isPhantom(table: MessageTable, s: number): boolean {
  if (table.processed.get(s) === 0 && !table.has(s, 'parked')) return false
  if (!table.has(s, 'sent')) return true
  return table.copies.get(s) === 0 && answerOf(table, s) === 'rejected'
}

/** Lost from the log, as far as is known. */
export function isGone(table: MessageTable, s: number): boolean {
  const outcome = table.outcome(s)
  return outcome === lost || outcome === clientLost
}

/** How often processing it had an effect. */
export function effectsOf(table: MessageTable, s: number): number {
  const times = timesProcessed(table, s)
  return times === 0 ? 0 : times - table.suppressed.get(s)
}

const stored = outcomeCode('stored')
const unaccounted = outcomeCode('unaccounted')
const lost = outcomeCode('lost')
const clientLost = outcomeCode('clientLost')
