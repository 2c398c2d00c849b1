import type { CommandModule } from 'yargs'
import { jsonSchemas, schemaOf } from '../../plan/schemas.ts'

interface Arguments {
  name: string
}

export const schemaCommand: CommandModule<object, Arguments> = {
  command: 'schema <name>',
  describe: 'Print the JSON Schema of scenarios, plans, records, events, run.json or verdict.json',
  builder: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: Object.keys(jsonSchemas).join(', ') }),
  handler: ({ name }) => {
    process.stdout.write(`${JSON.stringify(schemaOf(name), undefined, 2)}\n`)
  },
}
