/** A role in the schedule → the nodes or links that have it now. */
import type { FaultClient, FaultTarget } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { TrialContext } from '../context.ts'

/** Throws LossproofError('cluster') when no node has the role, or when a role of one node is held by several. */
export async function resolveTarget(context: TrialContext, role: string): Promise<FaultTarget> {
  const { cluster, system } = context
  const clients = clientsOf(context, role)
  if (clients)
    return {
      role,
      nodes: [],
      links: role === 'first-consumer' ? [] : cluster.clientLinks(role === 'producer' ? 'producer' : 'consumer'),
      clients,
    }
  const ids = await system.nodesOf(role, context.lastHit)
  const [first] = ids
  if (first === undefined) throw new LossproofError('cluster', `target "${role}" resolves to no node`)
  context.lastHit = first
  return { role, nodes: ids.map(id => cluster.node(id)), links: [], clients: [] }
}

/** Undefined for a role of nodes. */
function clientsOf({ producers, consumers }: TrialContext, role: string): FaultClient[] | undefined {
  if (role === 'producer') return producers.fleet.names.map(name => ({ name }))
  if (role === 'consumer') return (consumers?.fleet.names ?? []).map(name => ({ name }))
  return role === 'first-consumer' ? (consumers?.fleet.firsts ?? []).map(name => ({ name })) : undefined
}
