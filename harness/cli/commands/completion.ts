import { basename } from 'node:path'
import { LossproofError } from '../../../model/errors.ts'
import { shells } from '../help/shells.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  shell: string | undefined
}

/** Each asks Lossproof itself; where it has no answer, the shell offers files. */
const scripts: Readonly<Record<(typeof shells)[number], string>> = {
  bash: `_lossproof() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _lossproof lossproof ./lossproof
`,
  zsh: `#compdef lossproof
_lossproof() {
  local -a found
  found=("\${(@f)$("\${words[1]}" __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -a found; else _files; fi
}
compdef _lossproof lossproof ./lossproof
`,
}

export const completionCommand: Command<Arguments> = {
  builder: yargs =>
    yargs.positional('shell', { type: 'string', describe: `${shells.join(' or ')} (default: the one of $SHELL)` }),
  handler: ({ shell = basename(process.env['SHELL'] ?? '') }) => {
    const known = shells.find(name => name === shell)
    if (known === undefined)
      throw new LossproofError('usage', `completion for the shell "${shell}" is not supported`, {
        hint: `lossproof completion ${shells.join(', or lossproof completion ')}`,
      })
    process.stdout.write(scripts[known])
  },
}
