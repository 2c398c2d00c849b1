/** What the verdict of a cell says about its expectations. */
import type { CellVerdict, VerdictWord } from '../../../model/verdict.ts'

/** Neither held nor violated. */
export const isUndecided = (cell: { verdict: VerdictWord } | undefined): boolean =>
  cell?.verdict === 'inconclusive' || cell?.verdict === 'not-shown'

/** Outcomes and marks whose expectations failed. Only violations count, because a cell without a verdict proves nothing. */
export function brokenExpectations({ verdict, expect }: Pick<CellVerdict, 'verdict' | 'expect'>): string[] {
  return verdict === 'violated' ? [...new Set(expect.filter(({ ok }) => !ok).map(({ what }) => what))] : []
}
