/** The command reference of docs/commands.md, made from the commands themselves. */
import { commandLine } from '../parser.ts'
import { commandNames } from './index.ts'

/** A section for each command with its help. */
export async function commandSections(): Promise<string> {
  const sections = await Promise.all(
    commandNames.map(async name => `## ${name}\n\n\`\`\`text\n${await helpOf(name)}\n\`\`\``),
  )
  return sections.join('\n\n')
}

/** What `lossproof <command> --help` prints. */
async function helpOf(command: string): Promise<string> {
  let help = ''
  await commandLine([]).parseAsync([command, '--help'], {}, (_error, _argv, output) => {
    help = output
  })
  return help.trimEnd()
}
