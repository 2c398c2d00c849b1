/** Annotations of a GitHub job: the worst cells, few enough that none is dropped (it shows ten for each step). */
import type { RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Baseline } from '../compare/compare.ts'
import { isKnown } from '../compare/compare.ts'

export const mostAnnotations = 8
const mostCharacters = 1000

/** Lines for a stream of the step. Known violations of the baseline are none; the last line tells how many more there are. */
export function annotations(verdict: RunVerdict, baseline?: Baseline): string[] {
  const telling = verdict.cells
    .filter(
      cell =>
        cell.verdict !== 'held' &&
        !(cell.verdict === 'violated' && cell.expect.every(({ what, ok }) => ok || isKnown(baseline, cell.id, what))),
    )
    .toSorted((a, b) => verdicts.indexOf(a.verdict) - verdicts.indexOf(b.verdict))
  const shown = telling.length > mostAnnotations ? telling.slice(0, mostAnnotations - 1) : telling
  const lines = shown.map(cell =>
    command(cell.verdict === 'violated' ? 'error' : 'warning', `${cell.verdict}: ${cell.id}`, cell.reasons.join('; ')),
  )
  if (shown.length < telling.length)
    lines.push(
      command('warning', 'Lossproof', `${telling.length - shown.length} more cells did not hold: see the job summary`),
    )
  return lines
}

function command(level: 'error' | 'warning', title: string, text: string): string {
  return `::${level} title=${escape(title).replaceAll(':', '%3A').replaceAll(',', '%2C')}::${escape(text.slice(0, mostCharacters))}`
}

/** As the runner's command parser unescapes it. */
const escape = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
