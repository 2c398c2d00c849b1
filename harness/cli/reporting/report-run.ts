/** The last step of a run: reports beside the history, and the result on standard output. */
import { rmSync } from 'node:fs'
import { trialPaths } from '../../../history/folder.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { terminal } from '../../report/terminal/terminal.ts'
import { explainedRanges } from '../../report/words/ranges.ts'
import type { JudgedRun } from '../judging/check-folder.ts'
import { readRunFile } from '../judging/run-file.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import { writeReports } from './report-files.ts'
import type { ReportOptions } from './report-files.ts'

export async function reportRun(
  folder: string,
  { verdict, timelines }: JudgedRun,
  { json, ...options }: ReportOptions & { json: boolean },
): Promise<void> {
  // First, because the page links to the files that stay.
  removeUnneeded(folder, verdict)
  await writeReports(folder, verdict, { ...options, timelines })
  process.stdout.write(
    json
      ? ndjson(verdict)
      : terminal(verdict, { colour: wantsColour(), folder, phases: phasesOf(folder), width: outputWidth() }),
  )
}

/** Removes broker logs and application stores of trials that held without a loss, and replica extracts of trials without one. */
export function removeUnneeded(folder: string, verdict: RunVerdict): void {
  for (const [trial, cells] of Map.groupBy(verdict.cells, cell => cell.trial)) {
    const paths = trialPaths(folder, trial)
    const unneeded = [
      ...(cells.every(cell => cell.lost.length === 0) ? [paths.replicas] : []),
      ...(cells.every(keptAll) ? [paths.logs, paths.stores] : []),
    ]
    for (const path of unneeded) rmSync(path, { recursive: true, force: true })
  }
}

/** Broker logs also explain losses that were expected. */
const keptAll = (cell: RunVerdict['cells'][number]): boolean =>
  cell.verdict === 'held' && explainedRanges(cell).length === 0

function ndjson(verdict: RunVerdict): string {
  const { cells, ...run } = verdict
  return [...cells.map(cell => ({ kind: 'cell', ...cell })), { kind: 'run', ...run }]
    .map(line => `${JSON.stringify(line)}\n`)
    .join('')
}

/** Milliseconds of each phase, by trial. */
function phasesOf(folder: string): Record<string, Record<string, number>> {
  const { trials } = readRunFile(folder)
  return Object.fromEntries(Object.entries(trials).map(([id, { phases }]) => [id, phases]))
}
