/**
 * How a cell looks at a glance: its verdict, where `held` is split by whether the cell kept all messages or lost those
 * that it was expected to lose, and what keeping them cost.
 */
import type { CellVerdict, VerdictWord } from '../../../model/verdict.ts'
import { missingCount } from './counts.ts'
import { plural } from './numbers.ts'

/** Worst first. */
export const kinds = ['violated', 'inconclusive', 'not-shown', 'expected-loss', 'costly', 'held'] as const
export type Kind = (typeof kinds)[number]

/** Name and meaning of each kind, the same in every report. */
export const kindWords: Record<Kind, { name: string; means: string }> = {
  violated: { name: 'violated', means: 'more messages were lost, skipped, duplicated or corrupted than expected' },
  inconclusive: {
    name: 'inconclusive',
    means: 'no verdict: a fault left no evidence, a wait ran out, or a log was not read to its end',
  },
  'not-shown': { name: 'not shown', means: 'an expected loss did not happen' },
  'expected-loss': { name: 'lost as predicted', means: 'the cell lost what it was expected to lose' },
  costly: {
    name: 'kept all, at a high cost',
    means:
      'the cell lost nothing, but its consumer stalled, 30 % of its messages were refused, or 50 were stored twice',
  },
  held: { name: 'kept all', means: 'the cell met every expectation and lost nothing' },
}

type Judged = Pick<CellVerdict, 'verdict'> & {
  counts: Pick<
    CellVerdict['counts'],
    'lost' | 'clientLost' | 'unsent' | 'skipped' | 'stalled' | 'givenUp' | 'duplicates' | 'sent'
  >
}

/** From here on a cell that kept everything is not shown as simply good. */
const highCost = { refusedShare: 0.3, extraCopies: 50 }

export function kindOf({ verdict, counts }: Judged): Kind {
  if (verdict !== 'held') return verdict
  if (missingCount(counts) > 0) return 'expected-loss'
  return isCostly(counts) ? 'costly' : 'held'
}

/** How many cells are of each kind; kinds without a cell are left out. */
export function countKinds(cells: readonly Judged[]): Map<Kind, number> {
  const counts = new Map<Kind, number>()
  for (const cell of cells) counts.set(kindOf(cell), (counts.get(kindOf(cell)) ?? 0) + 1)
  return counts
}

const isCostly = ({ stalled, givenUp, duplicates, sent }: Judged['counts']): boolean =>
  stalled > 0 || givenUp > highCost.refusedShare * sent || duplicates >= highCost.extraCopies

export const verdictNames: Record<VerdictWord, string> = {
  held: 'held',
  'not-shown': 'not shown',
  inconclusive: 'inconclusive',
  violated: 'violated',
}

/** `4 cells: 3 held, 1 violated`. */
export function verdictCounts({ cells }: { cells: readonly Pick<CellVerdict, 'verdict'>[] }): string {
  if (cells.length === 0) return 'no cells, so nothing was tested'
  const counts = (['held', 'not-shown', 'inconclusive', 'violated'] as const)
    .map(word => ({ word, count: cells.filter(cell => cell.verdict === word).length }))
    .filter(({ count }) => count > 0)
  return `${plural(cells.length, 'cell')}: ${counts.map(({ word, count }) => `${count} ${verdictNames[word]}`).join(', ')}`
}
