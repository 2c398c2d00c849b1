import type { LiveSystem } from '../shared/live-system.ts'
import { clusterImages } from '../shared/cluster-images.ts'
import { RocketmqCluster } from './cluster.ts'
import { rocketmqImages } from './image/definition.ts'
import { rocketmqShape } from './shape.ts'
import { RocketmqSystem } from './trial-system.ts'

export const liveRocketmq: LiveSystem = {
  async start(site, options) {
    const shape = rocketmqShape(site)
    const images = clusterImages(options.images, rocketmqImages.imageFor(shape.version))
    const cluster = await RocketmqCluster.start({ ...options, images, shape, broker: {} })
    return { cluster, attach: (trial, log, signal) => new RocketmqSystem(cluster, trial, log, signal) }
  },
}
