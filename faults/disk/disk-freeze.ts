import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { brokerRoles } from '../contract/roles.ts'

/** The file system is frozen. Writers wait in the kernel, where even SIGKILL does not reach them. The kernel reports the freeze. */
export const diskFreeze: Fault = {
  id: 'disk-freeze',
  kind: 'disk',
  title: 'Freeze the data disks of nodes: every write waits',
  models:
    'Storage that has stopped answering: a failing controller, a detached network volume, a snapshot that takes minutes. The process lives and answers whatever needs no disk.',
  cannotModel:
    'Loss of what was written before: the disk is synced as it freezes, so a later power failure cannot take it. Reads go on. Metadata on another disk are not affected.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    await forEach(nodes, async node => context.freezeDisk(node))
    return {
      async evidence() {
        const states = await byName(nodes, async node => context.diskState(node))
        return {
          complete: nodes.length > 0 && [...states.values()].every(state => state === 'frozen'),
          seen: { disk: Object.fromEntries(states) },
        }
      },
      heal: async () => forEach(nodes, async node => context.thawDisk(node)),
    }
  },
}
