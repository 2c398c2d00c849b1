import { Epochs } from '../../../history/epochs.ts'
import { withTries } from '../../../history/tries.ts'
import { judgeCell } from '../../verdict/judge-cell.ts'
import { lostRanges } from '../../check/ranges.ts'
import { LossproofError } from '../../../model/errors.ts'
import { parseExpectation } from '../../plan/expectations/parse.ts'
import type { Expectation } from '../../../model/plan.ts'
import { terminal } from '../../report/terminal/terminal.ts'
import { checkRunFolder } from '../judging/check-folder.ts'
import { answerCodes, checkLaneFolder } from '../judging/lane-folder.ts'
import { readRunFile } from '../judging/run-file.ts'
import { refuseWithoutHistory } from '../judging/missing-history.ts'
import { replaceVerdict, storedVerdict, verdictText } from '../judging/verdict-file.ts'
import { yamlValue } from '../options/values.ts'
import { wantsColour } from '../terminal/colour.ts'
import { outputWidth } from '../terminal/width.ts'
import { exitCodeOf } from '../execute/exit-code.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  run: string | undefined
  lane: string | undefined
  expect: string[]
  json: boolean
}

export const checkCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('run', { type: 'string', describe: "A run's folder" })
      .option('lane', { type: 'string', requiresArg: true, describe: 'A folder that holds only lane files' })
      .option('expect', {
        type: 'string',
        array: true,
        requiresArg: true,
        default: [] as string[],
        describe: "With --lane: an expectation, such as 'lost: 0'",
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print the verdict as JSON and write nothing' }),
  handler: async args => {
    if (args.lane !== undefined) return checkLane(args.lane, args.expect)
    if (args.run === undefined)
      throw new LossproofError('usage', 'check needs a run folder or --lane <folder>', {
        hint: 'lossproof check results/<run>, or lossproof check --lane <folder>',
      })
    const plan = withTries(readRunFile(args.run))
    refuseWithoutHistory(args.run, plan, storedVerdict(args.run), 'verdict.json')
    const verdict = await checkRunFolder(args.run)
    if (args.json) process.stdout.write(verdictText(verdict))
    else {
      const kept = replaceVerdict(args.run, verdict)
      if (kept !== undefined) process.stderr.write(`the verdict changed; the first one is kept in ${kept}\n`)
      process.stdout.write(
        terminal(verdict, { colour: wantsColour(), folder: args.run, phases: {}, width: outputWidth() }),
      )
    }
    process.exitCode = exitCodeOf(verdict.verdict)
  },
}

/** Prints the counts as JSON; the exit code judges them against `expects` (default: nothing lost). */
function checkLane(folder: string, expects: string[]): void {
  const expect = expects.flatMap(parseExpects)
  const lane = checkLaneFolder(folder, expect)
  const { verdict, reasons } = judgeCell({
    lane,
    laneId: '',
    expect,
    windows: [],
    events: [],
    epochs: new Epochs([], ''),
    hasFaults: false,
    answerCodes: () => answerCodes(folder),
  })
  const lost = lostRanges(lane).map(({ p, from, to, count, place }) => ({ p, from, to, count, place }))
  process.stdout.write(`${JSON.stringify({ counts: lane.counts, lost, verdict, reasons }, undefined, 2)}\n`)
  process.exitCode = exitCodeOf(verdict)
}

/** `lost: 0` or `lost=0`. */
function parseExpects(text: string): Expectation[] {
  const value = yamlValue('expect', text.includes(':') ? text : text.replace('=', ': '))
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    throw new LossproofError('usage', `--expect '${text}': expected an expectation such as 'lost: 0'`)
  return Object.entries(value).map(([what, raw]) => {
    const expectation = parseExpectation(what, raw)
    if (expectation.expected.kind === 'set' && expectation.expected.window !== undefined) {
      throw new LossproofError('usage', `--expect '${text}': lane files alone have no windows; expect a number`)
    }
    return expectation
  })
}
