/** A comparison as a table: for the terminal, and as Markdown for a pull request. */
import type { CellChange, Comparison, Status } from './compare.ts'
import { statuses } from './compare.ts'
import { grid, paragraph } from '../terminal/fold.ts'
import type { Column } from '../terminal/fold.ts'
import { number, seconds } from '../words/numbers.ts'
import { escapeMarkdown, limited, markdownRow } from '../formats/markdown-text.ts'

const width = 100
/** Cells with these statuses are listed. The others are only counted. */
const listed: ReadonlySet<Status> = new Set([
  'newly violated',
  'fixed',
  'known violation',
  'worse',
  'better',
  'not run',
])
const colours: Partial<Record<Status, number>> = {
  'newly violated': 31,
  worse: 33,
  fixed: 32,
  better: 32,
  'known violation': 35,
}
const marks: Record<Status, string> = {
  'newly violated': '❌',
  fixed: '🎉',
  'known violation': '⚠️',
  worse: '🟡',
  better: '✅',
  new: '➕',
  'not run': '➖',
  unchanged: '',
}
const means: Partial<Record<Status, string>> = {
  worse: 'inconclusive now, or an expected loss did not happen',
  'known violation': 'violated before and now',
  'not run': 'missing in the second run',
}
const columns: readonly Column[] = [
  { title: '', align: 'left' },
  { title: 'cell', align: 'left', folds: true },
  { title: 'verdict', align: 'left' },
  { title: 'lost', align: 'left' },
  { title: 'longest outage', align: 'left' },
]

export function compareTerminal(comparison: Comparison, options: { colour: boolean }): string {
  const shown = comparison.changes.filter(({ status }) => listed.has(status))
  const paint = (row: number, text: string) => {
    const code = colours[shown[row]?.status ?? 'unchanged']
    return options.colour && code !== undefined ? `\u001B[${code}m${text}\u001B[0m` : text
  }
  // A grid can colour only its last column, so the status is the last column.
  const table = grid(
    [...columns.slice(1), { title: 'change', align: 'left' }],
    shown.map(change => [change.id, verdicts(change), lost(change), outage(change), change.status]),
    width - 2,
    paint,
  )
  const reasons = shown
    .filter(({ status }) => status === 'newly violated' || status === 'worse')
    .flatMap(change => [
      '',
      ...paragraph(change.id, '  ', width),
      ...(change.after?.reasons ?? []).flatMap(reason => paragraph(reason, '    ', width)),
    ])
  return `${[
    ...paragraph(`${comparison.before} → ${comparison.after}`, '', width),
    ...(shown.length === 0 ? [] : table.map(line => `  ${line}`)),
    ...reasons,
    '',
    `${verdictOf(comparison)}: ${statusCounts(comparison)}`,
  ].join('\n')}\n`
}

export function compareMarkdown(comparison: Comparison): string {
  const shown = comparison.changes.filter(({ status }) => listed.has(status))
  const rows = shown.map(change =>
    markdownRow([
      `${marks[change.status]} ${change.status}`,
      change.id,
      verdicts(change),
      lost(change),
      outage(change),
    ]),
  )
  const reasons = shown
    .filter(({ status }) => status === 'newly violated' || status === 'worse')
    .map(({ id, after }) => `- ${escapeMarkdown(id)}: ${(after?.reasons ?? []).map(escapeMarkdown).join('; ')}`)
  return limited([
    [
      `# Lossproof: ${verdictOf(comparison)}`,
      '',
      `${escapeMarkdown(comparison.before)} → ${escapeMarkdown(comparison.after)}: ${statusCounts(comparison)}`,
      '',
    ],
    rows.length === 0
      ? []
      : [
          markdownRow(['change', 'cell', 'verdict', 'lost', 'longest outage']),
          markdownRow(['---', '---', '---', '---:', '---:']),
          ...rows,
        ],
    reasons.length === 0 ? [] : ['', '## Why', '', ...reasons],
  ])
}

const verdictOf = ({ outcome }: Comparison) =>
  ({
    worse: 'new violations',
    undecided: 'no new violation, but some cells have no verdict any more',
    fine: 'nothing got worse',
  })[outcome]

function statusCounts({ changes }: Comparison): string {
  const counts = statuses.flatMap(status => {
    const count = changes.filter(change => change.status === status).length
    return count === 0 ? [] : [`${count} ${status}${means[status] === undefined ? '' : ` (${means[status]})`}`]
  })
  return counts.join(', ') || 'no cells'
}

function verdicts({ before, after, newlyBroken }: CellChange): string {
  const from = before?.verdict ?? '–'
  const to = after?.verdict ?? '–'
  const broken = newlyBroken.length === 0 ? '' : ` (${newlyBroken.join(', ')})`
  return `${from === to ? to : `${from} → ${to}`}${broken}`
}

const lost = ({ before, after }: CellChange) => fromTo(before?.lost, after?.lost, number)
const outage = ({ before, after }: CellChange) => fromTo(before?.unavailableMs, after?.unavailableMs, seconds)

function fromTo(before: number | undefined, after: number | undefined, words: (value: number) => string): string {
  const [from, to] = [before, after].map(value => (value === undefined ? '–' : words(value)))
  return from === to ? (to ?? '–') : from === '–' ? (to ?? '–') : `${from} → ${to}`
}
