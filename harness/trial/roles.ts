/** A role in the schedule → the nodes or links that have it now. */
import type { FaultClient, FaultTarget } from '../../faults/fault.ts'
import { LossproofError } from '../errors.ts'
import type { TrialContext } from './context.ts'

/** Throws LossproofError('cluster') when no node has the role, or when a role of one node is held by several. */
export async function resolveTarget(context: TrialContext, role: string): Promise<FaultTarget> {
  const { cluster } = context
  const clients = clientsOf(context, role)
  if (clients) return { role, nodes: [], links: role === 'first-consumer' ? [] : cluster.clientLinks(role === 'producer' ? 'producer' : 'consumer'), clients }
  const ids = await idsOf(context, role)
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

async function idsOf(context: TrialContext, role: string): Promise<number[]> {
  const { cluster, observer } = context
  const brokers = cluster.brokers.map(broker => broker.id)
  const leader = () => theOnly(role, observer.partitions().map(({ view }) => view.leader))
  /** The leader first: what is true of a part of the cluster is shown where it hurts most. */
  const leaderFirst = () => [leader(), ...brokers.filter(id => id !== leader())]
  const most = Math.floor(brokers.length / 2) + 1
  switch (role) {
    case 'leader':
      return [leader()]
    case 'follower':
      return [theOnly(role, observer.partitions().flatMap(({ view }) => view.replicas.find(id => id !== view.leader && view.isr?.includes(id) === true) ?? []))]
    case 'controller':
      return [(await activeController(context)).id]
    case 'controller-majority': {
      const active = (await activeController(context)).id
      const voters = cluster.controllers.map(controller => controller.id)
      return [active, ...voters.filter(id => id !== active)].slice(0, Math.floor(voters.length / 2) + 1)
    }
    case 'coordinator': {
      const groups = context.trial.lanes.flatMap(lane => lane.consumer?.group ?? [])
      return [theOnly(role, await Promise.all(groups.map(async group => observer.coordinator(group))))]
    }
    case 'next': {
      // The one behind the last that was hit, in the order of their numbers; the leader comes first.
      const { lastHit } = context
      return lastHit === undefined || !brokers.includes(lastHit) ? [leader()] : [brokers[(brokers.indexOf(lastHit) + 1) % brokers.length] ?? leader()]
    }
    case 'all':
      return brokers
    case 'majority':
      return leaderFirst().slice(0, most)
    case 'minority':
      return leaderFirst().slice(0, brokers.length - most)
    case 'other-than(leader)':
      return brokers.filter(id => id !== leader())
    default:
      throw new LossproofError('internal', `role ${role} is not resolved`)
  }
}

/** The active controller as a broker that answers tells it; cluster metadata names a random broker instead. */
export async function activeController({ observer, cluster }: Pick<TrialContext, 'observer' | 'cluster'>): Promise<{ id: number; epoch: number }> {
  const answers = await Promise.allSettled(cluster.brokers.map(async ({ id }) => observer.link(id).describeQuorum()))
  const quorums = answers.flatMap(answer => (answer.status === 'fulfilled' ? [answer.value] : []))
  // One that was parted from the others may still believe in an earlier one.
  const latest = quorums.toSorted((a, b) => b.leaderEpoch - a.leaderEpoch)[0]
  if (!latest || latest.leaderId < 0) throw new LossproofError('cluster', 'no broker knows an active controller')
  return { id: latest.leaderId, epoch: latest.leaderEpoch }
}

function theOnly(role: string, ids: number[]): number {
  const distinct = [...new Set(ids)].filter(id => id >= 0)
  const [only] = distinct
  if (only !== undefined && distinct.length === 1) return only
  const seen = distinct.length === 0 ? 'no node has it' : `it differs between lanes: ${distinct.map(id => `broker-${id}`).join(', ')}`
  throw new LossproofError('cluster', `target "${role}" resolves to no single node: ${seen}`)
}
