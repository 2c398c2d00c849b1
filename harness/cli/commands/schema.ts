import { jsonSchemas, schemaOf } from '../../plan/schemas.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  name: string
}

export const schemaCommand: Command<Arguments> = {
  builder: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: Object.keys(jsonSchemas).join(', ') }),
  handler: ({ name }) => {
    process.stdout.write(`${JSON.stringify(schemaOf(name), undefined, 2)}\n`)
  },
}
