import type { CommandModule } from 'yargs'
import { worst } from '../../verdict/judge-trial.ts'
import { verdicts } from '../../../model/verdict.ts'
import type { VerdictWord } from '../../../model/verdict.ts'
import { LossproofError } from '../../../model/errors.ts'
import { readRunFile } from '../judging/check-folder.ts'
import { execute, executeOptions, exitCodeOf } from '../execute/execute.ts'
import type { ExecuteArguments } from '../execute/execute.ts'

type Arguments = ExecuteArguments & { run: string; times: number }

export const replayCommand: CommandModule<object, Arguments> = {
  command: 'replay <run>',
  describe: 'The plan of an earlier run again, with its seed; prints how many of n came out the same',
  builder: yargs =>
    executeOptions(yargs)
      .positional('run', { type: 'string', demandOption: true, describe: "The earlier run's folder" })
      .option('times', { type: 'number', requiresArg: true, default: 1, describe: 'How often' })
      .option('json', { type: 'boolean', default: false, describe: 'Results as JSON' }),
  handler: async args => {
    if (!Number.isInteger(args.times) || args.times < 1)
      throw new LossproofError('usage', '--times: expected a whole number from 1')
    const { plan } = readRunFile(args.run)
    const found: VerdictWord[] = []
    for (let time = 0; time < args.times; time++) found.push((await execute(plan, args)).verdict)
    if (args.times > 1) process.stderr.write(`${tally(found)}\n`)
    process.exitCode = exitCodeOf(worst(found))
  },
}

/** `held 3 of 5, inconclusive 2 of 5`; the worst first. */
export function tally(found: readonly VerdictWord[]): string {
  const counts = verdicts.map(word => ({ word, count: found.filter(other => other === word).length }))
  return counts
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${word} ${count} of ${found.length}`)
    .join(', ')
}
