/**
 * Recovery times and losses in the format of github-action-benchmark (`tool: customSmallerIsBetter`): an array of named
 * values with units. That action keeps them over time and draws them. Smaller is better for all of them, so a loss that a
 * cell is expected to show is left out.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { lostCount } from '../words/counts.ts'

export interface BenchmarkEntry {
  name: string
  unit: string
  value: number
  extra: string
}

export function benchmark(verdict: RunVerdict): string {
  return `${JSON.stringify(
    verdict.cells.flatMap(cell => entriesOf(cell, verdict.run)),
    undefined,
    2,
  )}\n`
}

function entriesOf(cell: CellVerdict, run: string): BenchmarkEntry[] {
  const extra = `${cell.verdict}, ${run}`
  const entry = (what: string, unit: string, value: number | undefined) =>
    value === undefined ? [] : [{ name: `${cell.id}: ${what}`, unit, value, extra }]
  return [
    ...entry('longest time without an acknowledgement', 'ms', cell.recovery.unavailableMs),
    ...entry('time from the fault to the first acknowledgement', 'ms', cell.recovery.firstAckMs),
    ...(expectsLoss(cell) ? [] : entry('lost', 'messages', lostCount(cell.counts))),
  ]
}

/** Decided by the expectations, not by what happened, so that a series does not come and go. */
const expectsLoss = ({ expect }: CellVerdict): boolean =>
  expect.some(({ what, expected }) => (what === 'lost' || what === 'clientLost') && expected !== '0')
