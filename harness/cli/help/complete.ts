/** Answers the shell's question of how the last word of a command line can go on. */
import { commandNames } from '../commands/index.ts'
import { shippedNames } from '../options/shipped.ts'
import { helpOf } from '../parser.ts'
import { optionsIn } from './options-in.ts'
import { shells } from './shells.ts'

/** What the positionals of a command can be, beside files. */
const positionals: Readonly<Record<string, () => readonly string[] | Promise<readonly string[]>>> = {
  run: shippedNames,
  plan: shippedNames,
  list: shippedNames,
  completion: () => shells,
  schema: async () => Object.keys((await import('../../plan/schemas.ts')).jsonSchemas),
}

/**
 * `words`: those after `lossproof`, the last one being the one to complete. None: the shell offers files.
 */
export async function completions(words: readonly string[]): Promise<string[]> {
  const current = words.at(-1) ?? ''
  const [command = ''] = words
  const begins = (candidates: readonly string[]) => candidates.filter(candidate => candidate.startsWith(current))
  if (words.length <= 1) return begins(current.startsWith('-') ? ['--help', '--version'] : commandNames)
  if (!commandNames.includes(command)) return []
  if (current.startsWith('-')) return begins(optionsIn(await helpOf(command)))
  const named = (await positionals[command]?.()) ?? []
  return begins(named)
}
