import type { LiveSystem } from '../shared/live-system.ts'
import { clusterImages } from '../shared/cluster-images.ts'
import { KafkaCluster } from './cluster.ts'
import { kafkaImages } from './image/definition.ts'
import { kafkaShape } from './shape.ts'
import { KafkaSystem } from './trial-system.ts'

export const liveKafka: LiveSystem = {
  async start(site, options) {
    const shape = kafkaShape(site)
    const images = clusterImages(options.images, kafkaImages.imageFor(shape.version))
    const cluster = await KafkaCluster.start({ ...options, images, shape, broker: shape.broker })
    return { cluster, attach: (trial, log, signal) => new KafkaSystem(cluster, trial, log, signal) }
  },
}
