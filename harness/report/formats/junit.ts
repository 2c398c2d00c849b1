/**
 * The verdict as JUnit XML: a suite is a scenario, a case is a cell and one of its expectations. The names of cases are the
 * same in every run, so that a CI server can follow a case over time.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnown } from '../compare/baseline.ts'
import { withoutRunNumbers } from '../words/expectations.ts'
import { countedTexts } from '../words/reasons.ts'
import { costText, keptText } from '../words/results.ts'
import { replayCommand } from '../words/replay-command.ts'
import { shownRanges } from '../page-data/shown-ranges.ts'

type Judged = CellVerdict['expect'][number]
type Result = { kind: 'passed' } | { kind: 'failure' | 'error' | 'skipped'; message: string; text: string }

interface Case {
  cell: CellVerdict
  judged: Judged
  result: Result
}

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
  const suites = [...Map.groupBy(verdict.cells, cell => cell.scenario)].map(([scenario, cells]) => ({
    scenario,
    cases: cells.flatMap(cell => casesOf(cell, baseline, replayCommand(runOf(cell.id)))),
  }))
  const all = suites.flatMap(({ cases }) => cases)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="lossproof" ${totals(all, false)}>\n`,
    ...suites.map(({ scenario, cases }) => suite(scenario, cases)),
    '</testsuites>\n',
  ].join('')
}

function casesOf(cell: CellVerdict, baseline: Baseline | undefined, replay: string): Case[] {
  return cell.expect.map((judged, at) => ({ cell, judged, result: resultOf(cell, judged, at === 0, baseline, replay) }))
}

/** An inconclusive cell has no failed expectation, so the case of its first expectation carries the error. */
function resultOf(
  cell: CellVerdict,
  judged: Judged,
  first: boolean,
  baseline: Baseline | undefined,
  replay: string,
): Result {
  const text = [
    `kept? ${keptText(cell)}`,
    `cost: ${costText(cell) || 'none'}`,
    ...countedTexts(cell.reasons),
    ...shownRanges(cell.lost, maxRanges).map(
      ({ from, to, cause }) => `lost messages ${from}–${to}: ${cause.text} [${cause.code}]`,
    ),
    replay,
  ].join('\n')
  const message = `${judged.what}: expected ${judged.expected}, got ${judged.actual}`
  if (cell.verdict === 'violated') {
    if (judged.ok) return { kind: 'passed' }
    return isKnown(baseline, cell.id, judged.what)
      ? { kind: 'skipped', message: `known violation: ${message}`, text: '' }
      : { kind: 'failure', message, text }
  }
  return cell.verdict === 'held' || !first ? { kind: 'passed' } : { kind: 'error', message: cell.verdict, text }
}

function suite(scenario: string, cases: readonly Case[]): string {
  return `  <testsuite name="${xml(scenario)}" ${totals(cases, true)}>\n${cases.map(testcase).join('')}  </testsuite>\n`
}

function testcase({ cell, judged, result }: Case): string {
  const name = `${cell.id} ${judged.what}: ${withoutRunNumbers(judged.expected)}`
  const head = `    <testcase classname="${xml(cell.scenario)}" name="${xml(name)}"`
  if (result.kind === 'passed') return `${head}/>\n`
  return `${head}><${result.kind} message="${xml(result.message)}">${xml(result.text)}</${result.kind}></testcase>\n`
}

/** The schema that CI servers check allows `skipped` for a suite, but not for the root. */
function totals(cases: readonly Case[], withSkipped: boolean): string {
  const count = (kind: Result['kind']) => cases.filter(({ result }) => result.kind === kind).length
  const skipped = withSkipped ? ` skipped="${count('skipped')}"` : ''
  return `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}"${skipped}`
}

/** Escapes text for XML 1.0, which cannot express most control characters. */
function xml(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the expression removes control characters
  const legal = text.toWellFormed().replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
  return legal
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
}
