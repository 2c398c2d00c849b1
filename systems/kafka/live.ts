import { refuseLocked } from '../../docker/projects/project-lock.ts'
import type { LiveSystem } from '../shared/live-system.ts'
import { clusterImages } from '../shared/cluster-images.ts'
import { KafkaCluster } from './cluster.ts'
import { kafkaImages } from './image/definition.ts'
import { kafkaShape } from './shape.ts'
import { OwnKafkaCluster } from './own-cluster/cluster.ts'
import { checkStartable } from './own-cluster/started-project.ts'
import { findOwnCluster } from './own-cluster/nodes.ts'
import { brokerVolumes, commonFolder } from './own-cluster/volumes.ts'
import { removeTopics } from './own-cluster/remove.ts'
import { KafkaSystem } from './trial-system.ts'

export const liveKafka: LiveSystem = {
  async start(site, options) {
    const shape = kafkaShape(site)
    if (shape.own !== undefined) {
      const own = await OwnKafkaCluster.connect(shape, options)
      return {
        cluster: own,
        own: { ...(own.isStarted ? {} : { addresses: own.bootstrap('observer') }), notes: own.notes },
        attach: (trial, log, signal) => new KafkaSystem(own, trial, log, signal),
      }
    }
    const images = clusterImages(options.images, kafkaImages.imageFor(shape.version))
    const cluster = await KafkaCluster.start({ ...options, images, shape, broker: shape.broker })
    return { cluster, attach: (trial, log, signal) => new KafkaSystem(cluster, trial, log, signal) }
  },
  own: {
    async reach(docker, own) {
      const found = await findOwnCluster(docker, own)
      if (found.project !== undefined) await refuseLocked(docker, found.project.name)
      const volumes = await brokerVolumes(found, own.compose?.volumes ?? [])
      commonFolder([...volumes.values()])
    },
    checkStartable,
    removeTopics,
  },
}
