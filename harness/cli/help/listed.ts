/** A command as the help lists it. Its own code is loaded when it is used, because all commands together load for a second. */
import type { Argv } from 'yargs'
import type { Command } from './command.ts'

interface Description {
  /** Name and positionals: `run [scenario..]`. */
  command: string
  describe: string
  /** The page that explains it. */
  docs: string
  /** A command line without `lossproof`, and what it does. */
  examples: readonly (readonly [line: string, effect: string])[]
}

type AddTo = (yargs: Argv) => Argv

export interface ListedCommand extends Description {
  name: string
  /** Adds the command's name and description to a parser. */
  addName: AddTo
  /** Loads the command. What it resolves with adds all of it to a parser. */
  load: () => Promise<AddTo>
}

export function listed<Arguments>(description: Description, load: () => Promise<Command<Arguments>>): ListedCommand {
  const { command, describe, docs, examples } = description
  return {
    ...description,
    name: command.split(' ')[0] ?? '',
    addName: yargs => yargs.command(command, describe),
    load: async () => {
      // Before the parser runs: for a builder that is asynchronous yargs does not report errors to its `fail`.
      const { builder, handler } = await load()
      return yargs =>
        yargs.command<Arguments>({
          command,
          describe,
          builder: own => {
            for (const [line, effect] of examples) own.example(`$0 ${line}`, effect)
            return builder(own.epilogue(`Documentation: ${docs}`))
          },
          handler,
        })
    },
  }
}
