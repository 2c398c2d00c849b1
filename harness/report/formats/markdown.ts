/** The verdict as Markdown for a job summary or a comment: what failed and why, then the table of all cells, worst first. */
import type { CellVerdict, RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnownViolation } from '../compare/baseline.ts'
import type { Comparison } from '../compare/comparison.ts'
import { scenariosAlike } from '../words/alike.ts'
import { notableExpectations } from '../words/expectations.ts'
import { kindOf, verdictCounts } from '../words/kinds.ts'
import { number } from '../words/numbers.ts'
import { explainedRanges } from '../words/ranges.ts'
import { cellNames, countedTexts, groupByText } from '../words/reasons.ts'
import { replayCommand } from '../words/replay-command.ts'
import { resultOf } from '../words/results.ts'
import { shortCellName } from '../words/settings.ts'
import { tryTexts } from '../words/tries.ts'
import { factsLine } from './facts-line.ts'
import { escapeMarkdown, limited, markdownRow, maxBytes } from './markdown-text.ts'
import { noFacts } from './run-facts.ts'
import type { RunFacts } from './run-facts.ts'

const marks = {
  held: '✅ held',
  'expected-loss': '☑️ lost as predicted',
  costly: '⚠️ held, at a high cost',
  'not-shown': '🟣 not shown',
  inconclusive: '🟡 inconclusive',
  violated: '❌ violated',
} as const

const maxCauses = 4

export interface MarkdownOptions {
  baseline?: Baseline
  /** Changes since the baseline. */
  comparison?: Comparison
  /** Names of the runs that were merged into this one. Default: the run itself. */
  runs?: readonly string[]
  /** Shards that are missing in a merged run: `2 of 4`. */
  missingShards?: readonly string[]
  facts?: RunFacts
  /** The address of the run's files. */
  artifactUrl?: string | undefined
  limitBytes?: number
}

export function markdown(verdict: RunVerdict, options: MarkdownOptions = {}): string {
  const { baseline, comparison, runs = [verdict.run], missingShards = [], limitBytes = maxBytes } = options
  const { facts = noFacts, artifactUrl } = options
  const isKnown = (cell: CellVerdict) => isKnownViolation(baseline, cell)
  const rank = (cell: CellVerdict) => (isKnown(cell) ? verdicts.length : verdicts.indexOf(cell.verdict))
  const cells = verdict.cells.toSorted((a, b) => rank(a) - rank(b))
  const list = (texts: readonly string[]) => texts.map(text => `- ${escapeMarkdown(text)}`)
  const claims = verdict.claims.map(
    claim =>
      `- ${claim.shown ? '**shown**' : '**not shown**'} ${escapeMarkdown(claim.id)}: ${escapeMarkdown(claim.text)}`,
  )
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
  return limited(
    [
      [
        `# Lossproof: ${marks[verdict.verdict]}`,
        '',
        `${verdictCounts(verdict)}; ${factsLine(verdict.seed, facts)}`,
        '',
      ],
      artifactUrl === undefined ? [] : [`[Report, history and logs of this run](${linkTarget(artifactUrl)})`, ''],
      missingShards.map(shard => `- **missing:** shard ${shard}. Nothing is known about its cells.`),
      missingShards.length === 0 ? [] : [''],
      failureLines(cells, isKnown),
      [
        markdownRow(['scenario', 'cell', 'kept?', 'skipped', 'cost', 'expected?', 'verdict']),
        markdownRow(['---', '---', '---', '---:', '---', '---', '---']),
        ...cells.map(cell => rowOf(cell, isKnown(cell))),
      ],
      section('Compared with the baseline', baselineLines(comparison)),
      section('Run again, because inconclusive', triedAgain(cells)),
      section(
        'Schedules that tell nothing apart',
        list(scenariosAlike(verdict.cells, cell => cell.faults).map(({ scenario, text }) => `${scenario}: ${text}`)),
      ),
      section('Claims', claims),
      section('Run it again', ['```', ...runs.map(run => replayCommand(run).replaceAll('`', '')), '```']),
    ],
    limitBytes,
  )
}

/** Cells with the same reasons and causes share a line. */
function failureLines(cells: readonly CellVerdict[], isKnown: (cell: CellVerdict) => boolean): string[] {
  const failed = cells.filter(({ verdict }) => verdict !== 'held')
  const lines = groupByText(failed, cell => `${marks[kindOf(cell)]}\n${isKnown(cell)}\n${whyOf(cell)}`).flatMap(
    ({ cells: same }) => {
      const [first] = same
      if (first === undefined) return []
      const mark = `${marks[kindOf(first)]}${isKnown(first) ? ' (known)' : ''}`
      const kept = same.length === 1 ? ` (${resultOf(first).kept})` : ''
      const why = whyOf(first)
      return [`- ${mark} **${escapeMarkdown(cellNames(same))}**${kept}${why === '' ? '' : `: ${escapeMarkdown(why)}`}`]
    },
  )
  return lines.length === 0 ? [] : ['## What failed', '', ...lines, '', '## All cells', '']
}

/** Reasons of the verdict, then why messages are gone or were passed over. */
function whyOf(cell: CellVerdict): string {
  const causes = [...Map.groupBy(explainedRanges(cell), ({ word, cause }) => `${word} ${cause.code}`)].map(
    ([, same]) => {
      const [first] = same
      const count = same.reduce((sum, range) => sum + range.count, 0)
      return `${number(count)} ${first?.word ?? ''}: ${first?.cause.text ?? ''} [${first?.cause.code ?? ''}]`
    },
  )
  const more = causes.length > maxCauses ? [`and ${causes.length - maxCauses} more causes`] : []
  return [...countedTexts(cell.reasons), ...causes.slice(0, maxCauses), ...more].join('; ')
}

function rowOf(cell: CellVerdict, known: boolean): string {
  const { kept, cost, expected } = resultOf(cell)
  const expectations = notableExpectations(cell.expect).map(one => `${one.what}: ${one.expected}`)
  const { processed, skipped, stalled } = cell.counts
  return markdownRow([
    cell.scenario,
    shortCellName(cell),
    kept,
    processed + skipped + stalled === 0 ? '–' : number(skipped),
    cost || '–',
    expectations.length === 0 ? expected : `${expected} (${expectations.join('; ')})`,
    `${marks[kindOf(cell)]}${known ? ' (known)' : ''}`,
  ])
}

const triedAgain = (cells: readonly CellVerdict[]): string[] =>
  cells.flatMap(cell => {
    const texts = tryTexts(cell)
    return texts.length === 0 ? [] : [`- ${escapeMarkdown(cell.id)}: ${texts.map(escapeMarkdown).join('; ')}`]
  })

/** An address as the target of a link. */
const linkTarget = (url: string): string => `<${url.replaceAll(/[<>\s]/g, encodeURIComponent)}>`

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
