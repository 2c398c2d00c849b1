import { chooseCells } from '../../plan/choose-cells.ts'
import { worst } from '../../verdict/judge-trial.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { VerdictWord } from '../../../model/verdict.ts'
import { wholeNumber } from '../options/values.ts'
import { readRunFile } from '../judging/run-file.ts'
import { exitCodeOf } from '../execute/exit-code.ts'
import { executeOptions, retryInconclusive } from '../options/execute-options.ts'
import type { ExecuteArguments } from '../options/execute-options.ts'
import type { Command } from '../help/command.ts'

type Arguments = ExecuteArguments & { run: string; times: number | undefined; only: string | undefined }

export const replayCommand: Command<Arguments> = {
  builder: yargs =>
    executeOptions(yargs)
      .positional('run', { type: 'string', demandOption: true, describe: "The earlier run's folder" })
      .option('only', {
        type: 'string',
        requiresArg: true,
        describe: 'Only this cell, by its id in the report, or the cells with these settings: acks=1',
      })
      .option('times', {
        type: 'string',
        requiresArg: true,
        default: '1',
        describe: 'How often, a whole number',
        coerce: wholeNumber('times', 1),
      })
      .option('retry-inconclusive', retryInconclusive)
      .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' }),
  handler: async args => {
    const whole = readRunFile(args.run).plan
    const plan = args.only === undefined ? whole : chooseCells(whole, args.only)
    const times = args.times ?? 1
    const found: VerdictWord[] = []
    const { execute } = await import('../execute/execute.ts')
    for (let time = 0; time < times; time++) found.push((await execute(plan, args)).verdict)
    if (times > 1) process.stderr.write(`${tally(found)}\n`)
    process.exitCode = exitCodeOf(worst(found))
  },
}

/** `inconclusive 2 of 5, held 3 of 5`; the worst verdict first. Exported for its test. */
export function tally(found: readonly VerdictWord[]): string {
  const counts = verdicts.map(word => ({ word, count: found.filter(other => other === word).length }))
  return counts
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${word} ${count} of ${found.length}`)
    .join(', ')
}
