import type { Fault } from '../contract/fault.ts'
import { oneOf } from '../contract/params.ts'
import { partialRoles } from '../contract/roles.ts'
import { packetsDropped } from './packets-dropped.ts'

const directions = ['both', 'in', 'out'] as const

export const partition: Fault = {
  id: 'partition',
  kind: 'cluster-link',
  effects: ['delays-copies', 'moves-leadership'],
  weaker: ['cut-replication'],
  title: 'Cut nodes off from all other nodes',
  models:
    'A network split between brokers and controllers: one node, a minority or a majority against the rest. Clients still reach every node.',
  cannotModel: 'Loss of single packets: everything between the two sides is dropped.',
  needs: ['docker', 'iptables'],
  targets: partialRoles,
  params: {
    direction: {
      doc: 'which packets of the targets are dropped: `both` (default), `in` or `out`',
      default: 'both',
      check: oneOf(directions),
    },
  },
  refuses: brokers => (brokers < 2 ? 'a cluster of one broker has no other broker to cut it off from' : undefined),
  async inject(context, { nodes }, params) {
    const direction = directions.find(word => word === params['direction']) ?? 'both'
    const others = context.allNodes.filter(other => !nodes.some(node => node.id === other.id))
    const pairs = nodes.flatMap(node => others.map(other => [node, other] as const))
    return packetsDropped(context, nodes, await context.part(pairs, direction))
  },
}
