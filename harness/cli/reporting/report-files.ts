/** Writes the reports of a run into its folder: report.html, summary.md, junit.xml, metrics.prom, benchmark.json. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { RunVerdict } from '../../../model/verdict.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { runPaths } from '../../../history/folder.ts'
import { benchmark } from '../../report/formats/benchmark.ts'
import type { Baseline } from '../../report/compare/baseline.ts'
import { junit } from '../../report/formats/junit.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { mergeVerdicts } from '../../report/compare/merge.ts'
import { prometheus } from '../../report/formats/metrics.ts'
import { pageOf } from '../../report/page-data/page-data.ts'
import { mergedRun, runPage } from '../../report/page-data/run-page.ts'
import type { ReportedRun } from '../../report/page-data/run-page.ts'
import { againstBaseline, readBaseline } from './baseline.ts'
import { pageTemplate } from './page.ts'
import { readVerdict, reportedRun } from './reported-run.ts'

export interface ReportOptions {
  /** A baseline file. */
  baseline?: string | undefined
  say?: (line: string) => void
}

/** Reads the history once more for the page's stories. Those files that need nothing but the verdict come first. */
export async function writeReports(folder: string, verdict: RunVerdict, options: ReportOptions = {}): Promise<void> {
  await write({ folder, verdict, told: () => reportedRun(folder, verdict) }, options)
}

/** Shards of one run as one: its verdict and reports, with the stories of every shard, in a folder of its own. */
export async function writeMerged(
  folder: string,
  shards: readonly string[],
  options: ReportOptions = {},
): Promise<RunVerdict> {
  const verdicts = shards.map(shard => ({ shard, verdict: readVerdict(shard) }))
  const verdict = merged(
    basename(resolve(folder)),
    verdicts.map(one => one.verdict),
  )
  mkdirSync(folder, { recursive: true })
  writeFileSync(runPaths(folder).verdict, `${JSON.stringify(verdict, undefined, 2)}\n`)
  await write(
    {
      folder,
      verdict,
      shards: verdicts.map(one => one.verdict),
      told: () =>
        mergedRun(
          verdict,
          verdicts.map(one => reportedRun(one.shard, one.verdict)),
        ),
    },
    options,
  )
  return verdict
}

function merged(name: string, verdicts: readonly RunVerdict[]): RunVerdict {
  try {
    return mergeVerdicts(name, verdicts)
  } catch (error) {
    throw new LossproofError('usage', `--merge: ${messageOf(error)}`, {
      hint: 'without --merge, several runs make a dashboard',
    })
  }
}

interface Written {
  folder: string
  verdict: RunVerdict
  /** What the page needs, which takes longest to read. */
  told: () => ReportedRun
  /** The runs that were made this one. */
  shards?: readonly RunVerdict[]
}

async function write(
  { folder, verdict, told, shards = [verdict] }: Written,
  { baseline: file, say = () => {} }: ReportOptions,
): Promise<void> {
  const runOf = (cell: string) => shards.find(shard => shard.cells.some(({ id }) => id === cell))?.run ?? verdict.run
  const paths = runPaths(folder)
  const baseline: Baseline | undefined = file === undefined ? undefined : readBaseline(file)
  const comparison = file === undefined || baseline === undefined ? undefined : againstBaseline(file, baseline, verdict)
  writeFileSync(
    paths.summary,
    markdown(verdict, {
      runs: shards.map(shard => shard.run),
      ...(baseline ? { baseline } : {}),
      ...(comparison ? { comparison } : {}),
    }),
  )
  writeFileSync(paths.junit, junit(verdict, baseline, runOf))
  writeFileSync(paths.metrics, prometheus(verdict))
  writeFileSync(paths.benchmark, benchmark(verdict))
  try {
    const template = await pageTemplate(say)
    writeFileSync(paths.report, pageOf(template, `${verdict.run} · Lossproof`, runPage(told())))
  } catch (error) {
    // The verdict stands without its page.
    say(`report.html could not be written: ${messageOf(error)}`)
  }
}
