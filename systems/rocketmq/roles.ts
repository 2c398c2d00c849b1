/** Finds the nodes of a RocketMQ cluster that hold a role now. */
import type { RocketmqBrokers } from './cluster.ts'
import { admin } from '../../workloads/rocketmq-remoting/index.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Trial } from '../../model/plan.ts'
import type { RocketmqObserver } from './observer/observer.ts'
import { firstProxy } from './properties.ts'

interface Context {
  trial: Pick<Trial, 'lanes'>
  cluster: RoleCluster
  observer: Pick<RocketmqObserver, 'group' | 'client'>
}

type RoleCluster = Pick<RocketmqBrokers, 'groups' | 'brokers' | 'nameServers' | 'advertisedControllers'> & {
  nodes: Pick<RocketmqBrokers['nodes'], 'state'> & { all: readonly { id: number }[] }
}

/** Throws LossproofError('cluster') when no node holds the role. */
export async function nodesOf({ trial, cluster, observer }: Context, role: string): Promise<number[]> {
  const groups = [...new Set(trial.lanes.flatMap(lane => lane.topic.brokerNames))]
  const firstGroups = [...new Set(trial.lanes.flatMap(lane => lane.topic.brokerNames[0] ?? []))]
  switch (role) {
    case 'master':
      return groups.map(name => masterOf(cluster, observer, name))
    case 'first-master':
      return firstGroups.map(name => masterOf(cluster, observer, name))
    case 'slave':
      return groups.flatMap(name => slavesOf(cluster, observer, name))
    case 'first-slave':
      return firstGroups.flatMap(name => slavesOf(cluster, observer, name).slice(0, 1))
    case 'all':
      return cluster.brokers.map(({ id }) => id)
    case 'name-server':
      return cluster.nameServers.map(({ id }) => id)
    case 'first-name-server':
      return cluster.nameServers.slice(0, 1).map(({ id }) => id)
    case 'proxy':
      return cluster.nodes.all.filter(({ id }) => id >= firstProxy).map(({ id }) => id)
    case 'controller':
      return [await runningController({ cluster, observer })]
    case 'controller-majority': {
      const active = await runningController({ cluster, observer })
      const controllers = cluster.nameServers.map(({ id }) => id)
      return [active, ...controllers.filter(id => id !== active)].slice(0, Math.floor(controllers.length / 2) + 1)
    }
    default:
      throw new LossproofError('internal', `no rule finds the nodes of role "${role}"`)
  }
}

/** In classic mode a master keeps its role while it is down. */
export function masterOf(cluster: RoleCluster, observer: Context['observer'], brokerName: string): number {
  const isClassic = cluster.advertisedControllers.length === 0
  const master = isClassic ? cluster.groups.get(brokerName)?.[0]?.id : observer.group(brokerName)?.leader
  if (master === undefined || master < 0)
    throw new LossproofError('cluster', `no broker of ${brokerName} is master now, and the target needs one`)
  return master
}

/** Slaves in sync; all slaves while it is not known which are in sync. */
function slavesOf(cluster: RoleCluster, observer: Context['observer'], brokerName: string): number[] {
  const master = masterOf(cluster, observer, brokerName)
  const inSync = observer.group(brokerName)?.isr
  return (cluster.groups.get(brokerName) ?? [])
    .map(({ id }) => id)
    .filter(id => id !== master && (inSync === undefined || inSync.includes(id)))
}

/** Node id of the active controller. Controllers do not report an epoch, and a group's master epoch is another one. */
async function activeController({ cluster, observer }: Pick<Context, 'cluster' | 'observer'>): Promise<number> {
  const answers = await Promise.allSettled(
    cluster.advertisedControllers.map(async address => admin.controllerMetadata(observer.client, address)),
  )
  const reports = answers.flatMap(answer =>
    answer.status === 'fulfilled' && answer.value.leaderId !== '' ? [answer.value] : [],
  )
  // Other controllers may name an earlier one for a while.
  const name = (reports.find(({ isLeader }) => isLeader) ?? reports[0])?.leaderId
  // Controllers are named n<number of the node>.
  const id = Number(name?.slice(1))
  if (!Number.isInteger(id)) throw new LossproofError('cluster', 'no controller reports an active controller')
  return id
}

/** The active controller, once it is one that runs: right after its death others still name it. */
async function runningController(context: Pick<Context, 'cluster' | 'observer'>): Promise<number> {
  const id = await activeController(context)
  const { running, paused } = await context.cluster.nodes.state(id)
  if (!running || paused)
    throw new LossproofError('cluster', `controllers still name ${id}, which is down, as the active controller`)
  return id
}
