/** The verdict as text for the terminal: a table for each trial, then the cells that need an explanation. */
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { scenariosAlike } from '../words/alike.ts'
import { notableExpectations } from '../words/expectations.ts'
import { verdictCounts } from '../words/kinds.ts'
import { duration, number, plural, seconds } from '../words/numbers.ts'
import { explainedRanges } from '../words/ranges.ts'
import { cellNames, countedTexts, groupByText } from '../words/reasons.ts'
import { resultOf } from '../words/results.ts'
import { replayFolder } from '../words/replay-command.ts'
import { shortCellName } from '../words/settings.ts'
import { tryTexts } from '../words/tries.ts'
import { grid, paragraph } from './fold.ts'
import type { Column } from './fold.ts'

export interface TerminalOptions {
  colour: boolean
  folder: string
  /** Milliseconds of each phase, by trial. */
  phases: Record<string, Record<string, number>>
  /** Columns. Default: 100. */
  width?: number
}

const usualWidth = 100
/** Verdicts that need attention are in capitals, so that nothing depends on colour. */
const verdictWords: Record<VerdictWord, string> = {
  violated: 'VIOLATED',
  inconclusive: 'INCONCLUSIVE',
  'not-shown': 'NOT SHOWN',
  held: 'held',
}
const colours: Record<VerdictWord, number> = { violated: 31, inconclusive: 33, 'not-shown': 35, held: 32 }
const maxRanges = 4
/** Lanes that were given more load than this are compared by their throughput; acknowledgements per second. */
const saturatingLoad = 400
const columns: readonly Column[] = [
  { title: 'cell', align: 'left', folds: true },
  { title: 'sent', align: 'right' },
  { title: 'acked', align: 'right' },
  { title: 'kept?', align: 'left', folds: true },
  { title: 'cost', align: 'left', folds: true },
  { title: 'expected?', align: 'left', folds: true },
  { title: 'verdict', align: 'left' },
]

type Paint = (word: VerdictWord, text: string) => string

export function terminal(verdict: RunVerdict, options: TerminalOptions): string {
  const { width = usualWidth } = options
  const paint: Paint = (word, text) => (options.colour ? `\u001B[${colours[word]}m${text}\u001B[0m` : text)
  const trials = [...Map.groupBy(verdict.cells, cell => cell.trial)].flatMap(([trial, cells]) => [
    '',
    ...paragraph(trial, '', width),
    ...faultLines(cells, width),
    ...table(cells, paint, width),
    ...throughputLines(cells, width),
    ...phaseLine(options.phases[trial], width),
  ])
  const alike = scenariosAlike(verdict.cells, cell => cell.faults).flatMap(({ scenario, text }) => [
    '',
    ...paragraph(`${scenario}: ${text}`, '  ', width),
  ])
  const claims = verdict.claims.flatMap(claim => [
    ...paragraph(`claim ${claim.id}: ${claim.text}`, '  ', width),
    `  ${claim.shown ? 'shown' : 'NOT shown'} by ${plural(claim.cells.length, 'cell')}`,
  ])
  const lines = [
    ...trials,
    ...explanations(verdict.cells, options.folder, width),
    ...alike,
    ...(claims.length === 0 ? [] : ['', ...claims]),
    '',
    `${paint(verdict.verdict, verdictWords[verdict.verdict])}: ${verdictCounts(verdict)}; seed ${verdict.seed}`,
    // Not wrapped, so that people can copy the path.
    `history and reports: ${options.folder}`,
  ]
  return `${lines.join('\n').trimStart()}\n`
}

function table(cells: readonly CellVerdict[], paint: Paint, width: number): string[] {
  const rows = cells.map(cell => {
    const { keptShort, costShort, expected } = resultOf(cell)
    return [
      shortCellName(cell),
      String(cell.counts.sent),
      String(cell.counts.acked),
      keptShort,
      costShort || '–',
      [expected, expectations(cell)].filter(text => text !== '').join(': '),
      verdictWords[cell.verdict],
    ]
  })
  const painted = (row: number, text: string) => paint(cells[row]?.verdict ?? 'inconclusive', text)
  return grid(columns, rows, width - 2, painted).map(line => `  ${line}`)
}

