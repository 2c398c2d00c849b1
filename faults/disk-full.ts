import { each } from './each.ts'
import { brokerRoles, reachesData } from './fault.ts'
import type { Fault } from './fault.ts'

const ballast = '/disk/ballast'
const available = 'df --output=avail -B1 /disk | tail -n 1'

/** A file that takes all that is left. Kafka answers a full disk by halting itself. */
export const diskFull: Fault = {
  id: 'disk-full',
  title: 'Fill the data disks of nodes',
  models: 'A disk without space.',
  cannotModel: 'A quota, or running out of inodes.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await each(nodes, async node => context.dataFiles(node))
    await each(nodes, async node =>
      context.onDisk(
        node,
        `fallocate -l "$(${available})" ${ballast}; dd if=/dev/zero of=${ballast}-rest bs=4k 2>/dev/null; true`,
      ),
    )
    return {
      async evidence() {
        const left = await each(nodes, async node => Number(await context.onDisk(node, available)))
        const states = await each(nodes, async node => context.state(node))
        const seen = Object.fromEntries(
          nodes.map(({ name }) => [
            name,
            { bytesLeft: left.get(name), running: states.get(name)?.running, dataFiles: files.get(name) },
          ]),
        )
        const isFull = [...left.values()].every(bytes => bytes < 65_536)
        return { complete: isFull && [...files.values()].every(reachesData), seen }
      },
      heal: async () => {
        await each(nodes, async node => {
          await context.onDisk(node, `rm -f ${ballast} ${ballast}-rest`)
          await context.start(node)
        })
      },
    }
  },
}
