/** librdkafka as a producer: one explicit partition per send, and one answer per message, from its delivery report. */
import { promisify } from 'node:util'
import type { Answer, ClientConfig, ProducerClient } from '../client.ts'
import { combineAnswers } from '../combine-answers.ts'
import { classify } from './answers.ts'
import type { Binding } from './library.ts'
import { producerOptions } from './options.ts'

const connectLimitMs = 20_000

export function createProducer({ HighLevelProducer }: Binding, config: ClientConfig): ProducerClient {
  const { topic, settings } = config
  const producer = new HighLevelProducer(producerOptions(config), {})
  // Without a listener an error event would end the process. What it means for a message is in the delivery report.
  producer.on('event.error', () => {})
  const onlyAttempt = Number(settings['retries'] ?? 1) === 0
  const sendOne = async (partition: number, value: Buffer, key: Buffer | null) =>
    new Promise<Answer>(resolve => {
      let queued = false
      producer.produce(topic, partition, value, key, null, (error, offset) => {
        if (error !== null && error !== undefined) resolve(classify(error, { queued, onlyAttempt }))
        else resolve({ answer: 'acked', ...(offset === null ? {} : { offset }) })
      })
      queued = true
    })
  return {
    async connect() {
      await promisify(producer.connect.bind(producer))({ timeout: connectLimitMs })
      await promisify(producer.getMetadata.bind(producer))({ topic, timeout: connectLimitMs })
    },
    async send(partition, values, { keys } = {}) {
      const answers = await Promise.all(values.map(async (value, at) => sendOne(partition, value, keys?.[at] ?? null)))
      const offsets = answers.map(answer => (answer.answer === 'acked' ? answer.offset : undefined))
      return { ...combineAnswers(answers), offsets }
    },
    async close() {
      await promisify(producer.disconnect.bind(producer))()
    },
  }
}
