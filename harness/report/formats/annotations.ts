/** Annotations of a GitHub job for the worst cells. GitHub shows ten for each step and drops the others. */
import type { RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/baseline.ts'
import { isKnownViolation } from '../compare/baseline.ts'

export const mostAnnotations = 8
const mostCharacters = 1000

/** Lines for the output of the step. Known violations of the baseline get none. The last line counts the cells left out. */
export function annotations(verdict: RunVerdict, baseline?: Baseline): string[] {
  const failed = verdict.cells
    .filter(cell => cell.verdict !== 'held' && !isKnownViolation(baseline, cell))
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))
  const shown = failed.length > mostAnnotations ? failed.slice(0, mostAnnotations - 1) : failed
  const lines = shown.map(cell =>
    command(cell.verdict === 'violated' ? 'error' : 'warning', `${cell.verdict}: ${cell.id}`, cell.reasons.join('; ')),
  )
  if (shown.length < failed.length)
    lines.push(
      command('warning', 'Lossproof', `${failed.length - shown.length} more cells did not hold: see the job summary`),
    )
  return lines
}

function command(level: 'error' | 'warning', title: string, text: string): string {
  return `::${level} title=${escape(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escape(text.slice(0, mostCharacters))}`
}

/** Escapes what GitHub's runner unescapes when it parses a workflow command. */
const escape = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
