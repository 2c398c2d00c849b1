/** The baseline file: violations that are known. `run --baseline` and `compare` read it, `compare --update` writes it. */
import { existsSync } from 'node:fs'
import type { RunVerdict } from '../../../model/verdict.ts'
import { ExitCode, LossproofError } from '../../../model/errors.ts'
import { Baseline } from '../../report/compare/baseline.ts'
import { compareRuns } from '../../report/compare/compare.ts'
import { comparedBaseline, comparedRun } from '../../report/compare/compared-run.ts'
import type { Comparison } from '../../report/compare/comparison.ts'
import { replaceFile } from '../replace-file.ts'
import { parseJson } from './reported-run.ts'

/** Throws LossproofError: 'usage' when the file does not exist, 'history' when it is not a baseline. */
export function readBaseline(file: string): Baseline {
  if (!existsSync(file))
    throw new LossproofError('usage', `the baseline ${file} does not exist`, {
      hint: `lossproof compare ${file} results/<run> --update writes it`,
    })
  const parsed = Baseline.safeParse(parseJson(file))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new LossproofError('history', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown form'}`)
}

export function writeBaseline(file: string, baseline: Baseline): void {
  replaceFile(file, `${JSON.stringify(baseline, undefined, 2)}\n`)
}

export const againstBaseline = (file: string, baseline: Baseline, verdict: RunVerdict): Comparison =>
  compareRuns(comparedBaseline(file, baseline), comparedRun(verdict))

/** 99 for a new violation, else 4 when a cell has no verdict any more, else 0. */
export function exitCodeOfComparison({ outcome }: Comparison): number {
  if (outcome === 'worse') return ExitCode.violated
  return outcome === 'undecided' ? ExitCode.inconclusive : ExitCode.held
}
