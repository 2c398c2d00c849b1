/**
 * The result of a cell as three separate answers: did it keep what it acknowledged, what did that cost, and was it
 * expected. A cell that holds is not necessarily a good one: it may refuse messages, stall, or store them twice.
 */
import type { CellVerdict } from '../../../model/verdict.ts'
import { costCounts, failureTexts, nothingLost, shortCosts, shortFailures } from './counts.ts'
import { seconds } from './numbers.ts'

type Result = Pick<CellVerdict, 'verdict' | 'counts' | 'recovery'>

/** Shorter gaps between acknowledgements are normal. */
const shortestOutageMs = 1000

/** Whether the cell kept its messages, with totals: `lost 52 of 143 acknowledged`. Semicolons separate failures. */
export function keptText({ verdict, counts }: Result): string {
  const failures = failureTexts(counts)
  if (verdict === 'inconclusive') return ['not known', ...failures].join('; ')
  return failures.length > 0 ? failures.join('; ') : nothingLost(counts)
}

/** First answer without totals: `lost 52`, `kept all`. */
export function keptShort({ verdict, counts }: Result): string {
  // In an inconclusive cell, messages without an account need no number of their own.
  const failures = shortFailures(verdict === 'inconclusive' ? { ...counts, unaccounted: 0 } : counts)
  if (failures.length > 0) return failures.join('; ')
  return verdict === 'inconclusive' ? 'not known' : 'kept all'
}

/** Second answer, with totals: `gave up 52 of 143 sent; out of service for 8.7 s`. Empty where it cost nothing. */
export const costText = (cell: Result): string => [...costCounts(cell.counts), ...outage(cell)].join('; ')

/** Second answer without totals: `gave up 52; out of service for 8.7 s`. */
export const costShort = (cell: Result): string => [...shortCosts(cell.counts), ...outage(cell)].join('; ')

/** Third answer. */
export function expectedShort({ verdict, counts }: Result): string {
  const lossy = shortFailures(counts).length > 0
  switch (verdict) {
    case 'held':
      return lossy ? 'as predicted' : 'as expected'
    case 'violated':
      return 'not expected'
    case 'not-shown':
      return 'expected loss did not happen'
    case 'inconclusive':
      return 'no verdict'
  }
}

/** First and third answer: `lost 52, as predicted`, `kept all`, `kept all; expected loss did not happen`. */
export function headline(cell: Result): string {
  if (cell.verdict === 'inconclusive') return 'no verdict'
  const [first = ''] = keptShort(cell).split('; ')
  return cell.verdict === 'held' && first === 'kept all' ? first : `${first}, ${expectedShort(cell)}`
}

/** First and second answer with totals, for one line. */
export const resultText = (cell: Result): string =>
  [keptText(cell), costText(cell)].filter(text => text !== '').join('; ')

/** Whether the cell cost anything. */
export const hasCost = (cell: Result): boolean => costShort(cell) !== ''

function outage({ recovery }: Result): string[] {
  const ms = recovery.unavailableMs ?? 0
  return ms >= shortestOutageMs ? [`out of service for ${seconds(ms)}`] : []
}
