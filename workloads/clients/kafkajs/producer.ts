/**
 * kafkajs as a producer. Partitions are explicit: one per send, unless the workload spreads a batch. Idempotent sends
 * of one partition run one after the other.
 */
import kafkajs from 'kafkajs'
import type { Answer, BesideValues, ClientConfig, ProducerClient } from '../client.ts'
import { classify } from './answers.ts'
import { observed } from './attempts.ts'
import type { Attempt } from './attempts.ts'
import { acksNumber } from '../kafka-common/settings.ts'
import { asFlag, asNumber } from '../setting-values.ts'
import { clientOptions, producerOptions } from './options.ts'

const defaultRequestTimeoutMs = 30_000
const { CompressionTypes, Kafka } = kafkajs

export function createProducer(config: ClientConfig): ProducerClient {
  const { settings, clientSettings, topic } = config
  const producer = new Kafka(clientOptions(config)).producer(producerOptions(config))
  const acks = acksNumber(settings['acks'] ?? 'all') ?? -1
  const timeout = asNumber(settings['request.timeout.ms']) ?? defaultRequestTimeoutMs
  const compression = settings['compression.type'] === 'gzip' ? CompressionTypes.GZIP : CompressionTypes.None

  const send = async (partition: number, values: Buffer[], beside: BesideValues = {}): Promise<Answer> => {
    const attempts: Attempt[] = []
    try {
      const [metadata] = await observed(
        attempts,
        values.map((value, at) => ({ partition, value, ...besideOf(beside, at) })),
        async messages => producer.send({ topic, acks, timeout, compression, messages }),
      )
      const offset = metadata?.baseOffset
      return { answer: 'acked', ...(offset === undefined || offset === '-1' ? {} : { offset: Number(offset) }) }
    } catch (error) {
      return classify(error, attempts)
    }
  }
  const sendSpread: NonNullable<ProducerClient['sendSpread']> = async messages => {
    const attempts: Attempt[] = []
    try {
      const results = await observed(attempts, messages, async listed =>
        producer.send({ topic, acks, timeout, compression, messages: listed }),
      )
      const next = new Map(results.map(({ partition, baseOffset }) => [partition, Number(baseOffset ?? -1)]))
      // A successful answer may leave out a partition; then its offsets are not known.
      const offsets = messages.map(({ partition }) => {
        const offset = next.get(partition)
        if (offset === undefined || offset < 0) return undefined
        next.set(partition, offset + 1)
        return offset
      })
      return { answer: 'acked', offsets }
    } catch (error) {
      return classify(error, attempts)
    }
  }
  const serial = asFlag(clientSettings['serialSends']) ?? asFlag(settings['enable.idempotence']) ?? false
  return {
    connect: async () => producer.connect(),
    send: serial ? serialByPartition(send) : send,
    sendSpread,
    close: async () => producer.disconnect(),
  }
}

/** Key and header of the message at an index. */
function besideOf({ keys, headers }: BesideValues, at: number) {
  const [key, header] = [keys?.[at], headers?.[at]]
  return { ...(key ? { key } : {}), ...(header ? { headers: { [header[0]]: header[1] } } : {}) }
}

/** Concurrent idempotent sends of kafkajs to one partition get wrong sequence numbers, so they run one at a time. */
function serialByPartition(send: ProducerClient['send']): ProducerClient['send'] {
  const last = new Map<number, Promise<Answer>>()
  return async (partition, values, beside) => {
    const previous = last.get(partition)
    const current =
      previous === undefined
        ? send(partition, values, beside)
        : previous.then(async () => send(partition, values, beside))
    last.set(partition, current)
    return current
  }
}
