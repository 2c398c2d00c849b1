import type { CommandModule } from 'yargs'
import { ofDeadOwner, removeLabelled } from '../../../docker/cleanup/cleanup.ts'
import { findEngine } from '../../../docker/engine/engine.ts'
import { withBuildLock } from '../../../docker/images/lock.ts'
import { removeStages } from '../../../docker/images/stages.ts'

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
    const stages = await withBuildLock(
      async () => removeStages(docker),
      () => process.stderr.write('waiting for another lossproof process that is building images\n'),
    )
    process.stdout.write(
      `removed ${removed.containers} containers, ${removed.networks} networks, ${removed.volumes} volumes, ${stages.images} build stages\n`,
    )
  },
}
