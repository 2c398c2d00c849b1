import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'

/** The file system is frozen. Writers wait in the kernel, where even SIGKILL does not reach them. The kernel reports the freeze. */
export const diskFreeze: Fault = {
  id: 'disk-freeze',
  kind: 'disk',
  effects: ['refuses-writes'],
  title: 'Freeze the data disks of nodes: every write waits',
  models:
    'Storage that has stopped answering: a failing disk controller, a detached network volume, a snapshot that takes ' +
    'minutes. The process lives and answers requests that need no disk.',
  cannotModel:
    'Loss of earlier writes: the disk is synced when it freezes, so a later power failure cannot take them. Reads go ' +
    'on. Metadata on another disk is not affected.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await byName(nodes, async node => context.dataFiles(node))
    await forEach(nodes, async node => context.freezeDisk(node))
    return {
      async evidence() {
        const states = await byName(nodes, async node => context.diskState(node))
        return {
          complete:
            nodes.length > 0 &&
            [...states.values()].every(state => state === 'frozen') &&
            [...files.values()].every(reachesMessages),
          seen: { disk: Object.fromEntries(states), dataFiles: Object.fromEntries(files) },
        }
      },
      heal: async () => forEach(nodes, async node => context.thawDisk(node)),
    }
  },
}
