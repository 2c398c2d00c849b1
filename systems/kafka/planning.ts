/** Kafka's words: brokers and controllers, partitions and their replicas. Broker settings are those of every broker. */
import { whole, without, withoutNull } from '../shared/planning.ts'
import type { SystemPlan } from '../shared/planning.ts'
import type { Settings } from '../../model/plan.ts'

/** Kafka takes 249 characters; the lane's place comes behind what is cut. */
const longestName = 240

const brokersOf = (cluster: Settings) => whole(cluster['brokers'] ?? 3)

export const kafkaPlan: SystemPlan = {
  defaultClient: 'kafkajs',
  clusterKeys: ['brokers', 'controllers', 'version'],
  foreignWorkload: ['ackedWhen'],
  onPoison: ['swallow', 'throw', 'throw-type-error', 'park'],
  // Trials may follow each other on one cluster.
  nameFor(lane, at, trial) {
    const name = `${trial}.${lane}`
    return name.length > longestName ? `${name.slice(0, longestName)}.${at}` : name
  },
  topic(source, topic, cluster) {
    const brokers = brokersOf(cluster)
    const replicationFactor = whole(topic['replication.factor'] ?? Math.min(3, brokers))
    if (replicationFactor > brokers) {
      throw source.error(['lanes'], `replication.factor ${replicationFactor} needs more than ${brokers} brokers`)
    }
    if (topic['leaders'] !== undefined && topic['leaders'] !== 'one' && topic['leaders'] !== 'spread')
      throw source.error(['lanes'], `topic.leaders: expected one or spread, got ${String(topic['leaders'])}`)
    return {
      partitions: whole(topic['partitions'] ?? 1),
      replicationFactor,
      leaders: topic['leaders'] === 'spread' ? 'spread' : 'one',
      settings: withoutNull(without(topic, ['partitions', 'replication.factor', 'leaders'])),
    }
  },
  sharing: cell => JSON.stringify([cell.cluster, withoutNull(cell.broker), cell.version]),
  site(_source, cells) {
    const [{ cluster, broker, version }] = cells
    const brokers = brokersOf(cluster)
    return {
      site: {
        system: 'kafka',
        cluster: { brokers, controllers: whole(cluster['controllers'] ?? 0), version, broker: withoutNull(broker) },
      },
      brokers,
      brokerNames: cells.map(() => []),
    }
  },
}
