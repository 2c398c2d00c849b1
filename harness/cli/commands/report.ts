import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ExitCode, LossproofError } from '../../../model/errors.ts'
import { runPaths } from '../../../history/folder.ts'
import { pageOf } from '../../report/page-data/page-data.ts'
import { dashboardPage } from '../../report/page-data/dashboard-page.ts'
import { artifactUrl } from '../options/execute-options.ts'
import { pageTemplate } from '../reporting/page.ts'
import { claimSubjects } from '../reporting/published.ts'
import { refuseToLoseTimelines, refuseToMergeInto, refuseToReplace } from '../reporting/refuse-overwrite.ts'
import { writeMerged, writeReports } from '../reporting/report-files.ts'
import { replaceFile } from '../replace-file.ts'
import { readStress } from '../stressing/stress-folder.ts'
import { writeStressReports } from '../stressing/stress-reports.ts'
import { readVerdict, versionsIn } from '../reporting/reported-run.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  run: string[]
  out: string | undefined
  merge: string | undefined
  baseline: string | undefined
  'artifact-url': string | undefined
}

const say = (line: string) => process.stderr.write(`${line}\n`)

export const reportCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('run', { type: 'string', array: true, demandOption: true, describe: 'Run folders: results/*' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'File of the dashboard, also of a single run (default: dashboard.html beside the runs)',
      })
      .option('merge', {
        type: 'string',
        requiresArg: true,
        describe: 'Merge the runs, which are shards of one run, into this folder',
      })
      .option('baseline', {
        type: 'string',
        requiresArg: true,
        describe: 'A file of known violations, which do not fail in junit.xml',
      })
      .option('artifact-url', artifactUrl),
  handler: async args => {
    const [first, ...others] = args.run
    if (first === undefined)
      throw new LossproofError('usage', 'report needs a run folder', {
        hint: 'lossproof report results/<run>, or results/* for the dashboard',
      })
    if (args.merge !== undefined) refuseToMergeInto(args.merge, args.run)
    const options = { baseline: args.baseline, artifactUrl: args['artifact-url'], say }
    if (args.merge !== undefined) {
      const { verdict, missing } = await writeMerged(args.merge, args.run, options)
      if (missing.length > 0) {
        say(`missing: shard ${missing.join(', shard ')}. The merged run is ${verdict.verdict}, and no claim is shown.`)
        process.exitCode = verdict.verdict === 'violated' ? ExitCode.violated : ExitCode.inconclusive
      }
      process.stdout.write(`${runPaths(args.merge).report}\n`)
    } else if (others.length === 0 && args.out === undefined) {
      if (existsSync(runPaths(first).stress)) {
        await writeStressReports(first, readStress(first), say)
        process.stdout.write(`${runPaths(first).report}\n`)
        return
      }
      const verdict = readVerdict(first)
      refuseToLoseTimelines(first, verdict)
      await writeReports(first, verdict, options)
      process.stdout.write(`${runPaths(first).report}\n`)
    } else process.stdout.write(`${await writeDashboard(args.run, args.out)}\n`)
  },
}

/** Leaves out what is not a run with a verdict, such as an unfinished run or an earlier dashboard, and says so. */
async function writeDashboard(folders: string[], out: string | undefined): Promise<string> {
  const known = folders.filter(folder => existsSync(runPaths(folder).verdict))
  for (const folder of folders.filter(one => !known.includes(one)))
    say(`${folder}: left out, because it has no verdict.json`)
  const [first] = known
  if (first === undefined)
    throw new LossproofError('usage', 'none of these folders has a verdict.json', {
      hint: 'lossproof report results/*',
    })
  const file = resolve(out ?? join(dirname(resolve(first)), 'dashboard.html'))
  if (out !== undefined) refuseToReplace(file)
  const inputs = known.map(folder => ({
    verdict: readVerdict(folder),
    versions: versionsIn(folder),
    href: existsSync(runPaths(folder).report) ? hrefOf(file, runPaths(folder).report) : undefined,
  }))
  mkdirSync(dirname(file), { recursive: true })
  const page = dashboardPage(inputs, claimSubjects())
  replaceFile(file, pageOf(await pageTemplate(say), `${known.length} runs · Lossproof`, page))
  return file
}

/** The relative address of one page on another. */
function hrefOf(from: string, to: string): string {
  return relative(dirname(from), resolve(to)).split('/').map(encodeURIComponent).join('/')
}
