#!/usr/bin/env node
/** The command line: one file a command, thin. Standard output carries results, standard error progress. */
import { readFileSync } from 'node:fs'
import yargs from 'yargs'
import { z } from 'zod'
import { ExitCode, LossproofError, messageOf } from '../../model/errors.ts'
import { nearest } from '../../model/nearest.ts'
import { checkCommand } from './commands/check.ts'
import { cleanCommand } from './commands/clean.ts'
import { compareCommand } from './commands/compare.ts'
import { doctorCommand } from './commands/doctor.ts'
import { planCommand } from './commands/plan.ts'
import { replayCommand } from './commands/replay.ts'
import { reportCommand } from './commands/report.ts'
import { runCommand } from './commands/run.ts'
import { testCommand } from './commands/test.ts'

/** Of the sources, or of the published package: both have a package.json two folders above. */
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))

const commands = ['run', 'replay', 'plan', 'check', 'report', 'compare', 'doctor', 'clean', 'test']

async function main(): Promise<void> {
  await yargs(process.argv.slice(2))
    .scriptName('lossproof')
    .version(version)
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
