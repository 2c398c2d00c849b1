import { byName } from '../contract/by-name.ts'
import type { Fault } from '../contract/fault.ts'

const looks = 5
const leastNodes = 4

export const partitionRing: Fault = {
  id: 'partition-ring',
  kind: 'cluster-link',
  effects: ['delays-copies'],
  title: 'Let each node see only its two neighbours in a ring',
  models:
    'Overlapping views: every node reaches some of the others, and no node reaches all. The network does not fall ' +
    'into separate parts. Links of a mesh that fail one by one lead to this.',
  cannotModel: 'Fewer than four nodes: three in a ring all see each other.',
  needs: ['docker', 'iptables'],
  abilities: ['replication-mesh'],
  targets: ['all'],
  params: {},
  refuses: brokers =>
    brokers < leastNodes ? `in a ring of ${brokers} brokers all are neighbours: it takes four brokers` : undefined,
  async inject(context, { nodes }) {
    const dropping = await context.part(pairsAcrossRing(nodes), 'both')
    return {
      // Some pairs of nodes never talk: every node must have rules, and at least one node must have dropped something.
      async evidence() {
        const seen = await context.settled(
          async () => byName(nodes, async node => dropping.seen(node)),
          now => [...now.values()].some(({ packets }) => packets > 0),
          looks,
        )
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

/** All pairs of nodes that are not neighbours when the nodes form a ring; empty for fewer than four nodes. */
export function pairsAcrossRing<T>(nodes: readonly T[]): [T, T][] {
  return nodes.flatMap((node, at) =>
    nodes.slice(at + 1).flatMap((other, between): [T, T][] => {
      const distance = between + 1
      return distance > 1 && distance < nodes.length - 1 ? [[node, other]] : []
    }),
  )
}
