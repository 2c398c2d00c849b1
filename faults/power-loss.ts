import { each } from './each.ts'
import { brokerRoles, reachesData } from './fault.ts'
import type { Fault } from './fault.ts'

/** Disks that die further apart than this are not one rack. */
const rackSpreadMs = 50

/**
 * No packet leaves any more, the file system under the data is shut down without flushing anything, and then the process
 * is killed: what was neither fsynced nor written back by the kernel is gone, all else is still there after the journal
 * has been replayed.
 */
export const powerLoss: Fault = {
  id: 'power-loss',
  title: 'Cut the power of nodes, of a whole rack at the same instant',
  models: 'A power failure: unsynced data vanish, synced data stay, and peers are told nothing: connections go silent.',
  cannotModel:
    'Disks that lie about a flush, torn sectors; and the metadata log, which lies on another disk that keeps its power.',
  needs: ['docker', 'loop-devices', 'iptables', 'freezer'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await each(nodes, async node => context.dataFiles(node))
    const loss = await context.losePower(nodes)
    return {
      async evidence() {
        const complete =
          loss.spreadMs < rackSpreadMs &&
          [...files.values()].every(reachesData) &&
          nodes.every(
            ({ name }) =>
              loss.nodes[name]?.exitCode === 137 && /Input\/output error/.test(loss.nodes[name]?.read ?? ''),
          )
        return { complete, seen: { ...loss, dataFiles: Object.fromEntries(files) } }
      },
      heal: async () => void (await each(nodes, async node => context.start(node))),
    }
  },
}
