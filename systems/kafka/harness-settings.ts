/** The settings of Kafka nodes that Lossproof sets by itself, each with the reason. Addresses and paths are in properties.ts. */
import type { HarnessSetting } from '../shared/settings/known.ts'

const internalTopics = 'the internal topics have as many replicas as a small cluster allows'
const fewPartitions = 'the internal topics are created sooner and elect leaders sooner with few partitions'
const failover = 'a failover takes 3 to 7 s instead of 10 to 20 s'
const deadNode = 'a stopped container does not answer connections at all, and brokers should try another node soon'

/** `brokers`: of the cluster. */
export function kafkaHarnessSettings(brokers: number): HarnessSetting[] {
  const replicas = Math.min(3, brokers)
  const minIsr = Math.min(2, replicas)
  return [
    ...tuned('topics are created by Lossproof only', { 'auto.create.topics.enable': false }),
    ...tuned('leaders move only because of a fault', { 'auto.leader.rebalance.enable': false }),
    ...tuned(internalTopics, {
      'offsets.topic.replication.factor': replicas,
      'transaction.state.log.replication.factor': replicas,
      'transaction.state.log.min.isr': minIsr,
      'share.coordinator.state.topic.replication.factor': replicas,
      'share.coordinator.state.topic.min.isr': minIsr,
    }),
    ...tuned(fewPartitions, { 'offsets.topic.num.partitions': 1, 'transaction.state.log.num.partitions': 3 }),
    ...tuned('consumers start without waiting for more members', { 'group.initial.rebalance.delay.ms': 0 }),
    ...tuned(failover, { 'broker.heartbeat.interval.ms': 500, 'broker.session.timeout.ms': 3000 }),
    ...tuned(deadNode, { 'socket.connection.setup.timeout.ms': 1000, 'socket.connection.setup.timeout.max.ms': 2000 }),
    ...tuned('flushes and log retention begin soon after the start', { 'log.initial.task.delay.ms': 1000 }),
    ...tuned('many brokers share one machine', { 'num.network.threads': 2, 'num.io.threads': 4 }),
    {
      name: 'log.cleaner.dedupe.buffer.size',
      value: 4_194_304,
      reason: 'the heap of a broker in a test cluster has 192 MB',
      kind: 'reserved',
    },
  ]
}

function tuned(reason: string, settings: Record<string, number | boolean>): HarnessSetting[] {
  return Object.entries(settings).map(([name, value]) => ({ name, value, reason, kind: 'tuned' }))
}
