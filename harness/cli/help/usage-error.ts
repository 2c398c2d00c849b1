/** What is wrong with a command line, in our words in place of yargs'. */
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { commandNames } from '../commands/index.ts'

/** An option or argument that the command does not take. */
export class UnknownWord extends LossproofError {
  readonly command: string
  readonly #words: string

  constructor(command: string, words: string, hint: string) {
    super('usage', `unknown option or argument: ${words}`, { hint })
    this.command = command
    this.#words = words
  }

  /** The same error with the nearest of the command's options, such as `--seed`. */
  withSuggestion(options: readonly string[]): LossproofError {
    const [first = ''] = this.#words.split(', ')
    const meant = nearest(`--${first}`, options)
    if (meant === undefined) return this
    return new LossproofError('usage', this.message, {
      hint: `did you mean "${meant}"? ${this.hint} lists all options`,
    })
  }
}

/** `message`: what yargs says about `words`. */
export function usageError(message: string, words: readonly string[]): LossproofError {
  const [command] = words.filter(word => !word.startsWith('-'))
  if (command === undefined)
    return new LossproofError('usage', 'a command is missing', { hint: 'lossproof --help lists the commands' })
  const recommended = /^Did you mean (.+)\?$/.exec(message)?.[1]
  if (recommended !== undefined)
    return new LossproofError('usage', `unknown command "${command}"`, { hint: `did you mean "${recommended}"?` })
  if (!commandNames.includes(command))
    return new LossproofError('usage', `unknown command "${command}"`, { hint: `one of ${commandNames.join(', ')}` })
  const hint = `lossproof ${command} --help`
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)?.[1]
  if (unknown !== undefined) return new UnknownWord(command, unknown, hint)
  const empty = /^Not enough arguments following: (.+)$/.exec(message)?.[1]
  if (empty !== undefined) return new LossproofError('usage', `--${empty} needs a value`, { hint })
  if (message.startsWith('Not enough non-option arguments'))
    return new LossproofError('usage', `${command} needs an argument`, { hint })
  return new LossproofError('usage', message.trim().split('\n')[0] ?? '', { hint })
}
