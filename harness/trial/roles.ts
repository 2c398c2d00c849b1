/** A role in the schedule → the node that has it now. */
import type { FaultNode } from '../../faults/fault.ts'
import { LossproofError } from '../errors.ts'
import type { TrialContext } from './context.ts'

/** Throws LossproofError('cluster') when no node, or more than one, has the role. */
export async function resolveRole(context: TrialContext, role: string): Promise<FaultNode> {
  const { cluster, observer } = context
  switch (role) {
    case 'leader':
      return cluster.node(theOnly(role, observer.partitions().map(({ view }) => view.leader)))
    case 'follower': {
      const followers = observer.partitions().flatMap(({ view }) => {
        const follower = view.replicas.find(id => id !== view.leader && view.isr?.includes(id) === true)
        return follower === undefined ? [] : [follower]
      })
      return cluster.node(theOnly(role, followers))
    }
    case 'controller':
      return cluster.node(await activeController(context))
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
