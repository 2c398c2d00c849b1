import { rocketmqImage } from '../../docker/images/versions.ts'
import type { LiveSystem } from '../shared/live-system.ts'
import { RocketmqCluster } from './cluster.ts'
import { rocketmqShape } from './shape.ts'
import { RocketmqSystem } from './trial-system.ts'

export const liveRocketmq: LiveSystem = {
  async start(site, options) {
    const shape = rocketmqShape(site)
    const images = { ...options.images, rocketmq: options.images[rocketmqImage(shape.version)] }
    const cluster = await RocketmqCluster.start({ ...options, images, shape, broker: {} })
    return { cluster, attach: (trial, log, signal) => new RocketmqSystem(cluster, trial, log, signal) }
  },
}
