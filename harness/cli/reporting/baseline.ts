/** The baseline file: violations that are known. `run --baseline` and `compare` read it, `compare --update` writes it. */
import { existsSync, writeFileSync } from 'node:fs'
import type { RunVerdict } from '../../../model/verdict.ts'
import { ExitCode, LossproofError } from '../../../model/errors.ts'
import { Baseline } from '../../report/compare/baseline.ts'
import { compareRuns } from '../../report/compare/compare.ts'
import { comparedBaseline, comparedRun } from '../../report/compare/compared-run.ts'
import type { Comparison } from '../../report/compare/comparison.ts'
import { parseJson } from './reported-run.ts'

/** Throws LossproofError('usage') where there is none, ('history') where the file is none. */
export function readBaseline(file: string): Baseline {
  if (!existsSync(file))
    throw new LossproofError('usage', `there is no baseline ${file}`, {
      hint: `lossproof compare ${file} results/<run> --update writes it`,
    })
  const parsed = Baseline.safeParse(parseJson(file))
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new LossproofError('history', `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown form'}`)
}

export function writeBaseline(file: string, baseline: Baseline): void {
  writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`)
}

export const againstBaseline = (file: string, baseline: Baseline, verdict: RunVerdict): Comparison =>
  compareRuns(comparedBaseline(file, baseline), comparedRun(verdict))

/** A new violation comes before what cannot be told, and that before all else. */
export function exitCodeOfComparison({ outcome }: Comparison): number {
  if (outcome === 'worse') return ExitCode.violated
  return outcome === 'undecided' ? ExitCode.inconclusive : ExitCode.held
}
