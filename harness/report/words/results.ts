/**
 * The result of a cell as three separate answers: did it keep what it acknowledged, what did that cost, and was it
 * expected. A cell that holds is not necessarily a good one: it may refuse messages, stall, or store them twice. Every
 * report takes its words from `resultOf`.
 */
import type { CellVerdict } from '../../../model/verdict.ts'
import { costCounts, failureTexts, hasCostCounts, nothingLost, shortCosts, shortFailures } from './counts.ts'
import { kindOf, kindWords } from './kinds.ts'
import { seconds } from './numbers.ts'

type Judged = Pick<CellVerdict, 'verdict' | 'counts' | 'recovery'>

export interface Result {
  /** Whether the cell kept its messages: `lost 52 of 143 acknowledged`. Semicolons separate failures. */
  kept: string
  /** Without totals: `lost 52`, `kept all`. */
  keptShort: string
  /** What it cost: `refused 52 of 143 sent; out of service for 8.7 s`. Empty where it cost nothing. */
  cost: string
  /** Without totals: `refused 52; out of service for 8.7 s`. */
  costShort: string
  /** Whether that was expected: `as predicted`, `not expected`. */
  expected: string
  /** In a few words: `lost 52, as predicted`, `kept all, at a high cost`, `kept all, expected loss did not happen`. */
  headline: string
  /** All three in one line: `lost 52 of 143 acknowledged, as predicted; cost: out of service for 8.7 s`. */
  line: string
}

export function resultOf(cell: Judged): Result {
  const [kept, keptShort] = [keptText(cell), keptShortly(cell)]
  const cost = [...costCounts(cell.counts), ...outage(cell)].join('; ')
  const costShort = [...shortCosts(cell.counts), ...outage(cell)].join('; ')
  const expected = expectedText(cell)
  const [first = ''] = keptShort.split('; ')
  return {
    kept,
    keptShort,
    cost,
    costShort,
    expected,
    headline: headlineOf(cell, first, expected),
    line: `${kept}, ${expected}${cost === '' ? '' : `; cost: ${cost}`}`,
  }
}

/** Whether the cell cost anything; faster than its words. */
export const hasCost = (cell: Judged): boolean => hasCostCounts(cell.counts) || outage(cell).length > 0

function headlineOf(cell: Judged, first: string, expected: string): string {
  if (cell.verdict === 'inconclusive') return expected
  return cell.verdict === 'held' && first === 'kept all' ? kindWords[kindOf(cell)].name : `${first}, ${expected}`
}

/** Shorter gaps between acknowledgements are normal. */
const shortestOutageMs = 1000

function keptText({ verdict, counts }: Judged): string {
  const failures = failureTexts(counts)
  if (verdict === 'inconclusive') return ['not known', ...failures].join('; ')
  return failures.length > 0 ? failures.join('; ') : nothingLost(counts)
}

function keptShortly({ verdict, counts }: Judged): string {
  // In an inconclusive cell, messages without an account need no number of their own.
  const failures = shortFailures(verdict === 'inconclusive' ? { ...counts, unaccounted: 0 } : counts)
  if (failures.length > 0) return failures.join('; ')
  return verdict === 'inconclusive' ? 'not known' : 'kept all'
}

function expectedText({ verdict, counts }: Judged): string {
  switch (verdict) {
    case 'held':
      return shortFailures(counts).length > 0 ? 'as predicted' : 'as expected'
    case 'violated':
      return 'not expected'
    case 'not-shown':
      return 'expected loss did not happen'
    case 'inconclusive':
      return 'no verdict'
  }
}

function outage({ recovery }: Judged): string[] {
  const ms = recovery.unavailableMs ?? 0
  return ms >= shortestOutageMs ? [`out of service for ${seconds(ms)}`] : []
}
