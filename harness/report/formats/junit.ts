/**
 * The verdict as JUnit XML: a suite is a scenario, a case is a cell and one of its expectations. The names of cases are the
 * same in every run, so that a CI server can follow a case over time.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnown } from '../compare/baseline.ts'
import { withoutRunNumbers } from '../words/expectations.ts'
import { countedTexts } from '../words/reasons.ts'
import { resultOf } from '../words/results.ts'
import { replayCommand } from '../words/replay-command.ts'
import { shownRanges } from '../page-data/shown-ranges.ts'
import { junitText } from './junit-text.ts'
import type { CaseResult, JunitCase } from './junit-text.ts'

type Judged = CellVerdict['expect'][number]

const maxRanges = 20

/**
 * Violations that the baseline lists become skipped cases, so that only new ones fail. `runOf`: name of the run that a
 * cell was part of, for verdicts that were merged from several runs.
 */
export function junit(
  verdict: RunVerdict,
  baseline?: Baseline,
  runOf: (cell: string) => string = () => verdict.run,
): string {
  return junitText(
    [...Map.groupBy(verdict.cells, cell => cell.scenario)].map(([scenario, cells]) => ({
      name: scenario,
      cases: cells.flatMap(cell => casesOf(cell, baseline, replayCommand(runOf(cell.id), cell.id))),
    })),
  )
}

function casesOf(cell: CellVerdict, baseline: Baseline | undefined, replay: string): JunitCase[] {
  return cell.expect.map((judged, at) => ({
    classname: cell.scenario,
    name: `${cell.id} ${judged.what}: ${withoutRunNumbers(judged.expected)}`,
    result: caseResult(cell, judged, at === 0, baseline, replay),
  }))
}

/** An inconclusive cell has no failed expectation, so the case of its first expectation carries the error. */
function caseResult(
  cell: CellVerdict,
  judged: Judged,
  first: boolean,
  baseline: Baseline | undefined,
  replay: string,
): CaseResult {
  const { kept, cost, expected } = resultOf(cell)
  const text = [
    `kept? ${kept}`,
    `cost: ${cost || 'none'}`,
    `expected? ${expected}`,
    ...countedTexts(cell.reasons),
    ...shownRanges(cell.lost, maxRanges).map(
      ({ from, to, cause }) => `lost messages ${from}–${to}: ${cause.text} [${cause.code}]`,
    ),
    replay,
  ].join('\n')
  // Once a cell: what a green cell cost, and what it lost as predicted.
  const passed: CaseResult = first ? { kind: 'passed', text } : { kind: 'passed' }
  const message = `${judged.what}: expected ${judged.expected}, got ${judged.actual}`
  if (cell.verdict === 'violated') {
    if (judged.ok) return passed
    return isKnown(baseline, cell.id, judged.what)
      ? { kind: 'skipped', message: `known violation: ${message}`, text: '' }
      : { kind: 'failure', message, text }
  }
  return cell.verdict === 'held' || !first ? passed : { kind: 'error', message: cell.verdict, text }
}
