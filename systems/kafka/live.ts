import type { LiveSystem } from '../shared/live-system.ts'
import { clusterImages } from '../shared/cluster-images.ts'
import { KafkaCluster } from './cluster.ts'
import { kafkaImages } from './image/definition.ts'
import { kafkaShape } from './shape.ts'
import { OwnKafkaCluster } from './own-cluster/cluster.ts'
import { reachBrokers } from './own-cluster/reach.ts'
import { removeTopics } from './own-cluster/remove.ts'
import { KafkaSystem } from './trial-system.ts'

export const liveKafka: LiveSystem = {
  async start(site, options) {
    const shape = kafkaShape(site)
    if (shape.own !== undefined) {
      const own = await OwnKafkaCluster.find(shape, options)
      return {
        cluster: own,
        own: { addresses: own.bootstrap() },
        attach: (trial, log, signal) => new KafkaSystem(own, trial, log, signal),
      }
    }
    const images = clusterImages(options.images, kafkaImages.imageFor(shape.version))
    const cluster = await KafkaCluster.start({ ...options, images, shape, broker: shape.broker })
    return { cluster, attach: (trial, log, signal) => new KafkaSystem(cluster, trial, log, signal) }
  },
  own: {
    reach: async ({ bootstrap }) => void (await reachBrokers(bootstrap)),
    removeTopics,
  },
}
