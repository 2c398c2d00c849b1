/** Finds the nodes of a Kafka cluster that hold a role now. */
import type { KafkaBrokers } from './cluster.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Trial } from '../../model/plan.ts'
import { singleHolder } from '../shared/single-holder.ts'
import type { KafkaObserver } from './observer.ts'

type RoleObserver = Pick<KafkaObserver, 'partitions' | 'coordinator' | 'quorums'>

interface Context {
  trial: Pick<Trial, 'lanes'>
  cluster: Pick<KafkaBrokers, 'brokers' | 'controllers'> & { nodes: Pick<KafkaBrokers['nodes'], 'state'> }
  observer: RoleObserver
}

/** Throws LossproofError('cluster') when no node holds the role, or several hold a role of one node. */
export async function nodesOf(
  { trial, cluster, observer }: Context,
  role: string,
  lastHit: number | undefined,
): Promise<number[]> {
  const brokers = cluster.brokers.map(broker => broker.id)
  const leader = () =>
    singleHolder(
      role,
      observer.partitions().map(({ view }) => view.leader),
    )
  /** The leader comes first, so that a fault at a part of the brokers includes it. */
  const leaderFirst = () => [leader(), ...brokers.filter(id => id !== leader())]
  const majority = Math.floor(brokers.length / 2) + 1
  switch (role) {
    case 'leader':
      return [leader()]
    case 'follower':
      return [
        singleHolder(
          role,
          observer.partitions().flatMap(({ view }) => firstFollower(view) ?? []),
        ),
      ]
    case 'controller':
      return [await runningController({ cluster, observer })]
    case 'controller-majority': {
      const active = await runningController({ cluster, observer })
      const voters = cluster.controllers.map(controller => controller.id)
      return [active, ...voters.filter(id => id !== active)].slice(0, Math.floor(voters.length / 2) + 1)
    }
    case 'coordinator': {
      const groups = trial.lanes.flatMap(lane => lane.consumer?.group ?? [])
      return [singleHolder(role, await Promise.all(groups.map(async group => observer.coordinator(group))))]
    }
    case 'next':
      // The broker after the one that was hit last, in the order of their numbers. The first time it is the leader.
      return lastHit === undefined || !brokers.includes(lastHit)
        ? [leader()]
        : [brokers[(brokers.indexOf(lastHit) + 1) % brokers.length] ?? leader()]
    case 'all':
      return brokers
    case 'majority':
      return leaderFirst().slice(0, majority)
    case 'minority':
      return leaderFirst().slice(0, brokers.length - majority)
    case 'other-than(leader)':
      return brokers.filter(id => id !== leader())
    default:
      throw new LossproofError('internal', `no rule finds the nodes of role "${role}"`)
  }
}

/** The first replica in sync that does not lead. */
function firstFollower(view: {
  leader: number
  replicas: readonly number[]
  isr: readonly number[] | undefined
}): number | undefined {
  return view.replicas.find(id => id !== view.leader && view.isr?.includes(id) === true)
}

/** The active controller from DescribeQuorum: the controller that metadata answers name is a random broker. */
export async function activeController(
  observer: Pick<KafkaObserver, 'quorums'>,
): Promise<{ id: number; epoch: number }> {
  const quorums = await observer.quorums()
  // A broker that was cut off may still name an earlier controller.
  const latest = quorums.toSorted((a, b) => b.leaderEpoch - a.leaderEpoch)[0]
  if (!latest || latest.leaderId < 0) throw new LossproofError('cluster', 'no broker reports an active controller')
  return { id: latest.leaderId, epoch: latest.leaderEpoch }
}

/** The active controller, once it is one that runs: right after its death brokers still name it. */
async function runningController({ cluster, observer }: Pick<Context, 'cluster' | 'observer'>): Promise<number> {
  const { id } = await activeController(observer)
  if (!cluster.controllers.some(controller => controller.id === id))
    throw new LossproofError('cluster', `the active controller is node ${id}, which is not among cluster.brokers`)
  const { running, paused } = await cluster.nodes.state(id)
  if (!running || paused)
    throw new LossproofError('cluster', `brokers still name ${id}, which is down, as the active controller`)
  return id
}
