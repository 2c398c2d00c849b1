/** A role in the schedule → the nodes or links that have it now. */
import type { FaultTarget } from '../../faults/fault.ts'
import { LossproofError } from '../errors.ts'
import type { TrialContext } from './context.ts'

/** Throws LossproofError('cluster') when no node has the role, or when a role of one node is held by several. */
export async function resolveTarget(context: TrialContext, role: string): Promise<FaultTarget> {
  const { cluster } = context
  if (role === 'producer' || role === 'consumer') return { role, nodes: [], links: cluster.clientLinks(role) }
  const ids = await idsOf(context, role)
  if (ids.length === 0) throw new LossproofError('cluster', `target "${role}" resolves to no node`)
  return { role, nodes: ids.map(id => cluster.node(id)), links: [] }
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
      return [await activeController(context)]
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
export async function activeController({ observer, cluster }: Pick<TrialContext, 'observer' | 'cluster'>): Promise<number> {
  const quorum = await Promise.any(cluster.brokers.map(async ({ id }) => observer.link(id).describeQuorum()))
  return quorum.leaderId
}

function theOnly(role: string, ids: number[]): number {
  const distinct = [...new Set(ids)].filter(id => id >= 0)
  const [only] = distinct
  if (only !== undefined && distinct.length === 1) return only
  const seen = distinct.length === 0 ? 'no node has it' : `it differs between lanes: ${distinct.map(id => `broker-${id}`).join(', ')}`
  throw new LossproofError('cluster', `target "${role}" resolves to no single node: ${seen}`)
}
