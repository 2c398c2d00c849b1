/** The command line as yargs parses it. */
import { readFileSync } from 'node:fs'
import yargs from 'yargs'
import type { Argv } from 'yargs'
import { z } from 'zod'
import { LossproofError } from '../../model/errors.ts'
import { commandNames, withCommands } from './commands/index.ts'
import { standardInput } from './options/scenarios.ts'

/** Of the sources, or of the published package: both have a package.json two folders above. */
const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')))
const helpWidth = 100
/** Options and positionals that take several values. */
const lists: ReadonlySet<string> = new Set([
  '_',
  'set',
  'image',
  'expect',
  'fail-on',
  'scenario',
  'run',
  'file',
  'probe',
  'allow',
  'settings',
  'promise',
  'except',
  'words',
])

/** Throws LossproofError('usage') for words that it does not know, with the nearest command. Never ends the process. */
export function commandLine(words: readonly string[]): Argv {
  // yargs loses a lone `-`.
  const named = yargs(words.map(word => (word === '-' ? standardInput : word)))
    .scriptName('lossproof')
    .version(version)
    .usage('$0 <command>\n\nFinds out which settings lose messages, under which faults, how many, and why.')
    .parserConfiguration({ 'dot-notation': false, 'greedy-arrays': false })
  return withCommands(named)
    .demandCommand(1)
    .recommendCommands()
    .strict()
    .check(refuseRepeated)
    .exitProcess(false)
    .showHelpOnFail(false)
    .wrap(helpWidth)
    .fail((message, error) => {
      // yargs passes no error, or one of its own, where its own check failed; its types do not say so.
      const thrown: Error | null | undefined = error
      throw thrown && thrown.name !== 'YError' ? thrown : usageError(thrown?.message ?? message, words)
    })
}

/** yargs makes a list of an option that is given twice. */
function refuseRepeated(args: Record<string, unknown>): true {
  const repeated = Object.entries(args).find(([name, value]) => Array.isArray(value) && !lists.has(name))
  if (repeated) throw new LossproofError('usage', `--${repeated[0]} is given twice; it takes one value`)
  return true
}

/** yargs' own message in our words. */
function usageError(message: string, words: readonly string[]): LossproofError {
  const [command] = words.filter(word => !word.startsWith('-'))
  if (command === undefined)
    return new LossproofError('usage', 'a command is missing', { hint: 'lossproof --help lists the commands' })
  const recommended = /^Did you mean (.+)\?$/.exec(message)?.[1]
  if (recommended !== undefined)
    return new LossproofError('usage', `unknown command "${command}"`, { hint: `did you mean "${recommended}"?` })
  if (!commandNames.some(name => name === command))
    return new LossproofError('usage', `unknown command "${command}"`, { hint: `one of ${commandNames.join(', ')}` })
  const hint = `lossproof ${command} --help`
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]
  if (unknown !== undefined) return new LossproofError('usage', `unknown option or argument: ${unknown}`, { hint })
  const empty = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  if (empty !== undefined) return new LossproofError('usage', `--${empty} needs a value`, { hint })
  if (message.startsWith('Not enough non-option arguments'))
    return new LossproofError('usage', `${command} needs an argument`, { hint })
  return new LossproofError('usage', message.trim().split('\n')[0] ?? '', { hint })
}
