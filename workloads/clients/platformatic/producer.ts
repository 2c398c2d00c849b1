/** @platformatic/kafka as a producer: one explicit partition per send. */
import { Producer } from '@platformatic/kafka'
import type { ClientConfig, ProducerClient } from '../client.ts'
import { acksNumber } from '../kafka-common/settings.ts'
import { asFlag, withoutUndefined } from '../setting-values.ts'
import { classify } from './answers.ts'
import { baseOptions } from './options.ts'

export function createProducer(config: ClientConfig): ProducerClient {
  const { settings, clientSettings: own, topic } = config
  const acks = acksNumber(settings['acks'])
  const repeatOnStaleMetadata = asFlag(own['repeatOnStaleMetadata'])
  const producer = new Producer({
    ...baseOptions(config),
    ...withoutUndefined({
      idempotent: asFlag(settings['enable.idempotence']),
      compression: settings['compression.type'] === 'gzip' ? ('gzip' as const) : undefined,
      repeatOnStaleMetadata,
    }),
  })
  return {
    connect: async () => {
      await producer.metadata({ topics: [topic] })
    },
    async send(partition, values, { keys, headers } = {}) {
      try {
        const result = await producer.send({
          ...withoutUndefined({ acks }),
          messages: values.map((value, at) => ({
            topic,
            partition,
            value,
            ...(keys?.[at] ? { key: keys[at] } : {}),
            ...(headers?.[at] ? { headers: new Map([[Buffer.from(headers[at][0]), headers[at][1]]]) } : {}),
          })),
        })
        const offset = result.offsets?.find(answer => answer.partition === partition)?.offset
        return { answer: 'acked', ...(offset === undefined || offset < 0n ? {} : { offset: Number(offset) }) }
      } catch (error) {
        return classify(error, repeatOnStaleMetadata === false)
      }
    },
    close: async () => producer.close(true),
  }
}
