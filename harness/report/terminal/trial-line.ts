/** One line about a trial that has ended: what became of its cells. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { verdictCounts } from '../words/kinds.ts'
import { cellNames } from '../words/reasons.ts'
import { resultOf } from '../words/results.ts'
import { shortCellName } from '../words/settings.ts'

const mostCells = 4

/** `acks=1: lost 52, as predicted; acks=all: kept all`. Of many cells the numbers, and names of those that did not hold. */
export function trialLine(cells: readonly CellVerdict[]): string {
  if (cells.length <= mostCells)
    return cells
      .map(
        cell => `${shortCellName(cell)}: ${resultOf(cell).headline}${cell.verdict === 'violated' ? ' (VIOLATED)' : ''}`,
      )
      .join('; ')
  const others = cells.filter(({ verdict }) => verdict !== 'held')
  return `${verdictCounts({ cells })}${others.length === 0 ? '' : `; not held: ${cellNames(others)}`}`
}
