/** Resolves a role of the schedule to the nodes, links or client processes that hold it now. */
import type { FaultClient, FaultTarget } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import type { TrialContext } from '../context.ts'

type TargetContext = Pick<TrialContext, 'cluster' | 'system' | 'producers' | 'consumers' | 'lastHit'>

/**
 * Throws LossproofError('cluster') when no node holds the role, or when several hold a role of one node. Sets
 * `lastHit`.
 */
export async function resolveTarget(context: TargetContext, role: string): Promise<FaultTarget> {
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
  if (first === undefined) throw new LossproofError('cluster', `no node holds the role "${role}" now`)
  context.lastHit = first
  return { role, nodes: ids.map(id => cluster.node(id)), links: [], clients: [] }
}

/** Undefined for roles of nodes. */
function clientsOf({ producers, consumers }: TargetContext, role: string): FaultClient[] | undefined {
  if (role === 'producer') return producers.fleet.names.map(name => ({ name }))
  if (role === 'consumer') return (consumers?.fleet.names ?? []).map(name => ({ name }))
  return role === 'first-consumer' ? (consumers?.fleet.firsts ?? []).map(name => ({ name })) : undefined
}
