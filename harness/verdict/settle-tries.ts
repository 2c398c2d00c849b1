/** One verdict for a cell that was run more than once. */
import type { CellVerdict, VerdictWord } from '../../model/verdict.ts'

/** The try that counts is the first with the first of these verdicts, so that no further try hides what one has shown. */
const precedence: readonly VerdictWord[] = ['violated', 'not-shown', 'held', 'inconclusive']

/** `tries`: the verdicts of one cell, in order. A cell with one try is returned as it is. */
export function settleTries(tries: readonly [CellVerdict, ...CellVerdict[]]): CellVerdict {
  const [only, ...others] = tries
  if (others.length === 0) return only
  const word = precedence.find(wanted => tries.some(({ verdict }) => verdict === wanted))
  const counted = tries.find(({ verdict }) => verdict === word) ?? only
  return {
    ...counted,
    tries: tries.map(one => ({
      trial: one.trial,
      verdict: one.verdict,
      reasons: one.reasons,
      counted: one === counted,
    })),
  }
}
