/** The result for a badge, in the format of the endpoint badge of shields.io. */
import type { RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { verdictCounts } from '../words/kinds.ts'

const colours: Record<VerdictWord, string> = {
  held: 'brightgreen',
  'not-shown': 'blueviolet',
  inconclusive: 'yellow',
  violated: 'red',
}

export function badge(verdict: RunVerdict): string {
  const message = verdictCounts(verdict).replace(/^[^:]*: /, '')
  return `${JSON.stringify({ schemaVersion: 1, label: 'lossproof', message, color: colours[verdict.verdict] })}\n`
}
