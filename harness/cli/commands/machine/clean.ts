import { ofDeadOwner, removeLabelled } from '../../../../docker/cleanup/cleanup.ts'
import { findEngine } from '../../../../docker/engine/engine.ts'
import { withBuildLock } from '../../../../docker/images/lock.ts'
import { removeStages } from '../../../../docker/images/stages.ts'
import { plural } from '../../../report/words/numbers.ts'
import { removeTopicsLeft } from '../../prepare/own-clusters.ts'
import type { Command } from '../../help/command.ts'

interface Arguments {
  all: boolean
}

export const cleanCommand: Command<Arguments> = {
  builder: yargs =>
    yargs.option('all', {
      type: 'boolean',
      default: false,
      describe: 'Remove the things of runs that are still going, and of other machines, too',
    }),
  handler: async args => {
    const { docker } = await findEngine()
    const chosen = args.all ? () => true : ofDeadOwner
    // What cannot be healed or removed keeps nothing else from being removed, and is the error in the end.
    let failure: unknown
    const removed = await removeLabelled(docker, chosen).catch((error: unknown) => {
      failure = error
      return undefined
    })
    // Brokers that were healed can answer again.
    await removeTopicsLeft(docker, chosen, line => process.stderr.write(`${line}\n`))
    const stages = await withBuildLock(
      async () => removeStages(docker),
      () => process.stderr.write('waiting for another lossproof process that is building images\n'),
    )
    if (removed === undefined) throw failure
    if (removed.healed.length > 0) process.stdout.write(`healed ${removed.healed.join(', ')}\n`)
    process.stdout.write(
      `removed ${plural(removed.containers, 'container')}, ${plural(removed.networks, 'network')}, ` +
        `${plural(removed.volumes, 'volume')}, ${plural(stages.images, 'build stage')}\n`,
    )
  },
}
