/** A role of nodes → the nodes of a RocketMQ cluster that have it now. */
import type { RocketmqCluster } from './cluster.ts'
import { admin } from '../../workloads/rocketmq-remoting/index.ts'
import { LossproofError } from '../../model/errors.ts'
import type { Trial } from '../../model/plan.ts'
import type { Observer } from './observer/observer.ts'

interface Place {
  trial: Trial
  cluster: RocketmqCluster
  observer: Observer
}

export async function nodesOf({ trial, cluster, observer }: Place, role: string): Promise<number[]> {
  const all = [...new Set(trial.lanes.flatMap(lane => lane.topic.brokerNames))]
  const firsts = [...new Set(trial.lanes.flatMap(lane => lane.topic.brokerNames[0] ?? []))]
  switch (role) {
    case 'master':
      return all.map(name => masterOf(cluster, observer, name))
    case 'first-master':
      return firsts.map(name => masterOf(cluster, observer, name))
    case 'slave':
      return all.flatMap(name => slavesOf(cluster, observer, name))
    case 'first-slave':
      return firsts.flatMap(name => slavesOf(cluster, observer, name).slice(0, 1))
    case 'all':
      return cluster.brokers.map(({ id }) => id)
    case 'name-server':
      return cluster.nameServers.map(({ id }) => id)
    case 'controller':
      return [(await activeController({ cluster, observer })).id]
    default:
      throw new LossproofError('internal', `role ${role} is not resolved`)
  }
}

/** In classic mode a master stays one when it is down. */
function masterOf(cluster: RocketmqCluster, observer: Observer, brokerName: string): number {
  const isClassic = cluster.advertisedControllers.length === 0
  const master = isClassic ? cluster.groups.get(brokerName)?.[0]?.id : observer.group(brokerName)?.leader
  if (master === undefined || master < 0)
    throw new LossproofError('cluster', `target "master" resolves to no node: ${brokerName} has none`)
  return master
}

function slavesOf(cluster: RocketmqCluster, observer: Observer, brokerName: string): number[] {
  const master = masterOf(cluster, observer, brokerName)
  const inStep = observer.group(brokerName)?.isr
  return (cluster.groups.get(brokerName) ?? [])
    .map(({ id }) => id)
    .filter(id => id !== master && (inStep === undefined || inStep.includes(id)))
}

/** Controllers number no epochs that they tell; the group's master epoch is no substitute, so it is 0. */
export async function activeController({
  cluster,
  observer,
}: Pick<Place, 'cluster' | 'observer'>): Promise<{ id: number; epoch: number }> {
  const answers = await Promise.allSettled(
    cluster.advertisedControllers.map(async address => admin.controllerMetadata(observer.client, address)),
  )
  const told = answers.flatMap(answer =>
    answer.status === 'fulfilled' && answer.value.leaderId !== '' ? [answer.value.leaderId] : [],
  )
  const [leader] = told
  // Controllers are called n<number of the node>.
  const id = Number(leader?.slice(1))
  if (!Number.isInteger(id)) throw new LossproofError('cluster', 'no controller knows an active one')
  return { id, epoch: 0 }
}
