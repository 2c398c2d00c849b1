/** Settings that ask for more replicas than the cluster can have. */
import type { Settings, Trial } from '../../model/plan.ts'
import { kafkaShape } from './shape.ts'

export function replicaWarnings({ cluster, lanes }: Pick<Trial, 'cluster' | 'lanes'>): string[] {
  const { brokers, broker } = kafkaShape({ cluster })
  const offsets = Number(broker['offsets.topic.replication.factor'] ?? 0)
  const consumes = lanes.some(lane => lane.consumer !== undefined)
  const short = lanes.find(
    ({ topic, producer }) => waitsForAll(producer.settings) && minInSync(topic, broker) > topic.replicationFactor,
  )
  return [
    ...(consumes && offsets > brokers && brokers > 0
      ? [
          `broker.offsets.topic.replication.factor: ${offsets} replicas need ${offsets} brokers, and the cluster has ` +
            `${brokers}: no consumer group can commit, so consumers receive nothing`,
        ]
      : []),
    ...(short === undefined
      ? []
      : [
          `lane ${short.id}: min.insync.replicas is ${minInSync(short.topic, broker)}, and the replication factor of the topic is ` +
            `${short.topic.replicationFactor}: with acks=all no message is ever acknowledged`,
        ]),
  ]
}

const waitsForAll = ({ acks = 'all' }: Settings) => acks === null || ['all', '-1'].includes(String(acks))

const minInSync = ({ settings }: Trial['lanes'][number]['topic'], broker: Record<string, unknown>): number =>
  Number(settings['min.insync.replicas'] ?? broker['min.insync.replicas'] ?? 1)
