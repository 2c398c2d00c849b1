import { each } from './each.ts'
import { brokerRoles, positive, reachesData } from './fault.ts'
import type { Fault } from './fault.ts'

const probes = 4
const defaultPerSec = 5

/** The node's control group may write so often a second. Proved by timing synced writes of a process in the same group. */
export const slowFsync: Fault = {
  id: 'slow-fsync',
  title: 'Make fsync slow on the data disks of nodes',
  models: 'An overloaded or degraded disk: buffered writes return at once, those that wait for the disk take long.',
  cannotModel: 'Writeback by the kernel itself, which no control group limits on version 1; reads.',
  needs: ['docker', 'loop-devices', 'cgroup-writes'],
  targets: brokerRoles,
  params: {
    writesPerSec: {
      doc: `writes that the disk takes in a second (${defaultPerSec})`,
      default: defaultPerSec,
      check: positive,
    },
  },
  async inject(context, { nodes }, params) {
    const perSec = Number(params['writesPerSec'] ?? defaultPerSec)
    const files = await each(nodes, async node => context.dataFiles(node))
    await each(nodes, async node => context.throttleDisk(node, perSec))
    return {
      async evidence() {
        const took = await each(nodes, async node => context.fsyncMs(node, probes))
        // The first may find room at once; each of the others waits its turn.
        const leastMs = ((probes - 2) * 1000) / perSec
        return {
          complete:
            nodes.every(({ name }) => (took.get(name) ?? 0) >= leastMs) && [...files.values()].every(reachesData),
          seen: { fsyncs: probes, tookMs: Object.fromEntries(took), leastMs, dataFiles: Object.fromEntries(files) },
        }
      },
      heal: async () => void (await each(nodes, async node => context.throttleDisk(node, 0))),
    }
  },
}
