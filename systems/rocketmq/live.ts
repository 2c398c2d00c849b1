import type { LiveSystem } from '../shared/live-system.ts'
import { clusterImages } from '../shared/cluster-images.ts'
import { RocketmqCluster } from './cluster.ts'
import { rocketmqImages } from './image/definition.ts'
import { OwnRocketmqCluster } from './own-cluster/cluster.ts'
import { reachCluster } from './own-cluster/reach.ts'
import { removeTopics } from './own-cluster/remove.ts'
import { rocketmqShape } from './shape.ts'
import { RocketmqSystem } from './trial-system.ts'

export const liveRocketmq: LiveSystem = {
  async start(site, options) {
    const shape = rocketmqShape(site)
    if (shape.own !== undefined) {
      const own = await OwnRocketmqCluster.connect(shape, options)
      return {
        cluster: own,
        own: { addresses: own.removedFrom, notes: own.notes, place: trial => own.place(trial) },
        attach: (trial, log, signal) => new RocketmqSystem(own, trial, log, signal),
      }
    }
    const images = clusterImages(options.images, rocketmqImages.imageFor(shape.version))
    const cluster = await RocketmqCluster.start({ ...options, images, shape, broker: {} })
    return { cluster, attach: (trial, log, signal) => new RocketmqSystem(cluster, trial, log, signal) }
  },
  own: {
    reach: async (_docker, { bootstrap }) => void (await reachCluster(bootstrap)),
    removeTopics,
  },
}
