import { listedScenarios } from '../options/listed-scenarios.ts'
import { listText } from '../../report/terminal/list.ts'
import { outputWidth } from '../terminal/width.ts'
import type { Command } from '../help/command.ts'

interface Arguments {
  name: string[]
  json: boolean
}

export const listCommand: Command<Arguments> = {
  builder: yargs =>
    yargs
      .positional('name', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'A folder below scenarios/, or one scenario of it (default: all)',
      })
      .option('json', { type: 'boolean', default: false, describe: 'Print results as JSON' }),
  handler: ({ name, json }) => {
    const scenarios = listedScenarios(name)
    process.stdout.write(json ? `${JSON.stringify(scenarios, undefined, 2)}\n` : listText(scenarios, outputWidth()))
  },
}
