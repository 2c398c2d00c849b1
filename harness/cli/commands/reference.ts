/** The command reference as Markdown, made from the commands themselves. */
import { commandLine } from '../parser.ts'
import { commandNames } from './index.ts'

const opening = `# Command reference

Made from the commands by \`npm run docs\`. Results go to standard output, progress and errors to standard error.

Exit codes of every command that judges (\`run\`, \`replay\`, \`check\`, \`compare\`):

| code | meaning |
|---|---|
| 0 | every cell held |
| 1 | a bug of Lossproof |
| 2 | usage or scenario error |
| 3 | this machine cannot: no Docker, a missing capability, an unusable results folder |
| 4 | inconclusive or not shown |
| 99 | violated; \`compare\`: something got worse |
| 130 | interrupted, after cleaning up |
`

export async function commandsPage(): Promise<string> {
  const sections = await Promise.all(
    commandNames.map(async name => `## ${name}\n\n\`\`\`text\n${await helpOf(name)}\n\`\`\`\n`),
  )
  return [opening, ...sections].join('\n')
}

/** What `lossproof <command> --help` prints. */
async function helpOf(command: string): Promise<string> {
  let help = ''
  await commandLine([]).parseAsync([command, '--help'], {}, (_error, _argv, output) => {
    help = output
  })
  return help.trimEnd()
}
