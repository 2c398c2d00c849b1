/** Writes the reports of a stress into its folder: report.html, summary.md, junit.xml, verdict.json. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runPaths } from '../../../history/folder.ts'
import { messageOf } from '../../../model/errors.ts'
import type { StressResult } from '../../../model/stress/stress.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { pageOf } from '../../report/page-data/page-data.ts'
import { mergedRun, runPage } from '../../report/page-data/run-page.ts'
import { stressJunit } from '../../report/stress/junit.ts'
import { stressMarkdown } from '../../report/stress/markdown.ts'
import { storedVerdict, writeVerdict } from '../judging/verdict-file.ts'
import { pageTemplate } from '../reporting/page.ts'
import { reportedRun } from '../reporting/reported-run.ts'
import { writeWhole } from './stress-folder.ts'

/** Runs of each finding whose cells are shown: the first ones, and the last ones with the fix. */
const shownFirst = 3
const shownLast = 3

export async function writeStressReports(
  folder: string,
  result: StressResult,
  say: (line: string) => void,
): Promise<void> {
  const paths = runPaths(folder)
  const runs = shownRuns(folder, result)
  const verdict: RunVerdict = {
    schema: 1,
    run: result.run,
    seed: result.plan.seed,
    verdict: result.verdict,
    cells: runs.flatMap(run => run.verdict.cells),
    claims: [],
  }
  writeVerdict(folder, verdict)
  writeWhole(paths.summary, stressMarkdown(result))
  writeWhole(paths.junit, stressJunit(result))
  try {
    const merged = mergedRun(
      verdict,
      runs.map(run => reportedRun(run.folder, run.verdict)),
    )
    const page = { ...runPage(merged), stress: result }
    writeWhole(paths.report, pageOf(await pageTemplate(say), `${result.run} · Lossproof`, page))
  } catch (error) {
    // The result stands without its page.
    say(`report.html could not be written: ${messageOf(error)}`)
  }
}

/** The runs with the histories of findings, each once. */
function shownRuns(folder: string, { findings }: StressResult): { folder: string; verdict: RunVerdict }[] {
  const names = findings.flatMap(({ runs }) =>
    runs.length <= shownFirst + shownLast ? runs : [...runs.slice(0, shownFirst), ...runs.slice(-shownLast)],
  )
  return [...new Set(names)].flatMap(name => {
    const path = join(folder, name)
    const verdict = existsSync(path) ? storedVerdict(path) : undefined
    return verdict === undefined ? [] : [{ folder: path, verdict }]
  })
}
