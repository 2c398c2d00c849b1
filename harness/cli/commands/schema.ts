import type { CommandModule } from 'yargs'
import { z } from 'zod'
import { jsonSchema, schemaNames } from '../../../history/schema.ts'
import { LossproofError } from '../../../model/errors.ts'
import { nearest } from '../../../model/nearest.ts'
import { RunVerdict } from '../../../model/verdict.ts'
import { Scenario } from '../../plan/scenario/schema.ts'

/** JSON Schemas of everything that other programs read or write, by name. */
const schemas: ReadonlyMap<string, () => object> = new Map([
  ['scenario', () => z.toJSONSchema(Scenario, { io: 'input' })],
  ...schemaNames.map(name => [name, () => jsonSchema(name)] as const),
  ['verdict', () => z.toJSONSchema(RunVerdict)],
])

interface Arguments {
  name: string
}

export const schemaCommand: CommandModule<object, Arguments> = {
  command: 'schema <name>',
  describe: 'Print the JSON Schema of scenarios, records, events, run.json or verdict.json',
  builder: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: [...schemas.keys()].join(', ') }),
  handler: ({ name }) => {
    const schema = schemas.get(name)
    if (!schema) {
      const names = [...schemas.keys()]
      const word = nearest(name, names)
      throw new LossproofError('usage', `unknown schema "${name}"`, {
        hint: word === undefined ? `one of ${names.join(', ')}` : `did you mean "${word}"?`,
      })
    }
    process.stdout.write(`${JSON.stringify(schema(), undefined, 2)}\n`)
  },
}
