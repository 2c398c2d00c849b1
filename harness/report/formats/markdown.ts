/** The verdict as Markdown for a job summary. The table of cells comes first, with the worst cells at its top. */
import type { RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnownViolation } from '../compare/baseline.ts'
import type { Comparison } from '../compare/comparison.ts'
import { scenariosAlike } from '../words/alike.ts'
import { notableExpectations } from '../words/expectations.ts'
import { kindOf, verdictCounts } from '../words/kinds.ts'
import { cellNames, countedTexts, groupByText } from '../words/reasons.ts'
import { replayCommand } from '../words/replay-command.ts'
import { resultOf } from '../words/results.ts'
import { shortCellName } from '../words/settings.ts'
import { escapeMarkdown, limited, markdownRow, maxBytes } from './markdown-text.ts'

const marks = {
  held: '✅ held',
  'expected-loss': '☑️ lost as predicted',
  costly: '⚠️ held, at a high cost',
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
  /** Shards that are missing in a merged run: `2 of 4`. */
  missingShards?: readonly string[]
  limitBytes?: number
}

export function markdown(
  verdict: RunVerdict,
  { baseline, comparison, runs = [verdict.run], missingShards = [], limitBytes = maxBytes }: MarkdownOptions = {},
): string {
  const cells = verdict.cells.toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))
  const rows = cells.map(cell => {
    const { kept, cost, expected } = resultOf(cell)
    const expectations = notableExpectations(cell.expect).map(one => `${one.what}: ${one.expected}`)
    return markdownRow([
      cell.scenario,
      shortCellName(cell),
      kept,
      cost || '–',
      expectations.length === 0 ? expected : `${expected} (${expectations.join('; ')})`,
      `${marks[kindOf(cell)]}${isKnownViolation(baseline, cell) ? ' (known)' : ''}`,
    ])
  })
  const reasons = groupByText(cells, cell => countedTexts(cell.reasons).map(escapeMarkdown).join('; ')).map(
    ({ cells: same, text }) => `- ${escapeMarkdown(cellNames(same))}: ${text}`,
  )
  const alike = scenariosAlike(verdict.cells, cell => cell.faults).map(
    ({ scenario, text }) => `- ${escapeMarkdown(`${scenario}: ${text}`)}`,
  )
  const claims = verdict.claims.map(
    claim =>
      `- ${claim.shown ? '**shown**' : '**not shown**'} ${escapeMarkdown(claim.id)}: ${escapeMarkdown(claim.text)}`,
  )
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
  return limited(
    [
      [`# Lossproof: ${marks[verdict.verdict]}`, '', `${verdictCounts(verdict)}; seed ${verdict.seed}`, ''],
      missingShards.map(shard => `- **missing:** shard ${shard}. Nothing is known about its cells.`),
      missingShards.length === 0 ? [] : [''],
      [
        markdownRow(['scenario', 'cell', 'kept?', 'cost', 'expected?', 'verdict']),
        markdownRow(['---', '---', '---', '---', '---', '---']),
        ...rows,
      ],
      section('Compared with the baseline', baselineLines(comparison)),
      section('Why not held', reasons),
      section('Schedules that tell nothing apart', alike),
      section('Claims', claims),
      section('Run it again', ['```', ...runs.map(run => replayCommand(run).replaceAll('`', '')), '```']),
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
  return lines.length === 0 ? ['No new violation, none fixed.'] : lines
}
