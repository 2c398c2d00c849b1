/** The Docker side of every system, for trials. */
import { LossproofError } from '../model/errors.ts'
import type { Site } from '../model/plan.ts'
import { liveKafka } from './kafka/live.ts'
import { liveRocketmq } from './rocketmq/live.ts'
import type { ClusterOptions, LiveSystem, StartedCluster } from './shared/live-system.ts'

const liveSystems: Readonly<Record<string, LiveSystem>> = { kafka: liveKafka, rocketmq: liveRocketmq }

/** Starts the cluster of a site. Resolves when every node has started. */
export async function startCluster(site: Site, options: ClusterOptions): Promise<StartedCluster> {
  const system = liveSystems[site.system]
  if (system === undefined)
    throw new LossproofError('internal', `system "${site.system}" has no entry in systems/live.ts`)
  return system.start(site, options)
}
