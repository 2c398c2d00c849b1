/**
 * The verdict as JUnit XML: a suite is a scenario, a case is a cell and one of its expectations. The names of cases are the
 * same in every run, so that a CI server can follow a case over time.
 */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnown } from '../compare/baseline.ts'
import { withoutRunNumbers } from '../words/expectations.ts'
import { explainedRanges } from '../words/ranges.ts'
import { countedTexts } from '../words/reasons.ts'
import { resultOf } from '../words/results.ts'
import { replayCommand } from '../words/replay-command.ts'
import { settingValue } from '../words/settings.ts'
import { tryTexts } from '../words/tries.ts'
import { shownRanges } from '../page-data/shown-ranges.ts'
import { junitText } from './junit-text.ts'
import type { CaseResult, JunitCase, JunitSuite } from './junit-text.ts'
import { noFacts } from './run-facts.ts'
import type { RunFacts } from './run-facts.ts'

type Judged = CellVerdict['expect'][number]

const maxRanges = 20

export interface JunitOptions {
  /** Violations that it lists become skipped cases, so that only new ones fail. */
  baseline?: Baseline | undefined
  /** Name of the run that a cell was part of, for verdicts that were merged from several runs. */
  runOf?: (cell: string) => string
  facts?: RunFacts
  /** The address of the run's files. */
  artifactUrl?: string | undefined
}

export function junit(verdict: RunVerdict, options: JunitOptions = {}): string {
  const { runOf = () => verdict.run, facts = noFacts } = options
  const caseTime = caseTimes(verdict.cells, facts)
  return junitText(
    [...Map.groupBy(verdict.cells, cell => cell.scenario)].map(([scenario, cells]): JunitSuite => {
      const started = startOf(cells, facts)
      return {
        name: scenario,
        ...(started === undefined ? {} : { started }),
        properties: suiteProperties(verdict, facts, options.artifactUrl),
        cases: cells.flatMap(cell =>
          casesOf(cell, options.baseline, replayCommand(runOf(cell.id), cell.id), caseTime(cell)),
        ),
      }
    }),
  )
}

function suiteProperties({ run, seed }: RunVerdict, { versions }: RunFacts, artifactUrl: string | undefined) {
  return {
    run,
    seed: String(seed),
    ...Object.fromEntries(Object.entries(versions).map(([name, version]) => [`version.${name}`, version])),
    ...(artifactUrl === undefined ? {} : { artifact: artifactUrl }),
  }
}

/** When the first of the trials began, else when the run did. */
function startOf(cells: readonly CellVerdict[], { trials, started }: RunFacts): string | undefined {
  return cells.flatMap(cell => trials.get(cell.trial)?.started ?? []).toSorted()[0] ?? started
}

/** The cases of a trial share its time equally, so that the times of all cases add up to those of the trials. */
function caseTimes(cells: readonly CellVerdict[], { trials }: RunFacts): (cell: CellVerdict) => number | undefined {
  const cases = new Map<string, number>()
  for (const { trial, expect } of cells) cases.set(trial, (cases.get(trial) ?? 0) + expect.length)
  return ({ trial }) => {
    const facts = trials.get(trial)
    return facts === undefined ? undefined : facts.tookMs / Math.max(1, cases.get(trial) ?? 1)
  }
}

function casesOf(
  cell: CellVerdict,
  baseline: Baseline | undefined,
  replay: string,
  timeMs: number | undefined,
): JunitCase[] {
  const properties = Object.fromEntries(
    Object.entries(cell.settings).map(([name, value]) => [name, settingValue(value)]),
  )
  return cell.expect.map((judged, at) => {
    const result = caseResult(cell, judged, at === 0, baseline, replay)
    return {
      classname: cell.scenario,
      name: `${cell.id} ${judged.what}: ${withoutRunNumbers(judged.expected)}`,
      ...(timeMs === undefined ? {} : { timeMs }),
      ...(at === 0 || result.kind !== 'passed' ? { properties } : {}),
      result,
    }
  })
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
    ...shownRanges(explainedRanges(cell), maxRanges).map(
      ({ word, from, to, cause }) => `${word}: messages ${from}–${to}: ${cause.text} [${cause.code}]`,
    ),
    ...tryTexts(cell),
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
