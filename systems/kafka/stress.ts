/** What Kafka knows about random schedules. */
import type { StressFacts } from '../shared/stress/facts.ts'
import { numberOf } from '../shared/planning.ts'
import { ownKafka } from './audit/own.ts'

export const kafkaStress: StressFacts = {
  ladders: [
    { name: 'producer.acks', values: [0, 1, 'all'], default: 'all' },
    { name: 'producer.enable.idempotence', values: [false, true], default: true },
    { name: 'topic.min.insync.replicas', values: [1, 2], default: 1 },
    { name: 'topic.unclean.leader.election.enable', values: [true, false], default: false },
    { name: 'client.serialSends', values: [false, true], default: false },
    { name: 'workload.spread', values: [true, false], default: false },
    { name: 'consumer.enable.auto.commit', values: [true, false], default: true },
    { name: 'consumer.auto.offset.reset', values: ['latest', 'earliest'], default: 'earliest' },
    { name: 'workload.commit', values: ['before', 'after'], default: 'after' },
    { name: 'workload.processing', values: ['worker', 'inline'], default: 'inline' },
    { name: 'workload.commitCall', values: ['async', 'sync'], default: 'sync' },
  ],
  elects: own => ownKafka(own).replicas > 1,
  brokers: own => ownKafka(own).brokers,
  replicas: own => ownKafka(own).replicas,
  spreadsLeaders: own => own['topic.leaders'] === 'spread' && numberOf(own['topic.partitions'], 1) > 1,
  controllersApart: own => numberOf(own['cluster.controllers'], 0) > 0,
  // Frozen brokers that are controllers too would stop all elections.
  electsAlone: own => (numberOf(own['cluster.controllers'], 0) > 0 ? {} : { 'cluster.controllers': 1 }),
  // Kafka recovers every replica by itself, once all nodes are back.
  recovery: ending => (ending === 'gone' ? undefined : { recovery: 'whole', set: {} }),
}
