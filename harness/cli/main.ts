/** The command line: one file a command, thin. Standard output carries results, standard error progress. */
import yargs from 'yargs'
import { ExitCode, LossproofError, messageOf } from '../errors.ts'
import { nearest } from '../plan/nearest.ts'
import { checkCommand } from './check.ts'
import { cleanCommand } from './clean.ts'
import { compareCommand } from './compare.ts'
import { doctorCommand } from './doctor.ts'
import { planCommand } from './plan.ts'
import { replayCommand } from './replay.ts'
import { reportCommand } from './report.ts'
import { runCommand } from './run.ts'
import { testCommand } from './test.ts'

const commands = ['run', 'replay', 'plan', 'check', 'report', 'compare', 'doctor', 'clean', 'test']

async function main(): Promise<void> {
  await yargs(process.argv.slice(2))
    .scriptName('lossproof')
    .usage('$0 <command>\n\nWhich settings lose messages, under which faults, how many, and why.')
    .parserConfiguration({ 'dot-notation': false })
    .command(runCommand)
    .command(replayCommand)
    .command(planCommand)
    .command(checkCommand)
    .command(reportCommand)
    .command(compareCommand)
    .command(doctorCommand)
    .command(cleanCommand)
    .command(testCommand)
    .demandCommand(1, 'Which command?')
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(100)
    .fail((message, error) => {
      if (error !== undefined && error !== null) throw error
      const unknown = /^Unknown (?:command|argument)s?: ([^,]+)/.exec(message)?.[1]
      const word = unknown === undefined ? undefined : nearest(unknown, commands)
      throw new LossproofError('usage', message, {
        hint: word === undefined ? 'lossproof --help' : `did you mean "${word}"?`,
      })
    })
    .parseAsync()
}

try {
  await main()
} catch (error) {
  process.exitCode = tell(error)
}

/** Writes what went wrong for people; returns the exit code. */
function tell(error: unknown): number {
  if (error instanceof LossproofError) {
    process.stderr.write(`lossproof: ${error.message}\n${error.hint === undefined ? '' : `  ${error.hint}\n`}`)
    return error.exitCode
  }
  const stack = error instanceof Error ? error.stack : undefined
  process.stderr.write(`lossproof: a bug of ours: ${stack ?? messageOf(error)}\n`)
  return ExitCode.bug
}
