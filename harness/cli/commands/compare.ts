import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { ExitCode, LossproofError, messageOf } from '../../../model/errors.ts'
import { Baseline, updatedBaseline } from '../../report/compare/baseline.ts'
import { compareMarkdown, compareTerminal } from '../../report/compare/compare-text.ts'
import { compareRuns } from '../../report/compare/compare.ts'
import { comparedBaseline, comparedRun } from '../../report/compare/compared-run.ts'
import { failOnValues } from '../../report/compare/comparison.ts'
import type { ComparedRun, Comparison, FailOn } from '../../report/compare/comparison.ts'
import { defaultFailOn, failOnMeanings } from '../../report/compare/fail-on.ts'
import { exitCodeOfComparison, readBaseline, writeBaseline } from '../reporting/baseline.ts'
import { parseJson, readVerdict, versionsIn } from '../reporting/reported-run.ts'
import { plural } from '../../report/words/numbers.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  before: string
  after: string
  markdown: boolean
  json: boolean
  update: boolean
  'fail-on': string | string[]
}

const meanings = failOnValues.map(value => `${value} (${failOnMeanings[value]})`).join(', ')

export const compareCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('before', {
        type: 'string',
        demandOption: true,
        describe: 'A run folder, a verdict.json or a baseline file',
      })
      .positional('after', { type: 'string', demandOption: true, describe: 'A run folder or a verdict.json' })
      .option('markdown', { type: 'boolean', default: false, describe: 'Print Markdown, for a pull request' })
      .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
      .option('fail-on', {
        type: 'string',
        requiresArg: true,
        default: defaultFailOn.join(','),
        describe: `Exit with code 99 for these changes, separated by commas: ${meanings}; or none`,
      })
      .option('update', {
        type: 'boolean',
        default: false,
        describe: 'Write the violations of the run to the baseline file',
      }),
  handler: args => {
    if (args.update) return updateBaseline(args.before, args.after)
    const comparison = compared(comparedSide(args.before), runSide(args.after), parseFailOn(args['fail-on']))
    process.stdout.write(
      args.json
        ? `${JSON.stringify(comparison, undefined, 2)}\n`
        : args.markdown
          ? compareMarkdown(comparison)
          : compareTerminal(comparison, { colour: wantsColour(), width: outputWidth() }),
    )
    process.exitCode = exitCodeOfComparison(comparison)
  },
}

/** Throws LossproofError('usage') for an unknown value. */
function parseFailOn(text: string | string[]): FailOn[] {
  const words = [text].flat().flatMap(part => part.split(',').map(word => word.trim()))
  if (words.length === 1 && words[0] === 'none') return []
  return words.map(word => {
    const known = failOnValues.find(value => value === word)
    if (known === undefined)
      throw new LossproofError('usage', `--fail-on: unknown condition "${word}"`, {
        hint: `none, or one or more of ${failOnValues.join(', ')}`,
      })
    return known
  })
}

function updateBaseline(file: string, run: string): void {
  const before = existsSync(file) ? readBaseline(file) : { schema: 1 as const, violations: [] }
  const baseline = updatedBaseline(before, readVerdict(run))
  writeBaseline(file, baseline)
  process.stdout.write(`${file}: ${plural(baseline.violations.length, 'known violation')}\n`)
  process.exitCode = ExitCode.held
}

function compared(before: ComparedRun, after: ComparedRun, failOn: readonly FailOn[]): Comparison {
  try {
    return compareRuns(before, after, failOn)
  } catch (error) {
    throw new LossproofError('usage', messageOf(error), {
      hint: 'lossproof report <before> <after> makes a dashboard with the systems side by side',
      cause: error,
    })
  }
}

/** A file with the form of a baseline is one. Everything else must be a run. */
function comparedSide(path: string): ComparedRun {
  if (existsSync(path) && statSync(path).isFile()) {
    const parsed = Baseline.safeParse(parseJson(path))
    if (parsed.success) return comparedBaseline(path, parsed.data)
  }
  return runSide(path)
}

function runSide(path: string): ComparedRun {
  const verdict = readVerdict(path)
  return comparedRun(verdict, versionsIn(statSync(path).isDirectory() ? path : dirname(path)))
}
