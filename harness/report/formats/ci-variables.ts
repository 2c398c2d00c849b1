/**
 * The result as lines `NAME=value`, which shells and CI servers read without a parser: outputs of a GitHub step, `dotenv`
 * reports of GitLab, `readProperties` of Jenkins.
 */
import type { RunVerdict } from '../../../model/verdict.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { Comparison } from '../compare/comparison.ts'

/** `comparison`: with the baseline, whose known violations do not count as new. */
export function ciVariables({ verdict, cells, claims }: RunVerdict, comparison?: Comparison): string {
  const count = (status: string) => comparison?.changes.filter(change => change.status === status).length ?? 0
  const counts = verdicts.map(word => [word, cells.filter(cell => cell.verdict === word).length] as const)
  const values = {
    verdict,
    cells: cells.length,
    ...Object.fromEntries(counts),
    'claims-shown': claims.filter(({ shown }) => shown).length,
    'claims-not-shown': claims.filter(({ shown }) => !shown).length,
    ...(comparison === undefined
      ? {}
      : {
          'new-violations': count('newly violated'),
          'known-violations': count('known violation'),
          fixed: count('fixed'),
        }),
  }
  return Object.entries(values)
    .map(([name, value]) => `LOSSPROOF_${name.toUpperCase().replaceAll('-', '_')}=${value}\n`)
    .join('')
}
