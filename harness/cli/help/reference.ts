/** The command reference of docs/commands.md, made from the commands themselves. */
import { commandNames } from '../commands/index.ts'
import { helpOf } from '../parser.ts'

/** A section for each command with its help. */
export async function commandSections(): Promise<string> {
  const sections = await Promise.all(
    commandNames.map(async name => `## ${name}\n\n\`\`\`text\n${await helpOf(name)}\n\`\`\``),
  )
  return sections.join('\n\n')
}
