import { each } from './each.ts'
import { nodeRoles } from './fault.ts'
import type { Dropping, Fault, FaultContext, FaultNode, Injected } from './fault.ts'

/** Heartbeats and fetches come several times a second. */
const looks = 5

/** Packets are dropped from outside the nodes. Proved by the rules' own counters: they grew, so packets that somebody sent were dropped. */
function dropped(context: FaultContext, nodes: FaultNode[], dropping: Dropping): Injected {
  return {
    evidence: async () => {
      const packets = await each(nodes, async node =>
        context.settled(
          async () => (await dropping.seen(node)).packets,
          now => now > 0,
          looks,
        ),
      )
      return {
        complete: nodes.every(({ name }) => (packets.get(name) ?? 0) > 0),
        seen: { droppedPackets: Object.fromEntries(packets) },
      }
    },
    heal: async () => dropping.undo(),
  }
}

const directions = ['both', 'in', 'out'] as const
const parts = nodeRoles.filter(role => role !== 'all')
const alone = (brokers: number) => (brokers < 2 ? 'one broker has no peer to be parted from' : undefined)

export const partition: Fault = {
  id: 'partition',
  title: 'Part nodes from all other nodes',
  models:
    'A network split between brokers and controllers: one node, a minority or a majority from the rest; clients still reach everybody.',
  cannotModel: 'Loss of single packets: everything between the two sides is dropped.',
  needs: ['docker', 'iptables'],
  targets: parts,
  params: {
    direction: {
      doc: 'which packets of the targets are dropped: `both` (default), `in` or `out`',
      default: 'both',
      check: value =>
        directions.some(word => word === value)
          ? undefined
          : `expected one of ${directions.join(', ')}, got ${JSON.stringify(value)}`,
    },
  },
  refuses: alone,
  async inject(context, { nodes }, params) {
    const direction = directions.find(word => word === params['direction']) ?? 'both'
    const others = context.allNodes.filter(other => !nodes.some(node => node.id === other.id))
    const pairs = nodes.flatMap(node => others.map(other => [node, other] as const))
    return dropped(context, nodes, await context.part(pairs, direction))
  },
}

export const partitionRing: Fault = {
  id: 'partition-ring',
  title: 'Let each node see only its two neighbours',
  models:
    'Overlapping views: every node reaches some others, no two sides exist, and nobody sees all. As a mesh of links that failed one by one.',
  cannotModel: 'Fewer than four nodes: three in a ring all see each other.',
  needs: ['docker', 'iptables'],
  systems: ['kafka'],
  targets: ['all'],
  params: {},
  refuses: brokers =>
    brokers < 4 ? `a ring of ${brokers} has no two nodes that are not neighbours: it takes four brokers` : undefined,
  async inject(context, { nodes }) {
    const dropping = await context.part(acrossRing(nodes), 'both')
    return {
      // Not every two nodes talk with each other: all must have the rules, and some of them must have dropped something.
      evidence: async () => {
        const look = async () => each(nodes, async node => dropping.seen(node))
        const seen = await context.settled(look, now => [...now.values()].some(({ packets }) => packets > 0), looks)
        const all = [...seen.values()]
        return {
          complete: all.every(({ rules }) => rules > 0) && all.some(({ packets }) => packets > 0),
          seen: { dropping: Object.fromEntries(seen) },
        }
      },
      heal: async () => dropping.undo(),
    }
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
  inject: async (context, { nodes }) => dropped(context, nodes, await context.isolate(nodes)),
}

/** Pairs of nodes that are no neighbours when all stand in a ring, each pair once; none below four nodes. Exported for its test. */
export function acrossRing<T>(nodes: readonly T[]): [T, T][] {
  return nodes.flatMap((node, at) =>
    nodes.slice(at + 1).flatMap((other, further): [T, T][] => {
      const apart = further + 1
      return apart > 1 && apart < nodes.length - 1 ? [[node, other]] : []
    }),
  )
}
