import type { Fault } from '../contract/fault.ts'
import { partialRoles } from '../contract/roles.ts'
import { packetsDropped } from './packets-dropped.ts'

export const isolate: Fault = {
  id: 'isolate',
  kind: 'cluster-link',
  effects: ['silences-node'],
  weaker: ['partition', 'cut-replication'],
  title: 'Cut nodes off from everything: other nodes and clients',
  models: 'A pulled network cable.',
  cannotModel: 'A node that answers slowly. The observer does not reach the node either.',
  needs: ['docker', 'iptables'],
  targets: partialRoles,
  params: {},
  inject: async (context, { nodes }) => packetsDropped(context, nodes, await context.isolate(nodes)),
}
