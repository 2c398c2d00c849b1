import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Fault, FaultNode, FaultTarget, FaultContext } from './fault.ts'

/** Heartbeats and fetches come several times a second. */
const looks = 10

/**
 * Packets are dropped by iptables in the target's own network namespace, from a helper outside it. Proved by the rules'
 * own counters: they grew, so packets that somebody sent were dropped.
 */
async function inject(context: FaultContext, nodes: FaultNode[], drop: (node: FaultNode) => Promise<void>) {
  await each(nodes, drop)
  return {
    evidence: async () => {
      const packets = await each(nodes, async node => context.settled(() => context.droppedPackets(node), now => now > 0, looks))
      return { complete: nodes.every(({ name }) => (packets.get(name) ?? 0) > 0), seen: { droppedPackets: Object.fromEntries(packets) } }
    },
    heal: async () => void (await each(nodes, async node => context.undrop(node))),
  }
}

const directions = ['both', 'in', 'out'] as const
const parts = nodeRoles.filter(role => role !== 'all')

export const partition: Fault = {
  id: 'partition',
  title: 'Part nodes from all other nodes',
  models: 'A network split between brokers and controllers: one node, a minority or a majority from the rest; clients still reach everybody.',
  cannotModel: 'Loss of single packets: everything between the two sides is dropped. A ring, in which each node sees only its neighbours.',
  needs: ['docker', 'iptables'],
  targets: parts,
  params: {
    direction: {
      doc: 'which packets of the targets are dropped: `both` (default), `in` or `out`',
      default: 'both',
      check: value => (directions.some(word => word === value) ? undefined : `expected one of ${directions.join(', ')}, got ${JSON.stringify(value)}`),
    },
  },
  async inject(context, { nodes }: FaultTarget, params) {
    const direction = directions.find(word => word === params['direction']) ?? 'both'
    return inject(context, nodes, async node => context.dropPeers(node, nodes, direction))
  },
}

export const isolate: Fault = {
  id: 'isolate',
  title: 'Cut nodes off from everything, peers and clients',
  models: 'A pulled network cable.',
  cannotModel: 'A node that is merely slow to answer. The observer does not reach the node either.',
  needs: ['docker', 'iptables'],
  targets: parts,
  params: {},
  inject: async (context, { nodes }) => inject(context, nodes, async node => context.dropAll(node)),
}
