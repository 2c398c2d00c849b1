/** The command line as yargs parses it. */
import { readFileSync } from 'node:fs'
import yargs from 'yargs'
import type { Argv } from 'yargs'
import { LossproofError } from '../../model/errors.ts'
import { commands } from './commands/index.ts'
import { UnknownWord, usageError } from './help/usage-error.ts'
import { optionsIn } from './help/options-in.ts'
import { standardInput } from './options/standard-input.ts'
import { outputWidth } from './terminal/width.ts'

const docs = 'Documentation: docs/README.md'
/** Options and positionals that take several values. */
const lists: ReadonlySet<string> = new Set([
  '_',
  'set',
  'image',
  'expect',
  'fail-on',
  'scenario',
  'name',
  'run',
  'file',
  'probe',
  'allow',
  'settings',
  'promise',
  'except',
  'words',
])

/**
 * Runs the command that `words` name. `parseAsync` throws LossproofError('usage') for words that it does not know, with the
 * nearest known one. Never ends the process.
 */
export function commandLine(words: readonly string[]): { parseAsync: () => Promise<void> } {
  return {
    parseAsync: async () => {
      try {
        await (await parserOf(words, outputWidth())).parseAsync()
      } catch (error) {
        throw error instanceof UnknownWord ? error.withSuggestion(optionsIn(await helpOf(error.command))) : error
      }
    },
  }
}

const docsWidth = 100

/** What `lossproof <command> --help` prints; without a command, what `lossproof --help` prints. */
export async function helpOf(command: string | undefined, width = docsWidth): Promise<string> {
  const words = [...(command === undefined ? [] : [command]), '--help']
  let help = ''
  const parser = await parserOf(words, width)
  await parser.parseAsync(words, {}, (_error, _argv, output) => {
    help = output
  })
  return help.trimEnd()
}

/** With the options of the commands that `words` name; of the others it knows the names. */
async function parserOf(words: readonly string[], width: number): Promise<Argv> {
  const added = await Promise.all(
    commands.map(async ({ name, addName, load }) => (words.includes(name) ? await load() : addName)),
  )
  // yargs loses a lone `-`.
  const named = yargs(words.map(word => (word === '-' ? standardInput : word)))
    .scriptName('lossproof')
    .version(version())
    .usage('$0 <command>\n\nFinds out which settings lose messages, under which faults, how many, and why.')
    .parserConfiguration({ 'dot-notation': false, 'greedy-arrays': false, 'camel-case-expansion': false })
  return added
    .reduce((parser, add) => add(parser), named)
    .help('help')
    .alias('help', 'h')
    .epilogue(docs)
    .demandCommand(1)
    .recommendCommands()
    .strict()
    .check(refuseRepeated)
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(width)
    .fail((message, error) => {
      // yargs passes no error, or one of its own, where its own check failed; its types do not say so.
      const thrown: Error | null | undefined = error
      throw thrown && thrown.name !== 'YError' ? thrown : usageError(thrown?.message ?? message, words)
    })
}

/** Of the sources, or of the published package: both have a package.json two folders above. */
function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return /"version": ?"([^"]+)"/.exec(text)?.[1] ?? 'unknown'
}

/** yargs makes a list of an option that is given twice. */
function refuseRepeated(args: Record<string, unknown>): true {
  const repeated = Object.entries(args).find(([name, value]) => Array.isArray(value) && !lists.has(name))
  if (repeated) throw new LossproofError('usage', `--${repeated[0]} is given twice; it takes one value`)
  return true
}
