/** kafkajs as a consumer, with eachMessage or eachBatch. Either the library or the application commits. */
import kafkajs from 'kafkajs'
import type { Batch, EachBatchPayload } from 'kafkajs'
import type { ConsumerApplication, ConsumerClient, ConsumerConfig, Delivered } from '../client.ts'
import { clientOptions, consumerOptions, runOptions } from './options.ts'

const heartbeatMs = 500

export function createConsumer(config: ConsumerConfig): ConsumerClient {
  const { settings, topic, handling } = config
  const consumer = new kafkajs.Kafka(clientOptions(config)).consumer(consumerOptions(config))
  const run = runOptions(config)
  const commitTo = (partition: number) => async (offset: number) =>
    consumer.commitOffsets([{ topic, partition, offset: String(offset) }])
  const listen = (application: ConsumerApplication) => {
    // Emitted after the coordinator has confirmed the commit.
    consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
      for (const committed of payload.topics.filter(known => known.topic === topic)) {
        // In auto commits the partition is a string, although the types say number.
        for (const { partition, offset } of committed.partitions)
          application.committed(Number.parseInt(String(partition), 10), Number(offset))
      }
    })
    // kafkajs restarts after errors that it considers retriable, such as an Error, and not after others, such as a
    // TypeError.
    consumer.on(consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart)
        application.stopped(`kafkajs stopped for good: ${payload.error.name}: ${payload.error.message}`)
    })
  }
  return {
    async run(application) {
      listen(application)
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

/**
 * Sends heartbeats while a batch is handled, which kafkajs leaves to the batch handler. It sends them no more often
 * than configured.
 */
async function handled(payload: EachBatchPayload, handle: (batch: Batch) => Promise<unknown>): Promise<void> {
  // A failed heartbeat needs no handling here: the next commit or fetch reports the same rebalance.
  const timer = setInterval(() => void payload.heartbeat().catch(() => {}), heartbeatMs)
  try {
    await handle(payload.batch)
  } finally {
    clearInterval(timer)
  }
}

function delivered(partition: number, message: { offset: string; value: Buffer | null }): Delivered {
  return { partition, offset: Number(message.offset), value: message.value ?? Buffer.alloc(0) }
}
