/** Reads what a comparison needs from a run or from a baseline. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { withoutRunNumbers } from '../words/expectations.ts'
import { lostCount } from '../words/counts.ts'
import type { Baseline } from './baseline.ts'
import { brokenExpectations } from './cell-verdicts.ts'
import type { ComparedCell, ComparedRun } from './comparison.ts'
import { figuresOf } from './figures.ts'

export function comparedRun(verdict: RunVerdict, versions: Readonly<Record<string, string>> = {}): ComparedRun {
  return {
    name: verdict.run,
    isBaseline: false,
    versions,
    cells: new Map(verdict.cells.map(cell => [cell.id, comparedCell(cell)])),
  }
}

function comparedCell(cell: CellVerdict): ComparedCell {
  return {
    verdict: cell.verdict,
    broken: brokenExpectations(cell),
    reasons: cell.reasons,
    system: cell.system,
    settings: cell.settings,
    expected: cell.expect.map(({ what, expected }) => `${what}: ${withoutRunNumbers(expected)}`),
    lost: lostCount(cell.counts),
    ...(cell.recovery.unavailableMs === undefined ? {} : { unavailableMs: cell.recovery.unavailableMs }),
    figures: figuresOf(cell),
  }
}

export function comparedBaseline(name: string, baseline: Baseline): ComparedRun {
  return {
    name,
    isBaseline: true,
    versions: {},
    cells: new Map(
      baseline.violations.map(({ cell, broken, note }) => [
        cell,
        { verdict: 'violated', broken, reasons: note === undefined ? [] : [note] },
      ]),
    ),
  }
}
