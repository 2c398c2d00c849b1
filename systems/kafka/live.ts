import type { LiveSystem } from '../shared/live-system.ts'
import { KafkaCluster } from './cluster.ts'
import { kafkaShape } from './shape.ts'
import { KafkaSystem } from './trial-system.ts'

export const liveKafka: LiveSystem = {
  async start(site, options) {
    const shape = kafkaShape(site)
    const cluster = await KafkaCluster.start({ ...options, shape, broker: shape.broker })
    return { cluster, attach: (trial, log, signal) => new KafkaSystem(cluster, trial, log, signal) }
  },
}
