import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { positive } from '../contract/params.ts'
import { reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'

const probes = 4
const defaultPerSec = 5

/** Limits the writes a second of the node's control group. The proof times synced writes of a process in the same group. */
export const slowFsync: Fault = {
  id: 'slow-fsync',
  kind: 'disk',
  effects: ['slows'],
  title: 'Make fsync slow on the data disks of nodes',
  models: 'An overloaded or degraded disk: buffered writes return at once, writes that wait for the disk take long.',
  cannotModel: 'Slow writeback by the kernel itself, which control groups of version 1 do not limit; slow reads.',
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
    // The first write may find a free slot, and so may the last of the period before; the others wait for theirs.
    const leastMs = ((probes - 2) * 1000) / perSec
    const files = await byName(nodes, async node => context.dataFiles(node))
    await forEach(nodes, async node => context.throttleDisk(node, perSec))
    return {
      async evidence() {
        const took = await byName(nodes, async node => context.fsyncMs(node, probes))
        return {
          complete:
            nodes.length > 0 &&
            [...took.values()].every(ms => ms >= leastMs) &&
            [...files.values()].every(reachesMessages),
          seen: { fsyncs: probes, tookMs: Object.fromEntries(took), leastMs, dataFiles: Object.fromEntries(files) },
        }
      },
      heal: async () => forEach(nodes, async node => context.throttleDisk(node, 0)),
    }
  },
}
