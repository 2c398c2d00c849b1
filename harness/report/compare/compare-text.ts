/** A comparison as a table: for the terminal, and as Markdown for a pull request. */
import { escapeMarkdown, limited, markdownRow } from '../formats/markdown-text.ts'
import { grid, paragraph } from '../terminal/fold.ts'
import type { Column } from '../terminal/fold.ts'
import { duration, number } from '../words/numbers.ts'
import { systemLabel } from '../words/systems.ts'
import { statuses, statusMeanings } from './comparison.ts'
import type { CellChange, Comparison, Status, VersionChange } from './comparison.ts'

/** Cells with these statuses are only counted, unless the cell itself changed. */
const unlisted: ReadonlySet<Status> = new Set(['unchanged'])
const colours: Partial<Record<Status, number>> = {
  'newly violated': 31,
  vanished: 31,
  worse: 33,
  'worse figures': 33,
  fixed: 32,
  better: 32,
  'known violation': 35,
}
const marks: Record<Status, string> = {
  'newly violated': '❌',
  vanished: '❌',
  worse: '🟡',
  'worse figures': '🟡',
  'known violation': '⚠️',
  fixed: '🎉',
  better: '✅',
  new: '➕',
  'not run': '➖',
  unchanged: '',
}
const columns: readonly Column[] = [
  { title: 'cell', align: 'left', folds: true },
  { title: 'verdict', align: 'left' },
  { title: 'lost', align: 'left' },
  { title: 'longest outage', align: 'left' },
  { title: 'change', align: 'left' },
]

const listedChanges = ({ changes }: Comparison): CellChange[] =>
  changes.filter(({ status, differences }) => !unlisted.has(status) || differences.length > 0)

/** `width`: columns. */
export function compareTerminal(
  comparison: Comparison,
  { colour, width = 100 }: { colour: boolean; width?: number },
): string {
  const shown = listedChanges(comparison)
  const paint = (row: number, text: string) => {
    const code = colours[shown[row]?.status ?? 'unchanged']
    return colour && code !== undefined ? `\u001B[${code}m${text}\u001B[0m` : text
  }
  const table = grid(
    columns,
    shown.map(change => [change.id, verdicts(change), lost(change), outage(change), change.status]),
    width - 2,
    paint,
  )
  const details = shown.flatMap(change => {
    const texts = detailsOf(change)
    if (texts.length === 0) return []
    return ['', ...paragraph(change.id, '  ', width), ...texts.flatMap(text => paragraph(text, '    ', width))]
  })
  return `${[
    ...paragraph(`${comparison.before} → ${comparison.after}`, '', width),
    ...comparison.versions.flatMap(change => paragraph(versionText(change), '  ', width)),
    ...(shown.length === 0 ? [] : table.map(line => `  ${line}`)),
    ...details,
    '',
    ...paragraph(`${conclusion(comparison)}: ${statusCounts(comparison)}`, '', width),
  ].join('\n')}\n`
}

export function compareMarkdown(comparison: Comparison): string {
  const shown = listedChanges(comparison)
  const rows = shown.map(change =>
    markdownRow([
      `${marks[change.status]} ${change.status}`.trim(),
      change.id,
      verdicts(change),
      lost(change),
      outage(change),
    ]),
  )
  const details = shown.flatMap(change => {
    const texts = detailsOf(change)
    return texts.length === 0 ? [] : [`- ${escapeMarkdown(change.id)}: ${texts.map(escapeMarkdown).join('; ')}`]
  })
  return limited([
    [
      `# Lossproof: ${conclusion(comparison)}`,
      '',
      `${escapeMarkdown(comparison.before)} → ${escapeMarkdown(comparison.after)}: ${statusCounts(comparison)}`,
      '',
      ...comparison.versions.map(change => `- ${escapeMarkdown(versionText(change))}`),
      ...(comparison.versions.length === 0 ? [] : ['']),
    ],
    rows.length === 0
      ? []
      : [
          markdownRow(['change', 'cell', 'verdict', 'lost', 'longest outage']),
          markdownRow(['---', '---', '---', '---:', '---:']),
          ...rows,
        ],
    details.length === 0 ? [] : ['', '## Details', '', ...details],
  ])
}

function conclusion({ outcome, failures }: Comparison): string {
  if (outcome === 'worse') return `failed: ${failures.map(({ text }) => text).join(', ')}`
  return outcome === 'undecided' ? 'undecided: cells have no verdict any more, or the run has no cells' : 'passed'
}

/** `1 newly violated, 2 vanished (only in the first run)`. */
function statusCounts({ changes }: Comparison): string {
  const counts = statuses.flatMap(status => {
    const count = changes.filter(change => change.status === status).length
    return count === 0 ? [] : [`${number(count)} ${status} (${statusMeanings[status]})`]
  })
  return counts.join(', ') || 'no cells'
}

export const versionText = ({ name, before, after }: VersionChange): string =>
  `versions differ: ${systemLabel(name)} ${before ?? 'none'} → ${after ?? 'none'}`

/** Why the cell got worse, its worse figures, and what changed in the cell itself. */
export function detailsOf({ status, after, worseFigures, differences }: CellChange): string[] {
  const reasons = status === 'newly violated' || status === 'worse' ? (after?.reasons ?? []) : []
  return [
    ...reasons,
    ...worseFigures.map(({ text }) => `worse: ${text}`),
    ...differences.map(text => `changed: ${text}`),
  ]
}

function verdicts({ before, after, newlyBroken }: CellChange): string {
  const broken = newlyBroken.length === 0 ? '' : ` (${newlyBroken.join(', ')})`
  return `${fromTo(before?.verdict, after?.verdict, word => word)}${broken}`
}

/** `held → violated (lost); lost 0 → 52`. */
export function changeText(change: CellChange): string {
  const lostDiffers = change.before?.lost !== change.after?.lost
  return `${verdicts(change)}${lostDiffers ? `; lost ${lost(change)}` : ''}`
}

const lost = ({ before, after }: CellChange): string => fromTo(before?.lost, after?.lost, number)
const outage = ({ before, after }: CellChange): string => fromTo(before?.unavailableMs, after?.unavailableMs, duration)

function fromTo<V>(before: V | undefined, after: V | undefined, text: (value: V) => string): string {
  const [from, to] = [before, after].map(value => (value === undefined ? '–' : text(value))) as [string, string]
  return from === to || from === '–' ? to : `${from} → ${to}`
}
