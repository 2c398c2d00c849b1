/** A role of nodes → the nodes of a Kafka cluster that have it now. */
import type { KafkaCluster } from './cluster.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Trial } from '../../model/plan.ts'
import { theOnly } from '../shared/single-node.ts'
import type { Observer } from './observer.ts'

interface Place {
  trial: Trial
  cluster: KafkaCluster
  observer: Observer
}

export async function nodesOf(
  { trial, cluster, observer }: Place,
  role: string,
  lastHit: number | undefined,
): Promise<number[]> {
  const brokers = cluster.brokers.map(broker => broker.id)
  const leader = () =>
    theOnly(
      role,
      observer.partitions().map(({ view }) => view.leader),
    )
  /** The leader first: what is true of a part of the cluster is shown where it hurts most. */
  const leaderFirst = () => [leader(), ...brokers.filter(id => id !== leader())]
  const most = Math.floor(brokers.length / 2) + 1
  switch (role) {
    case 'leader':
      return [leader()]
    case 'follower':
      return [
        theOnly(
          role,
          observer
            .partitions()
            .flatMap(
              ({ view }) => view.replicas.find(id => id !== view.leader && view.isr?.includes(id) === true) ?? [],
            ),
        ),
      ]
    case 'controller':
      return [(await activeController(observer)).id]
    case 'controller-majority': {
      const active = (await activeController(observer)).id
      const voters = cluster.controllers.map(controller => controller.id)
      return [active, ...voters.filter(id => id !== active)].slice(0, Math.floor(voters.length / 2) + 1)
    }
    case 'coordinator': {
      const groups = trial.lanes.flatMap(lane => lane.consumer?.group ?? [])
      return [theOnly(role, await Promise.all(groups.map(async group => observer.coordinator(group))))]
    }
    case 'next':
      // The one behind the last that was hit, in the order of their numbers; the leader comes first.
      return lastHit === undefined || !brokers.includes(lastHit)
        ? [leader()]
        : [brokers[(brokers.indexOf(lastHit) + 1) % brokers.length] ?? leader()]
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
export async function activeController(observer: Observer): Promise<{ id: number; epoch: number }> {
  const quorums = await observer.quorums()
  // One that was parted from the others may still believe in an earlier one.
  const latest = quorums.toSorted((a, b) => b.leaderEpoch - a.leaderEpoch)[0]
  if (!latest || latest.leaderId < 0) throw new LossproofError('cluster', 'no broker knows an active controller')
  return { id: latest.leaderId, epoch: latest.leaderEpoch }
}
