/** The verdict as a table for the terminal: what was expected, what happened, which messages. Never colour alone. */
import type { CellVerdict, RunVerdict, VerdictWord } from '../check/verdict.ts'
import type { SettingValue } from '../plan/types.ts'

export interface TerminalOptions {
  colour: boolean
  folder: string
  /** Milliseconds of each phase, by trial. */
  phases: Record<string, Record<string, number>>
}

const width = 100
const words: Record<VerdictWord, string> = { violated: 'VIOLATED', inconclusive: 'INCONCLUSIVE', 'not-shown': 'NOT SHOWN', held: 'held' }
const codes: Record<VerdictWord, number> = { violated: 31, inconclusive: 33, 'not-shown': 35, held: 32 }
const rangesShown = 4

export function terminal(verdict: RunVerdict, options: TerminalOptions): string {
  const paint = (word: VerdictWord, text: string) => (options.colour ? `\u001B[${codes[word]}m${text}\u001B[0m` : text)
  const lines: string[] = []
  for (const trial of new Set(verdict.cells.map(cell => cell.trial))) {
    const cells = verdict.cells.filter(cell => cell.trial === trial)
    lines.push('', trial, ...faultLines(cells), ...table(cells, paint), ...phaseLine(options.phases[trial]))
  }
  for (const cell of verdict.cells) lines.push(...story(cell))
  if (verdict.claims.length > 0) lines.push('')
  for (const claim of verdict.claims) lines.push(...wrap(`claim ${claim.id}: ${claim.text}`, '  '), `  ${claim.shown ? 'shown' : 'NOT shown'} by ${claim.cells.length} cells`)
  lines.push('', `${paint(verdict.verdict, words[verdict.verdict])}: ${tally(verdict)}; seed ${verdict.seed}`, `history and reports: ${options.folder}`)
  return `${lines.join('\n').trimStart()}\n`
}

function table(cells: readonly CellVerdict[], paint: (word: VerdictWord, text: string) => string): string[] {
  const rows = cells.map(cell => [
    shortName(cell),
    String(cell.counts.sent),
    String(cell.counts.acked),
    String(cell.counts.stored),
    String(cell.counts.lost),
    ...cell.expect.slice(0, 1).map(judged => `${judged.what}: ${judged.expected}`),
  ])
  const head = ['cell', 'sent', 'acked', 'stored', 'lost', 'expected']
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map(row => (row[column] ?? '').length)))
  const line = (row: string[]) => row.map((text, column) => (column === 0 || column === 5 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join('  ')
  return [`  ${line(head)}  verdict`, ...rows.map((row, at) => `  ${line(row)}  ${verdictOf(cells[at], paint)}`)]
}

function verdictOf(cell: CellVerdict | undefined, paint: (word: VerdictWord, text: string) => string): string {
  return cell ? paint(cell.verdict, words[cell.verdict]) : ''
}

function faultLines(cells: readonly CellVerdict[]): string[] {
  return (cells[0]?.faults ?? []).map(({ fault, target, node, at, healedAt }) =>
    `  ${(at / 1000).toFixed(1)} s ${fault} ${target} (${node})${healedAt === undefined ? '' : `, healed at ${(healedAt / 1000).toFixed(1)} s`}`,
  )
}

function phaseLine(phases: Record<string, number> | undefined): string[] {
  if (!phases) return []
  return [`  ${Object.entries(phases).map(([phase, ms]) => `${phase} ${(ms / 1000).toFixed(1)} s`).join(', ')}`]
}

/** What happened to messages, and why the verdict is not "held". */
function story(cell: CellVerdict): string[] {
  const { lost, reasons } = cell
  if (lost.length === 0 && reasons.length === 0) return []
  const ranges = lost.slice(0, rangesShown).flatMap(({ from, to, place, cause }) =>
    wrap(`messages ${from === to ? from : `${from}–${to}`} (${place}): ${cause.text} [${cause.code}]`, '    '),
  )
  const more = lost.length > rangesShown ? [`    and ${lost.length - rangesShown} more ranges`] : []
  return ['', `  ${cell.id}`, ...reasons.flatMap(reason => wrap(reason, '    ')), ...ranges, ...more]
}

/** The matrix part of the id with short names where they are plain: `acks=1 min.insync.replicas=2`. */
export function shortName(cell: { id: string; settings: Record<string, SettingValue> }): string {
  const at = cell.id.indexOf('/')
  if (at < 0) return cell.id
  return cell.id.slice(at + 1).split(',').map(part => part.replace(/^[a-z]+\./, '')).join(' ')
}

export function tally(verdict: RunVerdict): string {
  const order: VerdictWord[] = ['held', 'not-shown', 'inconclusive', 'violated']
  const counts = order.map(word => ({ word, count: verdict.cells.filter(cell => cell.verdict === word).length })).filter(({ count }) => count > 0)
  return `${verdict.cells.length} cells: ${counts.map(({ word, count }) => `${count} ${words[word].toLowerCase()}`).join(', ')}`
}

/** Folds a line at spaces; further lines are indented by two more. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let current = indent
  for (const word of text.split(' ')) {
    if (current.length + word.length + 1 > width && current.trim() !== '') {
      lines.push(current)
      current = `${indent}  `
    }
    current += current.endsWith(' ') || current === '' ? word : ` ${word}`
  }
  return [...lines, current]
}
