/** kafkajs as a consumer: one handler call a message; commits as its settings say. */
import kafkajs from 'kafkajs'
import type { ConsumerClient, ConsumerConfig } from '../client.ts'
import { clientOptions, consumerOptions, runOptions } from './options.ts'

export function createConsumer(config: ConsumerConfig): ConsumerClient {
  const { settings, topic } = config
  const consumer = new kafkajs.Kafka(clientOptions(config)).consumer(consumerOptions(config))
  const run = runOptions(config)
  return {
    async run(handler, onCommit) {
      // Told after the coordinator has answered.
      consumer.on(consumer.events.COMMIT_OFFSETS, ({ payload }) => {
        for (const committed of payload.topics.filter(known => known.topic === topic)) {
          // The types say number, but what kafkajs commits by itself carries the partition as a string.
          for (const { partition, offset } of committed.partitions) onCommit(Number.parseInt(String(partition), 10), Number(offset))
        }
      })
      // A crash that kafkajs does not restart from leaves a process that consumes nothing and says nothing.
      consumer.on(consumer.events.CRASH, ({ payload }) => {
        process.stderr.write(`kafkajs consumer crashed, ${payload.restart ? 'restarts' : 'stops for good'}: ${payload.error.message}\n`)
      })
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: settings['auto.offset.reset'] !== 'latest' })
      await consumer.run({
        ...run,
        eachMessage: async ({ partition, message }) => {
          await handler({ partition, offset: Number(message.offset), value: message.value ?? Buffer.alloc(0) })
          // Manual: after processing, one message at a time.
          if (run.autoCommit === false) await consumer.commitOffsets([{ topic, partition, offset: String(Number(message.offset) + 1) }])
        },
      })
    },
    close: async () => consumer.disconnect(),
  }
}
