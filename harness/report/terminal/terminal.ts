/** The verdict as a table for the terminal: what was expected, what happened, which messages. Never colour alone. */
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import type { SettingValue } from '../../../model/plan.ts'
import { grid, paragraph } from './fold.ts'
import type { Column } from './fold.ts'

export interface TerminalOptions {
  colour: boolean
  folder: string
  /** Milliseconds of each phase, by trial. */
  phases: Record<string, Record<string, number>>
}

const width = 100
const words: Record<VerdictWord, string> = {
  violated: 'VIOLATED',
  inconclusive: 'INCONCLUSIVE',
  'not-shown': 'NOT SHOWN',
  held: 'held',
}
const codes: Record<VerdictWord, number> = { violated: 31, inconclusive: 33, 'not-shown': 35, held: 32 }
const rangesShown = 4
/** Acknowledgements a second from which on a lane's load is worth a line. */
const saturating = 400
const columns: readonly Column[] = [
  { title: 'cell', align: 'left', folds: true },
  { title: 'sent', align: 'right' },
  { title: 'acked', align: 'right' },
  { title: 'stored', align: 'right' },
  { title: 'lost', align: 'right' },
  { title: 'expected', align: 'left', folds: true },
  { title: 'verdict', align: 'left' },
]

export function terminal(verdict: RunVerdict, options: TerminalOptions): string {
  const paint = (word: VerdictWord, text: string) => (options.colour ? `\u001B[${codes[word]}m${text}\u001B[0m` : text)
  const lines: string[] = []
  for (const trial of new Set(verdict.cells.map(cell => cell.trial))) {
    const cells = verdict.cells.filter(cell => cell.trial === trial)
    lines.push(
      '',
      ...paragraph(trial, '', width),
      ...faultLines(cells),
      ...table(cells, paint),
      ...loadLines(cells),
      ...phaseLine(options.phases[trial]),
    )
  }
  for (const cell of verdict.cells) lines.push(...story(cell))
  if (verdict.claims.length > 0) lines.push('')
  for (const claim of verdict.claims)
    lines.push(
      ...paragraph(`claim ${claim.id}: ${claim.text}`, '  ', width),
      `  ${claim.shown ? 'shown' : 'NOT shown'} by ${cellsOf(claim.cells.length)}`,
    )
  // The folder stays in one piece, whatever its length: people copy it.
  lines.push(
    '',
    `${paint(verdict.verdict, words[verdict.verdict])}: ${tally(verdict)}; seed ${verdict.seed}`,
    `history and reports: ${options.folder}`,
  )
  return `${lines.join('\n').trimStart()}\n`
}

function table(cells: readonly CellVerdict[], paint: (word: VerdictWord, text: string) => string): string[] {
  const rows = cells.map(cell => {
    const { sent, acked, stored, lost } = cell.counts
    return [
      shortName(cell),
      String(sent),
      String(acked),
      String(stored),
      String(lost),
      expected(cell),
      words[cell.verdict],
    ]
  })
  const painted = (row: number, text: string) => paint(cells[row]?.verdict ?? 'inconclusive', text)
  return grid(columns, rows, width - 2, painted).map(line => `  ${line}`)
}

/** Each expectation with what happened where that is not plain; silent promises of none only where they were broken. */
function expected(cell: CellVerdict): string {
  const said = cell.expect.filter((judged, at) => at === 0 || !judged.ok || judged.expected !== '0')
  return said
    .map(
      ({ what, expected: text, actual, ok }) =>
        `${what}: ${text}${ok ? bounded(text, actual) : `, happened ${actual}`}`,
    )
    .join('; ')
}

/** A bound does not tell how many there were. */
const bounded = (text: string, actual: number) => (/^[<>]=/.test(text) ? ` (${actual})` : '')

/** What each lane took, where lanes were asked for more than the slowest of them could take. */
function loadLines(cells: readonly CellVerdict[]): string[] {
  const rates = cells.flatMap(cell => cell.load.ackedPerSec ?? [])
  if (rates.length === 0 || Math.max(...rates) < saturating) return []
  const told = cells.map(
    cell => `${shortName(cell)}: ${cell.load.ackedPerSec ?? 0} acked/s, half within ${cell.load.ackMsP50 ?? 0} ms`,
  )
  return paragraph(`before the fault: ${told.join('; ')}`, '  ', width)
}

function faultLines(cells: readonly CellVerdict[]): string[] {
  return (cells[0]?.faults ?? []).flatMap(({ fault, target, node, at, healedAt }) =>
    paragraph(
      `${(at / 1000).toFixed(1)} s ${fault} ${target} (${node})${healedAt === undefined ? '' : `, healed at ${(healedAt / 1000).toFixed(1)} s`}`,
      '  ',
      width,
    ),
  )
}

function phaseLine(phases: Record<string, number> | undefined): string[] {
  if (!phases) return []
  return paragraph(
    Object.entries(phases)
      .map(([phase, ms]) => `${phase} ${(ms / 1000).toFixed(1)} s`)
      .join(', '),
    '  ',
    width,
  )
}

/** What happened to messages, and why the verdict is not "held". */
function story(cell: CellVerdict): string[] {
  const { lost, skipped, reasons } = cell
  if (lost.length === 0 && skipped.length === 0 && reasons.length === 0) return []
  const severalPartitions = new Set(lost.map(({ p }) => p)).size > 1
  const ranges = lost.slice(0, rangesShown).flatMap(({ p, from, to, place, cause }) => {
    const where = `${severalPartitions ? `partition ${p}, ` : ''}${from === to ? `message ${from}` : `messages ${from}–${to}`} (${place})`
    return paragraph(`${where}: ${cause.text} [${cause.code}]`, '    ', width)
  })
  const passed = skipped
    .slice(0, rangesShown)
    .flatMap(({ cause }) => paragraph(`skipped: ${cause.text} [${cause.code}]`, '    ', width))
  const more = lost.length > rangesShown ? [`    and ${lost.length - rangesShown} more ranges`] : []
  return [
    '',
    ...paragraph(cell.id, '  ', width),
    ...reasons.flatMap(reason => paragraph(reason, '    ', width)),
    ...ranges,
    ...more,
    ...passed,
  ]
}

/** The matrix part of the id with short names where they are plain: `acks=1 min.insync.replicas=2`. */
export function shortName(cell: { id: string; settings: Record<string, SettingValue> }): string {
  const at = cell.id.indexOf('/')
  if (at < 0) return cell.id
  return cell.id
    .slice(at + 1)
    .split(',')
    .map(part => part.replace(/^[a-z]+\./, ''))
    .join(' ')
}

export function tally(verdict: RunVerdict): string {
  const order: VerdictWord[] = ['held', 'not-shown', 'inconclusive', 'violated']
  const counts = order
    .map(word => ({ word, count: verdict.cells.filter(cell => cell.verdict === word).length }))
    .filter(({ count }) => count > 0)
  return `${cellsOf(verdict.cells.length)}: ${counts.map(({ word, count }) => `${count} ${words[word].toLowerCase()}`).join(', ')}`
}

function cellsOf(count: number): string {
  return `${count} ${count === 1 ? 'cell' : 'cells'}`
}
