/** Resolves a role of the schedule to the nodes, links or client processes that hold it now. */
import type { FaultClient, FaultTarget } from '../../../faults/fault.ts'
import { appRole, rolesOf } from '../../../faults/fault.ts'
import { LossproofError } from '../../../model/errors.ts'
import { waitFor } from '../../../model/wait.ts'
import type { TrialContext } from '../context.ts'

/** What has to be known to find the holders of a role. */
export type TargetContext = Pick<TrialContext, 'cluster' | 'producers' | 'consumers' | 'lastHit' | 'signal'> & {
  system: Pick<TrialContext['system'], 'nodesOf'>
}

const roleLimitMs = 30_000

/**
 * Resolves a role, or several roles joined by `+` whose nodes are hit together, as in a room that loses its network.
 *
 * Waits until the role is held: right after another fault there may be no leader, or no controller that knows one. Throws
 * WaitExpired when no node holds the role, or when several hold a role of one node. Sets `lastHit`.
 */
export async function resolveTarget(context: TargetContext, role: string, limitMs = roleLimitMs): Promise<FaultTarget> {
  const { cluster, system } = context
  const clients = clientsOf(context, role)
  if (clients)
    return {
      role,
      nodes: [],
      links: role === 'first-consumer' ? [] : cluster.clientLinks(role === 'producer' ? 'producer' : 'consumer'),
      clients,
    }
  const what = `a node for the target "${role}"`
  const ids = await waitFor({ what, limitMs, signal: context.signal }, async () => {
    const found: number[] = []
    for (const part of rolesOf(role)) {
      const holders = await system.nodesOf(part, context.lastHit)
      if (holders.length === 0) throw new LossproofError('cluster', `no node holds the role "${part}" now`)
      found.push(...holders.filter(id => !found.includes(id)))
    }
    return { value: found, seen: found.join(', ') }
  })
  context.lastHit = ids[0]
  return { role, nodes: ids.map(id => cluster.node(id)), links: [], clients: [] }
}

/** Undefined for roles of nodes. */
function clientsOf({ producers, consumers }: TargetContext, role: string): FaultClient[] | undefined {
  if (role === 'producer') return producers.fleet.names.map(name => ({ name }))
  if (role === 'consumer' || role === appRole) return (consumers?.fleet.names ?? []).map(name => ({ name }))
  return role === 'first-consumer' ? (consumers?.fleet.firsts ?? []).map(name => ({ name })) : undefined
}
