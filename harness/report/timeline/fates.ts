/**
 * The fate of every message of a lane, in the order of their numbers, as runs of equal fates: `s278l52s52` is 278 stored,
 * 52 lost, 52 stored. Where a page has no room for all runs, neighbours are merged and get the worst of their fates, so
 * that no loss disappears from the picture.
 */
import { answerOf } from '../../check/counts.ts'
import { outcomes } from '../../../model/outcomes.ts'
import type { Outcome } from '../../../model/outcomes.ts'
import { flag, side } from '../../check/table/table.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { fates } from './fate-words.ts'
import type { Fate, Fates } from './fate-words.ts'

const rank = new Map<Fate, number>(fates.map(([letter], at) => [letter, at]))
const ofOutcome: Record<Exclude<Outcome, 'stored'>, Fate> = {
  lost: 'l',
  clientLost: 'c',
  givenUp: 'g',
  unsent: 'w',
  spooled: 'x',
  expired: 'e',
  unaccounted: 'u',
}

/** The fate of the message with the number `s`. */
export function fateOf(table: MessageTable, s: number): Fate {
  const row = table.find(s)
  return row < 0 ? 'n' : fateOfRow(table, row)
}

export function fateOfRow(table: MessageTable, row: number): Fate {
  if (!table.has(row, flag.sent)) return 'n'
  const outcome = outcomes[table.outcome(row)]?.[0] ?? 'unaccounted'
  if (outcome !== 'stored') return ofOutcome[outcome]
  const answer = answerOf(table, row)
  if (answer === 'rejected') return 'r'
  if (table.hasSide(row, side.skipped)) return 'k'
  if (table.hasSide(row, side.stalled)) return 't'
  if (table.copies.get(row) > 1) return 'd'
  if (table.has(row, flag.parked)) return 'p'
  return answer === 'unknown' ? 'v' : 's'
}

/** All messages of the lane in at most `maxRuns` runs. */
export function fatesOf(table: MessageTable, maxRuns: number): Fates {
  for (let per = 1; ; per *= 2) {
    const runs = runsOf(table, per, maxRuns)
    if (runs !== undefined) return { per, runs }
  }
}

/** Undefined when there are more than `max` runs. A single unit for all messages always fits. */
function runsOf(table: MessageTable, per: number, max: number): string | undefined {
  const parts: string[] = []
  let letter: Fate | undefined
  let length = 0
  const close = () => {
    if (letter !== undefined) parts.push(length === 1 ? letter : `${letter}${length}`)
  }
  for (let from = 0; from < table.size; from += per) {
    const next = worstFate(table, from, Math.min(table.size, from + per))
    if (next === letter) length += 1
    else {
      close()
      letter = next
      length = 1
      if (parts.length >= max && per < table.size) return undefined
    }
  }
  close()
  return parts.join('')
}

function worstFate(table: MessageTable, from: number, to: number): Fate {
  let worst: Fate = 'n'
  for (let s = from; s < to; s++) {
    const fate = fateOf(table, s)
    if ((rank.get(fate) ?? 0) < (rank.get(worst) ?? 0)) worst = fate
  }
  return worst
}
