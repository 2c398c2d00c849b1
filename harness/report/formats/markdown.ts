/** The verdict as Markdown for a job summary. The table of cells comes first, with the worst cells at its top. */
import type { RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import type { Comparison } from '../compare/comparison.ts'
import { isKnown } from '../compare/baseline.ts'
import { kindOf, verdictCounts } from '../words/kinds.ts'
import { escapeMarkdown, limited, markdownRow, maxBytes } from './markdown-text.ts'
import { replayCommand } from '../words/replay-command.ts'
import { shortCellName } from '../words/settings.ts'

const marks = {
  held: '✅ held',
  'expected-loss': '✅ held (lost as predicted)',
  'not-shown': '🟣 not shown',
  inconclusive: '🟡 inconclusive',
  violated: '❌ violated',
} as const

export interface MarkdownOptions {
  baseline?: Baseline
  /** Changes since the baseline. */
  comparison?: Comparison
  /** Names of the runs that were merged into this one. Default: the run itself. */
  runs?: readonly string[]
  limitBytes?: number
}

export function markdown(
  verdict: RunVerdict,
  { baseline, comparison, runs = [verdict.run], limitBytes = maxBytes }: MarkdownOptions = {},
): string {
  const cells = verdict.cells.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))
  const rows = cells.map(cell => {
    const known =
      cell.verdict === 'violated' && cell.expect.every(({ what, ok }) => ok || isKnown(baseline, cell.id, what))
    return markdownRow([
      cell.scenario,
      shortCellName(cell),
      cell.counts.acked,
      cell.counts.lost,
      cell.expect[0] ? `${cell.expect[0].what}: ${cell.expect[0].expected}` : '',
      `${marks[kindOf(cell)]}${known ? ' (known)' : ''}`,
    ])
  })
  const claims = verdict.claims.map(
    claim =>
      `- ${claim.shown ? '**shown**' : '**not shown**'} ${escapeMarkdown(claim.id)}: ${escapeMarkdown(claim.text)}`,
  )
  const reasons = cells
    .filter(cell => cell.reasons.length > 0)
    .map(cell => `- ${escapeMarkdown(cell.id)}: ${cell.reasons.map(escapeMarkdown).join('; ')}`)
  return limited(
    [
      [`# Lossproof: ${marks[verdict.verdict]}`, '', `${verdictCounts(verdict)}; seed ${verdict.seed}`, ''],
      [
        markdownRow(['scenario', 'cell', 'acked', 'lost', 'expected', 'verdict']),
        markdownRow(['---', '---', '---:', '---:', '---', '---']),
        ...rows,
      ],
      baselineLines(comparison),
      reasons.length === 0 ? [] : ['', '## Why not held', '', ...reasons],
      claims.length === 0 ? [] : ['', '## Claims', '', ...claims],
      ['', '## Run it again', '', '```', ...runs.map(run => replayCommand(run).replaceAll('`', '')), '```'],
    ],
    limitBytes,
  )
}

function baselineLines(comparison: Comparison | undefined): string[] {
  if (!comparison) return []
  const changes = comparison.changes.filter(
    ({ status }) => status === 'newly violated' || status === 'fixed' || status === 'known violation',
  )
  const lines = changes.map(
    ({ id, status, newlyBroken }) =>
      `- **${status}** ${escapeMarkdown(id)}${newlyBroken.length === 0 ? '' : `: ${escapeMarkdown(newlyBroken.join(', '))}`}`,
  )
  return ['', '## Compared with the baseline', '', ...(lines.length === 0 ? ['No new violation, none fixed.'] : lines)]
}
