import type { CommandModule } from 'yargs'
import { ofDeadOwner, removeLabelled } from '../../../docker/cleanup/cleanup.ts'
import { findEngine } from '../../../docker/engine/engine.ts'

interface Arguments {
  all: boolean
}

export const cleanCommand: CommandModule<object, Arguments> = {
  command: 'clean',
  describe: 'Remove what earlier runs left on the engine; touches only what carries the label of Lossproof',
  builder: yargs =>
    yargs.option('all', {
      type: 'boolean',
      default: false,
      describe: 'Remove the things of runs that are still going, and of other machines, too',
    }),
  handler: async args => {
    const { docker } = await findEngine()
    const removed = await removeLabelled(docker, args.all ? () => true : ofDeadOwner)
    process.stdout.write(
      `removed ${removed.containers} containers, ${removed.networks} networks, ${removed.volumes} volumes\n`,
    )
  },
}
