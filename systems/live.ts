/** The Docker side of every system, for trials. */
import type Dockerode from 'dockerode'
import { LossproofError } from '../model/errors.ts'
import type { OwnCluster, Site } from '../model/plan.ts'
import { liveKafka } from './kafka/live.ts'
import { liveRocketmq } from './rocketmq/live.ts'
import type { ClusterOptions, LiveSystem, OwnClusters, StartedCluster } from './shared/live-system.ts'

const liveSystems: Readonly<Record<string, LiveSystem>> = { kafka: liveKafka, rocketmq: liveRocketmq }

/** Starts the cluster of a site, or connects to one of the user's own. Resolves when every node has started. */
export async function startCluster(site: Site, options: ClusterOptions): Promise<StartedCluster> {
  return liveSystem(site.system).start(site, options)
}

/** Throws LossproofError('capability-missing') when a cluster of the user's own cannot be reached or tested. */
export async function reachOwnCluster(docker: Dockerode, system: string, own: OwnCluster): Promise<void> {
  await ownClustersOf(system).reach(docker, own)
}

/** What a system does with clusters of the user's own; the planner refuses those of systems that have nothing here. */
export function ownClustersOf(system: string): OwnClusters {
  const { own } = liveSystem(system)
  if (own === undefined)
    throw new LossproofError('internal', `system "${system}" cannot be tested on a cluster of the user's own`)
  return own
}

function liveSystem(id: string): LiveSystem {
  const system = liveSystems[id]
  if (system === undefined) throw new LossproofError('internal', `system "${id}" has no entry in systems/live.ts`)
  return system
}
