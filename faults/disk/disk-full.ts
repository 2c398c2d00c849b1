import { byName, forEach, seenByName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'

const ballast = '/disk/ballast'
const readAvailableBytes = 'df --output=avail -B1 /disk | tail -n 1'
const fill = `fallocate -l "$(${readAvailableBytes})" ${ballast}; dd if=/dev/zero of=${ballast}-rest bs=4k 2>/dev/null; true`
const free = `rm -f ${ballast} ${ballast}-rest`
/** What the file system keeps for itself. */
const fullBelowBytes = 65_536

/** A file takes all the space that is left. A broker that halts on a full disk is started again by the heal. */
export const diskFull: Fault = {
  id: 'disk-full',
  kind: 'disk',
  effects: ['refuses-writes'],
  title: 'Fill the data disks of nodes',
  models: 'A disk without free space.',
  cannotModel: 'A quota, or running out of inodes.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await byName(nodes, async node => context.dataFiles(node))
    await forEach(nodes, async node => context.onDisk(node, fill))
    return {
      async evidence() {
        const left = await byName(nodes, async node => Number(await context.onDisk(node, readAvailableBytes)))
        const states = await byName(nodes, async node => context.state(node))
        const seen = seenByName(nodes, name => ({
          bytesLeft: left.get(name),
          running: states.get(name)?.running,
          dataFiles: files.get(name),
        }))
        const areFull = [...left.values()].every(bytes => bytes < fullBelowBytes)
        return { complete: nodes.length > 0 && areFull && [...files.values()].every(reachesMessages), seen }
      },
      heal: async () =>
        forEach(nodes, async node => {
          await context.onDisk(node, free)
          await context.start(node)
        }),
    }
  },
}
