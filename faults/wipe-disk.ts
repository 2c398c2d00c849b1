import { each } from './each.ts'
import { brokerRoles, reachesData } from './fault.ts'
import type { Fault } from './fault.ts'

/** Deletes all files but those that a new disk is given, and prints what is left. */
const wipe = (folder: string, kept: readonly string[]) =>
  `find /disk/${folder} -type f ${kept.map(file => `! -path /disk/${folder}/${file}`).join(' ')} -delete; find /disk/${folder} -mindepth 1 -type d -empty -delete; sync -f /disk; find /disk/${folder} -type f | sort`

export const wipeDisk: Fault = {
  id: 'wipe-disk',
  title: 'Kill nodes and empty their data disks',
  models: 'A disk that was replaced by an empty one, formatted for the same node.',
  cannotModel:
    'A new directory id: Kafka then waits for the old directory, the partition is offline and not empty. The metadata log, on another disk, stays. A broker of RocketMQ is given its topics and groups again.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await each(nodes, async node => context.dataFiles(node))
    const ended = await each(nodes, async node => context.end(node, 'SIGKILL'))
    const { folder, kept } = context.data
    const left = await each(nodes, async node => context.onDisk(node, wipe(folder, kept)))
    const isKept = (file: string) => file === '' || kept.some(known => file === `/disk/${folder}/${known}`)
    return {
      async evidence() {
        const seen = Object.fromEntries(
          nodes.map(({ name }) => [
            name,
            {
              exitCode: ended.get(name)?.exitCode,
              left: (left.get(name) ?? 'unknown').trim().split('\n'),
              dataFiles: files.get(name),
            },
          ]),
        )
        const complete = nodes.every(
          ({ name }) =>
            (ended.get(name)?.exitCode === 137 || ended.get(name)?.wasDown === true) &&
            [...files.values()].every(reachesData) &&
            (left.get(name) ?? 'unknown').trim().split('\n').every(isKept),
        )
        return { complete, seen }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
