/** Writes the reports of a run into its folder: the page, and files for CI servers, dashboards and people. */
import { mkdirSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { RunVerdict } from '../../../model/verdict.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { runPaths } from '../../../history/folder.ts'
import { auditJunit } from '../../report/audit/junit.ts'
import { auditMarkdown } from '../../report/audit/markdown.ts'
import { badge } from '../../report/formats/badge.ts'
import { benchmark } from '../../report/formats/benchmark.ts'
import { ciVariables } from '../../report/formats/ci-variables.ts'
import type { Baseline } from '../../report/compare/baseline.ts'
import { junit } from '../../report/formats/junit.ts'
import { markdown } from '../../report/formats/markdown.ts'
import { distinctRuns, mergeShards } from '../../report/compare/merge.ts'
import type { Merged } from '../../report/compare/merge.ts'
import { prometheus } from '../../report/formats/metrics.ts'
import { mergedFacts } from '../../report/formats/run-facts.ts'
import type { RunFacts } from '../../report/formats/run-facts.ts'
import { pageOf } from '../../report/page-data/page-data.ts'
import { mergedRun, runPage } from '../../report/page-data/run-page.ts'
import type { LaneTimeline } from '../../report/timeline/lane-timeline.ts'
import type { ReportedRun } from '../../report/page-data/run-page.ts'
import { replaceFile } from '../replace-file.ts'
import { againstBaseline, readBaseline } from './baseline.ts'
import { pageTemplate } from './page.ts'
import { readAudit, readVerdict, reportedRun } from './reported-run.ts'
import { factsOf } from './run-facts.ts'

export interface ReportOptions {
  /** A baseline file. */
  baseline?: string | undefined
  /** The address under which the run's files will be found. */
  artifactUrl?: string | undefined
  say?: (line: string) => void
}

/** Files that need only the verdict are written first. */
export async function writeReports(
  folder: string,
  verdict: RunVerdict,
  { timelines, ...options }: ReportOptions & { timelines?: ReadonlyMap<string, LaneTimeline> } = {},
): Promise<void> {
  const facts = factsOf(folder)
  await write({ folder, verdict, facts, reported: () => reportedRun(folder, verdict, timelines) }, options)
  const audit = readAudit(folder)
  if (audit === undefined) return
  // People and CI ask what became of the user's settings, not of each cell.
  replaceFile(runPaths(folder).summary, auditMarkdown(audit))
  replaceFile(runPaths(folder).junit, auditJunit(audit))
}

/** Merges shards of one run: writes the verdict and the reports, with the timelines of every shard, into `folder`. */
export async function writeMerged(
  folder: string,
  shards: readonly string[],
  options: ReportOptions = {},
): Promise<Merged> {
  const read = shards.map(shard => ({ shard, verdict: readVerdict(shard) }))
  // In an order that does not depend on how they were given, each once.
  const verdicts = distinctRuns(read.map(({ verdict }) => verdict)).flatMap(
    one => read.find(({ verdict }) => JSON.stringify(verdict) === JSON.stringify(one)) ?? [],
  )
  const { verdict, missing } = merged(
    basename(resolve(folder)),
    verdicts.map(one => one.verdict),
  )
  mkdirSync(folder, { recursive: true })
  replaceFile(runPaths(folder).verdict, `${JSON.stringify(verdict, undefined, 2)}\n`)
  await write(
    {
      folder,
      verdict,
      shards: verdicts.map(one => one.verdict),
      facts: mergedFacts(verdicts.map(one => factsOf(one.shard))),
      missingShards: missing,
      reported: () =>
        mergedRun(
          verdict,
          verdicts.map(one => reportedRun(one.shard, one.verdict)),
        ),
    },
    options,
  )
  return { verdict, missing }
}

function merged(name: string, verdicts: readonly RunVerdict[]): Merged {
  try {
    return mergeShards(name, verdicts)
  } catch (error) {
    throw new LossproofError('usage', `--merge: ${messageOf(error)}`, {
      hint: 'without --merge, several runs make a dashboard',
    })
  }
}

interface Written {
  folder: string
  verdict: RunVerdict
  facts: RunFacts
  /** Called last, because the page needs the history, which takes longest to read. */
  reported: () => ReportedRun
  /** The runs that were merged. */
  shards?: readonly RunVerdict[]
  /** Shards that are missing in a merged run: `2 of 4`. */
  missingShards?: readonly string[]
}

async function write(
  { folder, verdict, facts, reported, shards = [verdict], missingShards = [] }: Written,
  { baseline: file, artifactUrl, say = () => {} }: ReportOptions,
): Promise<void> {
  const runOf = (cell: string) => shards.find(shard => shard.cells.some(({ id }) => id === cell))?.run ?? verdict.run
  const paths = runPaths(folder)
  const baseline: Baseline | undefined = file === undefined ? undefined : readBaseline(file)
  const comparison = file === undefined || baseline === undefined ? undefined : againstBaseline(file, baseline, verdict)
  replaceFile(
    paths.summary,
    markdown(verdict, {
      runs: shards.map(shard => shard.run),
      missingShards,
      facts,
      artifactUrl,
      ...(baseline ? { baseline } : {}),
      ...(comparison ? { comparison } : {}),
    }),
  )
  replaceFile(paths.junit, junit(verdict, { baseline, runOf, facts, artifactUrl }))
  replaceFile(paths.metrics, prometheus(verdict, facts))
  replaceFile(paths.benchmark, benchmark(verdict))
  replaceFile(paths.ciVariables, ciVariables(verdict, comparison))
  replaceFile(paths.badge, badge(verdict))
  try {
    const template = await pageTemplate(say)
    replaceFile(paths.report, pageOf(template, `${verdict.run} · Lossproof`, runPage(reported())))
  } catch (error) {
    // The verdict stands without its page.
    say(`report.html could not be written: ${messageOf(error)}`)
  }
}
