import { existsSync, statSync } from 'node:fs'
import type { CommandModule } from 'yargs'
import { ExitCode } from '../../../model/errors.ts'
import { Baseline, compareRuns, comparedBaseline, comparedRun, updatedBaseline } from '../../report/compare/compare.ts'
import type { ComparedRun } from '../../report/compare/compare.ts'
import { compareMarkdown, compareTerminal } from '../../report/compare/compare-text.ts'
import { exitCodeOfComparison, readBaseline, writeBaseline } from '../reporting/baseline.ts'
import { parseJson, readVerdict } from '../reporting/reported-run.ts'
import { wantsColour } from '../terminal/colour.ts'

interface Arguments {
  before: string
  after: string
  markdown: boolean
  json: boolean
  update: boolean
}

export const compareCommand: CommandModule<object, Arguments> = {
  command: 'compare <before> <after>',
  describe: 'What changed between two runs, or between a baseline file and a run; needs no Docker',
  builder: yargs =>
    yargs
      .positional('before', {
        type: 'string',
        demandOption: true,
        describe: "A run's folder, a verdict.json or a baseline file",
      })
      .positional('after', { type: 'string', demandOption: true, describe: "A run's folder or a verdict.json" })
      .option('markdown', { type: 'boolean', default: false, describe: 'As Markdown, for a pull request' })
      .option('json', { type: 'boolean', default: false, describe: 'Results as JSON' })
      .option('update', {
        type: 'boolean',
        default: false,
        describe: 'Write what the run violated to the baseline file',
      }),
  handler: args => {
    const verdict = readVerdict(args.after)
    if (args.update) {
      const before = existsSync(args.before) ? readBaseline(args.before) : { schema: 1 as const, violations: [] }
      const baseline = updatedBaseline(before, verdict)
      writeBaseline(args.before, baseline)
      process.stdout.write(`${args.before}: ${baseline.violations.length} known violations\n`)
      process.exitCode = ExitCode.held
      return
    }
    const comparison = compareRuns(sideOf(args.before), comparedRun(verdict))
    process.stdout.write(
      args.json
        ? `${JSON.stringify(comparison, undefined, 2)}\n`
        : args.markdown
          ? compareMarkdown(comparison)
          : compareTerminal(comparison, { colour: wantsColour() }),
    )
    process.exitCode = exitCodeOfComparison(comparison)
  },
}

/** A file is a baseline when it has the form of one; whatever else it is, a verdict is asked for. */
function sideOf(path: string): ComparedRun {
  if (existsSync(path) && statSync(path).isFile()) {
    const parsed = Baseline.safeParse(parseJson(path))
    if (parsed.success) return comparedBaseline(path, parsed.data)
  }
  return comparedRun(readVerdict(path))
}
