import { ExitCode } from '../../../model/errors.ts'
import type { VerdictWord } from '../../../model/verdict.ts'

/** The exit code of a command that judged. */
export function exitCodeOf(verdict: VerdictWord): number {
  if (verdict === 'violated') return ExitCode.violated
  return verdict === 'held' ? ExitCode.held : ExitCode.inconclusive
}