function expectations(cell: CellVerdict): string {
  return notableExpectations(cell.expect)
    .map(
      ({ what, expected, actual, ok }) =>
        `${what}: ${expected}${ok ? actualWithinBound(expected, actual) : `, got ${actual}`}`,
    )
    .join('; ')
}

/** A bound such as `>= 1` does not say how many there were. */
const actualWithinBound = (expected: string, actual: number) => (/^[<>]=/.test(expected) ? ` (${actual})` : '')

/** Throughput of each lane, where the load was high enough to compare the lanes. */
function throughputLines(cells: readonly CellVerdict[], width: number): string[] {
  const rates = cells.flatMap(cell => cell.load.ackedPerSec ?? [])
  if (rates.length === 0 || Math.max(...rates) < saturatingLoad) return []
  const texts = cells.map(
    ({ id, load }) =>
      `${shortCellName({ id })}: ${number(load.ackedPerSec ?? 0)} acked/s, median latency ${load.ackMsP50 ?? 0} ms`,
  )
  return paragraph(`before the fault: ${texts.join('; ')}`, '  ', width)
}

function faultLines(cells: readonly CellVerdict[], width: number): string[] {
  return (cells[0]?.faults ?? []).flatMap(({ fault, target, node, at, healedAt }) => {
    const healed = healedAt === undefined ? '' : `, healed at ${seconds(healedAt)}`
    return paragraph(`${seconds(at)} ${fault} ${target} (${node})${healed}`, '  ', width)
  })
}

function phaseLine(phases: Record<string, number> | undefined, width: number): string[] {
  if (!phases) return []
  const texts = Object.entries(phases).map(([phase, ms]) => `${phase} ${duration(ms)}`)
  return paragraph(`time: ${texts.join(', ')}`, '  ', width)
}

/** Why verdicts are not `held`, and the causes of losses. Cells with the same explanation share it. */
function explanations(cells: readonly CellVerdict[], folder: string, width: number): string[] {
  return groupByText(cells, cell => explanation(cell, width).join('\n')).flatMap(({ cells: same, text }) => [
    '',
    ...paragraph(cellNames(same), '  ', width),
    ...text.split('\n'),
    // Not wrapped, so that people can copy the command.
    `    again: ${replayFolder(folder, same[0]?.id)}`,
  ])
}

type Explained = Pick<CellVerdict, 'lost' | 'skipped' | 'unsent' | 'reasons' | 'tries'>

/** Lost, skipped and unsent messages with their causes, and why the verdict is not `held`: indented lines. */
export function explanation(cell: Explained, width = usualWidth): string[] {
  const { lost, reasons } = cell
  const severalPartitions = new Set(lost.map(({ p }) => p)).size > 1
  const ranges = lost.slice(0, maxRanges).flatMap(({ p, from, to, place, cause }) => {
    const numbers = from === to ? `message ${from}` : `messages ${from}–${to}`
    const partition = severalPartitions ? `partition ${p}, ` : ''
    return paragraph(`lost ${partition}${numbers} (${place}): ${cause.text} [${cause.code}]`, '    ', width)
  })
  const others = countedTexts(
    explainedRanges(cell).flatMap(({ word, cause }) =>
      word === 'lost' ? [] : [`${word}: ${cause.text} [${cause.code}]`],
    ),
  )
    .slice(0, maxRanges)
    .flatMap(text => paragraph(text, '    ', width))
  const more = lost.length > maxRanges ? [`    and ${plural(lost.length - maxRanges, 'more range')}`] : []
  return [
    ...[...countedTexts(reasons), ...tryTexts(cell)].flatMap(text => paragraph(text, '    ', width)),
    ...ranges,
    ...more,
    ...others,
  ]
}
