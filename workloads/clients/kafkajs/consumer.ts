/** kafkajs as a consumer: eachMessage or eachBatch; commits by itself or by its application's word. */
import kafkajs from 'kafkajs'
import type { Batch, EachBatchPayload } from 'kafkajs'
import type { ConsumerApplication, ConsumerClient, ConsumerConfig, Delivered } from '../client.ts'
import { clientOptions, consumerOptions, runOptions } from './options.ts'

const beatMs = 500

export function createConsumer(config: ConsumerConfig): ConsumerClient {
  const { settings, topic, handling } = config
  const consumer = new kafkajs.Kafka(clientOptions(config)).consumer(consumerOptions(config))
  const run = runOptions(config)
  const commitTo = (partition: number) => async (offset: number) =>
    consumer.commitOffsets([{ topic, partition, offset: String(offset) }])
  const tell = (application: ConsumerApplication) => {
    // Told after the coordinator has answered.
    consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      for (const committed of payload.topics.filter(known => known.topic === topic)) {
        // The types say number, but what kafkajs commits by itself carries the partition as a string.
        for (const { partition, offset } of committed.partitions)
          application.committed(Number.parseInt(String(partition), 10), Number(offset))
      }
    })
    // It restarts from what it calls retriable, an Error among that; from anything else it does not, a TypeError for one.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart)
        application.stopped(`kafkajs stopped for good: ${payload.error.name}: ${payload.error.message}`)
    })
  }
  return {
    async run(application) {
      tell(application)
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: settings['auto.offset.reset'] !== 'latest' })
      await consumer.run(
        handling.unit === 'batch'
          ? {
              ...run,
              eachBatch: async payload =>
                handled(payload, async ({ partition, messages }) =>
                  application.receive(
                    messages.map(message => delivered(partition, message)),
                    commitTo(partition),
                  ),
                ),
            }
          : {
              ...run,
              eachMessage: async ({ partition, message }) =>
                void (await application.receive([delivered(partition, message)], commitTo(partition))),
            },
      )
    },
    close: async () => consumer.disconnect(),
  }
}

/** kafkajs leaves it to whoever handles a batch to stay a member meanwhile. It asks no broker sooner than its own interval is over. */
async function handled(payload: EachBatchPayload, handle: (batch: Batch) => Promise<unknown>): Promise<void> {
  // That the group is on the move is told once more where it matters: by the commit, or the next fetch.
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), beatMs)
  try {
    await handle(payload.batch)
  } finally {
    clearInterval(timer)
  }
}

function delivered(partition: number, message: { offset: string; value: Buffer | null }): Delivered {
  return { partition, offset: Number(message.offset), value: message.value ?? Buffer.alloc(0) }
}
