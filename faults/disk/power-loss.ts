import { byName, forEach } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'
import { reachesMessages } from '../contract/node.ts'
import { brokerRoles } from '../contract/roles.ts'
import { killed } from '../process/crash.ts'

/**
 * Nodes that lose power further apart than these do not share one rack's power. Brokers take a silent one for dead after
 * 3 s at the earliest. When the disks die, all processes are frozen, so only the kernel can write something in between.
 */
const mostMs = { betweenFreezes: 1000, betweenDisks: 1000 }
const readFailed = /Input\/output error/

/**
 * First the node's process is frozen, then the file system under the data is shut down without flushing, then no packet
 * leaves the node any more, then the process is killed. What was neither fsynced nor written back by the kernel is gone;
 * everything else is there after the journal has been replayed.
 */
export const powerLoss: Fault = {
  id: 'power-loss',
  kind: 'disk',
  effects: ['ends-node', 'loses-unflushed'],
  weaker: ['crash'],
  title: 'Cut the power of nodes, of several at the same instant',
  models:
    'A power failure: unsynced data vanish, synced data stay, and connections go silent because no node can close them.',
  cannotModel:
    'Disks that lie about a flush, torn sectors. Metadata on another disk are not affected: that disk keeps its power.',
  needs: ['docker', 'loop-devices', 'iptables', 'freezer'],
  targets: brokerRoles,
  params: {},
  async inject(context, { nodes }) {
    const files = await byName(nodes, async node => context.dataFiles(node))
    const loss = await context.losePower(nodes)
    return {
      async evidence() {
        const dead = nodes.every(({ name }) => {
          const node = loss.nodes[name]
          return node?.exitCode === killed && readFailed.test(node.read)
        })
        const complete =
          nodes.length > 0 &&
          dead &&
          loss.frozenWithinMs < mostMs.betweenFreezes &&
          loss.spreadMs < mostMs.betweenDisks &&
          [...files.values()].every(reachesMessages)
        return { complete, seen: { ...loss, dataFiles: Object.fromEntries(files) } }
      },
      heal: async () => forEach(nodes, async node => context.start(node)),
    }
  },
}
