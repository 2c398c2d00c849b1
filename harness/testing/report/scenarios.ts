/** For tests: scenarios whose plans the samples are made of. */
const schedule = (target: string) => `schedule:
  - after: { acked: 10 }
    inject: { fault: cut-replication, target: ${target}, window: cut }
  - after: { acked: 10, in: cut }
    inject: { fault: crash, target: ${target} }
  - after: { leader-changed: true }
    heal: all
`

export const kafkaPair = `name: pair
system: kafka
cluster: { brokers: 3 }
lanes:
  defaults: { topic: { replication.factor: 3, min.insync.replicas: 1 }, client: kafkajs }
  matrix: { producer.acks: [1, all] }
workload: { rate: 100/s, size: 100B }
${schedule('leader')}claim: { id: kafka/acks, text: An acknowledgement by the leader alone does not survive the leader. }
`

/** One lane with two consumers of one group. */
export const kafkaConsumers = `name: consumers
system: kafka
cluster: { brokers: 3 }
lanes:
  defaults: { topic: { replication.factor: 3 }, client: kafkajs, consumer: {} }
workload: { rate: 100/s, size: 100B, consumers: 2 }
${schedule('leader')}`

/** 64 cells on one cluster. */
export const kafka64 = `name: sixty-four
system: kafka
cluster: { brokers: 3 }
lanes:
  defaults: { client: kafkajs }
  matrix:
    producer.acks: [1, all]
    topic.replication.factor: [2, 3]
    topic.min.insync.replicas: [1, 2]
    topic.unclean.leader.election.enable: [false, true]
    topic.flush.messages: [null, 1]
    topic.segment.bytes: [null, 1048576]
workload: { rate: 15/s, size: 100B }
${schedule('leader')}`

/** RocketMQ under the fault of `kafkaPair`. */
export const rocketmqPair = `name: pair-rocketmq
system: rocketmq
cluster: { slaves: 1, broker: { brokerRole: SYNC_MASTER, slaveReadEnable: true, slaveTimeout: 500 } }
lanes: { matrix: { broker.inSyncReplicas: [null, 2] } }
workload: { rate: 100/s, size: 100B }
schedule:
  - after: { acked: 10 }
    inject: { fault: cut-replication, target: master, window: cut }
  - after: { sent: 10, in: cut }
    inject: { fault: crash, target: master }
recovery: slaves
`
