/** Starts the cluster that a trial asks for, and gives each trial on it its view of the system. */
import type Dockerode from 'dockerode'
import { KafkaCluster } from '../../docker/clusters/kafka.ts'
import { RocketmqCluster } from '../../docker/clusters/rocketmq.ts'
import type { EngineEvents } from '../../docker/events.ts'
import type { ImageName } from '../../docker/images/build.ts'
import { rocketmqImage } from '../../docker/images/versions.ts'
import type { Labels } from '../../docker/labels.ts'
import type { EventLog } from '../history/appender.ts'
import type { Site, Trial } from '../plan/types.ts'
import { KafkaSystem } from './kafka/system.ts'
import { RocketmqSystem } from './rocketmq/system.ts'
import type { Cluster, TrialSystem } from './system.ts'

export interface ClusterOptions {
  docker: Dockerode
  events: EngineEvents
  images: Record<ImageName, string>
  /** Each broker's data lie on a disk of its own, which can lose power. */
  disks: boolean
  /** Unique on the engine. */
  name: string
  labels: Labels
  /** `c1` boots sooner, `full` peaks higher. */
  jit: 'c1' | 'full'
}

export interface Started {
  cluster: Cluster
  attach: (trial: Trial, log: EventLog, signal: AbortSignal) => TrialSystem
}

/** Resolves when every node has said that it started. */
export async function startCluster(site: Site, options: ClusterOptions): Promise<Started> {
  if (site.system === 'kafka') {
    const cluster = await KafkaCluster.start({ ...options, shape: site.cluster, broker: site.cluster.broker })
    return { cluster, attach: (trial, log, signal) => new KafkaSystem(cluster, trial, log, signal) }
  }
  const images = { ...options.images, rocketmq: options.images[rocketmqImage(site.cluster.version)] }
  const cluster = await RocketmqCluster.start({ ...options, images, shape: site.cluster, broker: {} })
  return { cluster, attach: (trial, log, signal) => new RocketmqSystem(cluster, trial, log, signal) }
}
