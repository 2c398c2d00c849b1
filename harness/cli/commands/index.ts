/** Every command, in the order in which the help lists them. A new command is one file and one line here. */
import type { Argv } from 'yargs'
import { auditCommand } from './audit.ts'
import { checkCommand } from './check.ts'
import { checkClientCommand } from './check-client/check-client.ts'
import { cleanCommand } from './clean.ts'
import { compareCommand } from './compare.ts'
import { doctorCommand } from './doctor.ts'
import { initCommand } from './init.ts'
import { planCommand } from './plan.ts'
import { replayCommand } from './replay.ts'
import { reportCommand } from './report.ts'
import { runCommand } from './run.ts'
import { schemaCommand } from './schema.ts'
import { stressCommand } from './stress.ts'
import { testCommand } from './test.ts'

export const commandNames = [
  'run',
  'audit',
  'stress',
  'replay',
  'plan',
  'check',
  'check-client',
  'report',
  'compare',
  'schema',
  'init',
  'doctor',
  'clean',
  'test',
] as const

/** Adds all commands to a parser. */
export const withCommands = (yargs: Argv): Argv =>
  yargs
    .command(runCommand)
    .command(auditCommand)
    .command(stressCommand)
    .command(replayCommand)
    .command(planCommand)
    .command(checkCommand)
    .command(checkClientCommand)
    .command(reportCommand)
    .command(compareCommand)
    .command(schemaCommand)
    .command(initCommand)
    .command(doctorCommand)
    .command(cleanCommand)
    .command(testCommand)
