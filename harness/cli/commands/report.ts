import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { CommandModule } from 'yargs'
import { LossproofError } from '../../../model/errors.ts'
import { runPaths } from '../../../history/folder.ts'
import { pageOf } from '../../report/page-data/page-data.ts'
import { dashboardPage } from '../../report/page-data/run-page.ts'
import { pageTemplate } from '../reporting/page.ts'
import { writeMerged, writeReports } from '../reporting/report-files.ts'
import { readVerdict, versionsIn } from '../reporting/reported-run.ts'

interface Arguments {
  run: string[]
  out: string | undefined
  merge: string | undefined
  baseline: string | undefined
}

const say = (line: string) => process.stderr.write(`${line}\n`)

export const reportCommand: CommandModule<object, Arguments> = {
  command: 'report <run..>',
  describe: 'Write the reports of a run again, or a dashboard of several runs; needs no Docker',
  builder: yargs =>
    yargs
      .positional('run', { type: 'string', array: true, demandOption: true, describe: "Runs' folders: results/*" })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'With several runs: the file of the dashboard; without it dashboard.html beside them',
      })
      .option('merge', {
        type: 'string',
        requiresArg: true,
        describe: 'The runs are shards of one: its verdict and reports go into this folder',
      })
      .option('baseline', {
        type: 'string',
        requiresArg: true,
        describe: 'A file of known violations, which do not fail in junit.xml',
      }),
  handler: async args => {
    const [first, ...others] = args.run
    if (first === undefined)
      throw new LossproofError('usage', 'report needs one or more run folders', {
        hint: 'lossproof report results/<run>, or results/* for the dashboard',
      })
    const options = { baseline: args.baseline, say }
    if (args.merge !== undefined) {
      await writeMerged(args.merge, args.run, options)
      process.stdout.write(`${runPaths(args.merge).report}\n`)
    } else if (others.length === 0) {
      if (args.out !== undefined)
        throw new LossproofError(
          'usage',
          '--out names the dashboard of several runs; the reports of one run are written into its folder',
        )
      await writeReports(first, readVerdict(first), options)
      process.stdout.write(`${runPaths(first).report}\n`)
    } else process.stdout.write(`${await writeDashboard(args.run, args.out)}\n`)
  },
}

/** What lies among runs and is none (an unfinished one, an earlier dashboard) is told and left out. */
async function writeDashboard(folders: string[], out: string | undefined): Promise<string> {
  const known = folders.filter(folder => existsSync(runPaths(folder).verdict))
  for (const folder of folders.filter(one => !known.includes(one)))
    say(`${folder}: left out, there is no verdict.json in it`)
  const [first] = known
  if (first === undefined)
    throw new LossproofError('usage', 'none of these folders contains a verdict.json', {
      hint: 'lossproof report results/*',
    })
  const file = resolve(out ?? join(dirname(resolve(first)), 'dashboard.html'))
  const inputs = known.map(folder => ({
    verdict: readVerdict(folder),
    versions: versionsIn(folder),
    href: existsSync(runPaths(folder).report) ? hrefOf(file, runPaths(folder).report) : undefined,
  }))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, pageOf(await pageTemplate(say), `${known.length} runs · Lossproof`, dashboardPage(inputs)))
  return file
}

/** From one page to another, as an address. */
function hrefOf(from: string, to: string): string {
  return relative(dirname(from), resolve(to)).split('/').map(encodeURIComponent).join('/')
}
