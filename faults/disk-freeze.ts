import { each } from './each.ts'
import { brokerRoles, reachesData } from './fault.ts'
import type { Fault } from './fault.ts'

/** The file system is frozen: whoever writes waits, in the kernel, where not even SIGKILL reaches. Proved by the kernel, which calls it busy freezing. */
export const diskFreeze: Fault = {
  id: 'disk-freeze',
  title: 'Freeze the data disks of nodes: every write waits',
  models:
    'A storage system that has stopped answering: a failing controller, a detached network volume, a snapshot that takes for ever. The process lives and answers what needs no disk.',
  cannotModel:
    'What was written before is synced as the disk freezes, so nothing of it can be lost to a power failure. Reads go on. The metadata log is on another disk.',
  needs: ['docker', 'loop-devices'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await each(nodes, async node => context.dataFiles(node))
    await each(nodes, async node => context.freezeDisk(node))
    return {
      async evidence() {
        const states = await each(nodes, async node => context.diskState(node))
        return {
          complete: nodes.every(({ name }) => states.get(name) === 'frozen') && [...files.values()].every(reachesData),
          seen: { disk: Object.fromEntries(states), dataFiles: Object.fromEntries(files) },
        }
      },
      heal: async () => void (await each(nodes, async node => context.thawDisk(node))),
    }
  },
}
