/** Writes the reports of a run into its folder: report.html, summary.md, junit.xml, metrics.prom, benchmark.json. */
import { writeFileSync } from 'node:fs'
import type { RunVerdict } from '../check/verdict.ts'
import { messageOf } from '../errors.ts'
import { runPaths } from '../history/folder.ts'
import { benchmark } from '../report/benchmark.ts'
import { junit } from '../report/junit.ts'
import { markdown } from '../report/markdown.ts'
import { prometheus } from '../report/metrics.ts'
import { pageOf } from '../report/page-data.ts'
import { runPage } from '../report/run-page.ts'
import { pageTemplate } from './page.ts'
import { reportedRun } from './reported-run.ts'

/** Reads the history once more for the page's stories. Those files that need nothing but the verdict come first. */
export async function writeReports(folder: string, verdict: RunVerdict, say: (line: string) => void = () => {}): Promise<void> {
  const paths = runPaths(folder)
  writeFileSync(paths.summary, markdown(verdict))
  writeFileSync(paths.junit, junit(verdict))
  writeFileSync(paths.metrics, prometheus(verdict))
  writeFileSync(paths.benchmark, benchmark(verdict))
  try {
    const template = await pageTemplate(say)
    writeFileSync(paths.report, pageOf(template, `${verdict.run} · Lossproof`, runPage(reportedRun(folder, verdict))))
  } catch (error) {
    // The verdict stands without its page.
    say(`report.html could not be written: ${messageOf(error)}`)
  }
}
