/** Reads what a comparison needs from a run or from a baseline. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
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
    expected: cell.expect.map(({ what, expected }) => `${what}: ${withoutNumbersOfRun(expected)}`),
    lost: lostCount(cell.counts),
    ...(cell.recovery.unavailableMs === undefined ? {} : { unavailableMs: cell.recovery.unavailableMs }),
    figures: figuresOf(cell),
  }
}

/** `acked-in(cut)` for `acked-in(cut) = 52`: the author wrote the set, and its size differs from run to run. */
function withoutNumbersOfRun(expected: string): string {
  return expected.replace(/ = \d+.*$/, '').replace(/ of all \d+$/, '')
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
