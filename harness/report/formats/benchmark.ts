/**
 * Recovery and loss as github-action-benchmark reads them (`tool: customSmallerIsBetter`): an array of named values with
 * units, which it keeps over time and draws.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'

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
    ...entry('from the fault to the first acknowledgement', 'ms', cell.recovery.firstAckMs),
    ...entry('lost', 'messages', cell.counts.lost + cell.counts.clientLost),
  ]
}
