/** Each Node library, used as its documentation shows: opens it with a lane's settings and returns a function that sends one batch. */
import { Producer } from '@platformatic/kafka'
import kafkajs from 'kafkajs'
import { promisify } from 'node:util'
import { loadBinding } from '../workloads/clients/librdkafka/library.ts'
import { producerOptions } from '../workloads/clients/librdkafka/options.ts'
import { baseOptions } from '../workloads/clients/platformatic/options.ts'
import { acksNumber } from '../workloads/clients/kafka-common/settings.ts'
import { asFlag, withoutUndefined } from '../workloads/clients/setting-values.ts'
import type { ProducerLaneConfig } from '../workloads/messages.ts'

type Opener = (lane: ProducerLaneConfig) => Promise<() => Promise<void>>

export const openers: Readonly<Record<string, Opener>> = {
  librdkafka: librdkafka(),
  kafkajs: async ({ bootstrap, clientId, topic, settings, partitions, workload }) => {
    const producer = new kafkajs.Kafka({ clientId, brokers: bootstrap, logLevel: kafkajs.logLevel.NOTHING }).producer({
      allowAutoTopicCreation: false,
      ...withoutUndefined({ idempotent: asFlag(settings['enable.idempotence']) }),
    })
    await producer.connect()
    const acks = acksNumber(settings['acks'] ?? 'all') ?? -1
    const next = inTurn(partitions)
    const value = Buffer.alloc(workload.sizeBytes, '.')
    return async () => {
      const partition = next()
      await producer.send({
        topic,
        acks,
        messages: Array.from({ length: workload.batch }, () => ({ partition, value })),
      })
    }
  },
  platformatic: async lane => {
    const { topic, settings, partitions, workload } = lane
    const producer = new Producer({
      ...baseOptions(lane),
      ...withoutUndefined({ idempotent: asFlag(settings['enable.idempotence']) }),
    })
    await producer.metadata({ topics: [topic] })
    const acks = acksNumber(settings['acks'])
    const next = inTurn(partitions)
    const value = Buffer.alloc(workload.sizeBytes, '.')
    return async () => {
      const partition = next()
      await producer.send({
        ...withoutUndefined({ acks }),
        messages: Array.from({ length: workload.batch }, () => ({ topic, partition, value })),
      })
    }
  },
}

/** The native binding is not a dependency of the project, so it is loaded only when it is measured. */
function librdkafka(): Opener {
  return async lane => {
    const { topic, partitions, workload } = lane
    const { HighLevelProducer } = loadBinding()
    const producer = new HighLevelProducer(producerOptions(lane), {})
    await promisify(producer.connect.bind(producer))({ timeout: 20_000 })
    const next = inTurn(partitions)
    const value = Buffer.alloc(workload.sizeBytes, '.')
    const one = async (partition: number) =>
      new Promise<void>((resolve, reject) => {
        producer.produce(topic, partition, value, null, null, error =>
          error instanceof Error ? reject(error) : resolve(),
        )
      })
    return async () => {
      const partition = next()
      await Promise.all(Array.from({ length: workload.batch }, async () => one(partition)))
    }
  }
}

function inTurn(partitions: number): () => number {
  let at = 0
  return () => at++ % partitions
}
