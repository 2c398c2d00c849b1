/** The result of a stress as Markdown, for job summaries. What was found comes first. */
import type { Finding, StressResult } from '../../../model/stress/stress.ts'
import { plural } from '../words/numbers.ts'
import { escapeMarkdown, limited, markdownRow } from '../formats/markdown-text.ts'
import { systemLabel } from '../words/systems.ts'
import { coverageByFault, duration, headline, inconclusiveReasons, outcomeWords, reliability } from './words.ts'
import { settingsWords } from '../../stress/finish/words.ts'

const marks: Record<StressResult['verdict'], string> = { violated: '❌', inconclusive: '🟡', held: '✅' }

export function stressMarkdown(result: StressResult): string {
  const { plan, findings, verdict, trials } = result
  const reasons = inconclusiveReasons(trials)
  return limited([
    [
      `# Lossproof stress: ${systemLabel(plan.system)} ${escapeMarkdown(plan.version)}`,
      '',
      `${marks[verdict]} ${escapeMarkdown(headline(result))}`,
      '',
    ],
    findings.flatMap(findingSection),
    [
      '## Tried',
      '',
      markdownRow(['fault', 'roles covered', 'roles']),
      markdownRow(['---', '---:', '---:']),
      ...coverageByFault(result).map(({ fault, covered, of }) => markdownRow([fault, covered, of])),
      '',
    ],
    reasons.length === 0
      ? []
      : ['## Inconclusive', '', ...reasons.map(({ reason, times }) => `- ${times} × ${escapeMarkdown(reason)}`), ''],
  ])
}

function findingSection(finding: Finding): string[] {
  const { kind, trial, cause, text, at, claim, fix, scenario, shrunk } = finding
  if (kind !== 'broken') return [`## Trial ${trial}: ${outcomeWords[kind]}`, '', escapeMarkdown(text), '']
  return [
    `## ${escapeMarkdown(cause)}, after ${duration(at)}`,
    '',
    escapeMarkdown(claim),
    '',
    `- ${escapeMarkdown(text)}`,
    `- ${escapeMarkdown(reliability(finding))}`,
    ...(shrunk === undefined
      ? []
      : [`- ${plural(shrunk.trials, 'trial')} made it simpler, in ${duration(shrunk.seconds)}`]),
    ...(fix === undefined ? [] : [`- fix, proved: ${escapeMarkdown(settingsWords(fix.settings))}`]),
    ...(scenario === undefined ? [] : [`- scenario: ${escapeMarkdown(scenario)}`]),
    '',
  ]
}
