/** Starts the cluster that a trial asks for, and gives each trial on it its view of the system. */
import { LossproofError } from '../model/errors.ts'
import type { Site } from '../model/plan.ts'
import { liveKafka } from './kafka/live.ts'
import { liveRocketmq } from './rocketmq/live.ts'
import type { ClusterOptions, LiveSystem, Started } from './shared/live-system.ts'

const liveSystems: Readonly<Record<string, LiveSystem>> = { kafka: liveKafka, rocketmq: liveRocketmq }

/** Resolves when every node has started. */
export async function startCluster(site: Site, options: ClusterOptions): Promise<Started> {
  const system = liveSystems[site.system]
  if (system === undefined) throw new LossproofError('internal', `system "${site.system}" has no Docker side`)
  return system.start(site, options)
}
