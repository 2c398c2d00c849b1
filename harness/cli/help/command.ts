/** What the file of a command contains. Its name and description are in index.ts, so that help needs no command's code. */
import type { ArgumentsCamelCase, Argv } from 'yargs'

export interface Command<Arguments> {
  /** Adds the options of the command. */
  builder: (yargs: Argv) => Argv<Arguments>
  /** Sets `process.exitCode` for a verdict; throws LossproofError for what cannot be done. */
  handler: (args: ArgumentsCamelCase<Arguments>) => Promise<void> | void
}
