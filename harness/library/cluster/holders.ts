/** The brokers that a role means for one topic, or for one of its partitions. */
import { LossproofError } from '../../../model/errors.ts'
import type { TrialSystem } from '../../../systems/shared/live-system.ts'

interface Where {
  topic?: string
  partition?: number
}

/** Roles that only the partitions of a topic have. */
const ofTopics = ['leader', 'follower', 'majority', 'minority', 'other-than(leader)']
/** The first of these roles that a partition alone decides. */
const ofPartitions = ['leader', 'follower']

type System = Pick<TrialSystem, 'nodesOf'> & { observer: Pick<TrialSystem['observer'], 'partitions'> }

/**
 * Ids of the nodes. Throws LossproofError('usage') where a topic or a partition has to be named, and
 * LossproofError('cluster') while nobody holds the role.
 */
export async function holdersIn(
  system: System,
  role: string,
  { topic, partition }: Where,
  lastHit: number | undefined,
): Promise<number[]> {
  if (ofTopics.includes(role) && topic === undefined)
    throw new LossproofError('usage', `"${role}" of which topic?`, {
      hint: `inject(…, '${role}', { topic: 'orders' })`,
    })
  const partitions = system.observer.partitions()
  if (partition !== undefined && ofPartitions.includes(role)) {
    const view = partitions.find(({ p }) => p === partition)?.view
    if (view === undefined)
      throw new LossproofError('usage', `the topic ${topic} has no partition ${partition}`, {
        hint: `it has ${partitions.length}, counted from 0`,
      })
    const follower = view.replicas.find(id => id !== view.leader && view.isr?.includes(id) === true)
    const holder = role === 'leader' ? view.leader : (follower ?? -1)
    if (holder < 0) throw new LossproofError('cluster', `partition ${partition} of ${topic} has no ${role} now`)
    return [holder]
  }
  const leaders = new Set(partitions.map(({ view }) => view.leader).filter(id => id >= 0))
  if (ofTopics.includes(role) && leaders.size > 1)
    throw new LossproofError('usage', `the partitions of ${topic} have ${leaders.size} different leaders`, {
      hint: `name one: inject(…, '${role}', { topic: '${topic}', partition: 0 })`,
    })
  return system.nodesOf(role, lastHit)
}
