/**
 * librdkafka as a consumer: a loop that fetches messages and hands them to the application. Auto commit is the
 * library's: messages that consume() has returned count as consumed, and a timer commits them, whether the application
 * has processed them or not.
 *
 * An exception of the application leaves the loop and is caught at its top. The partitions are set back to the first
 * message that was not handled, and after a pause the loop continues, so a poisoned message is redelivered forever.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { messageOf } from '../../../model/errors.ts'
import type { ConsumerApplication, ConsumerClient, ConsumerConfig, Delivered } from '../client.ts'
import type { Binding, RawMessage } from './library.ts'
import { consumerOptions } from './options.ts'

const pollMs = 100
const backoffMs = 200
const seekLimitMs = 5000
const joinLimitMs = 25_000
const defaultPollRecords = 500

export function createConsumer({ KafkaConsumer }: Binding, config: ConsumerConfig): ConsumerClient {
  const { topic, settings, handling } = config
  const consumer = new KafkaConsumer(consumerOptions(config), {
    'auto.offset.reset': settings['auto.offset.reset'] ?? 'earliest',
  })
  consumer.on('event.error', () => {})
  consumer.setDefaultConsumeTimeout(pollMs)
  const count = Number(settings['max.poll.records'] ?? defaultPollRecords)
  const consume = promisify(consumer.consume.bind(consumer))
  const commit = promisify(consumer.commitCb.bind(consumer))
  const seek = promisify(consumer.seek.bind(consumer))
  const closing = new AbortController()
  let loop: Promise<void> | undefined

  const pollOnce = async (application: ConsumerApplication) => {
    const portions = portionsOf((await consume(count)) ?? [], handling.unit)
    for (const [at, portion] of portions.entries()) {
      const [first] = portion
      if (!first) continue
      const { partition } = first
      try {
        // Treated like a failure: the rest is set back, so that the close does not commit messages that were not
        // handled.
        if (closing.signal.aborted) throw new Error('stopped in the middle of a poll')
        await application.receive(portion.map(delivered), async offset => {
          await commit([{ topic, partition, offset }])
        })
      } catch (error) {
        if (!closing.signal.aborted) process.stderr.write(`${messageOf(error)}\n`)
        for (const { partition: back, offset } of firstOfEach(portions.slice(at).flat()))
          await seek({ topic, partition: back, offset }, seekLimitMs)
        await delay(backoffMs, undefined, closing).catch(() => {})
        return
      }
    }
  }
  return {
    async run(application) {
      consumer.on('offset.commit', (error, offsets) => {
        if (error !== null && error !== undefined) return
        for (const { partition, offset } of offsets)
          if (offset !== undefined && offset >= 0) application.committed(partition, offset)
      })
      await promisify(consumer.connect.bind(consumer))({ timeout: joinLimitMs })
      const joined = new Promise<void>(resolve => consumer.on('rebalance', () => resolve()))
      consumer.subscribe([topic])
      loop = (async () => {
        while (!closing.signal.aborted) {
          await pollOnce(application).catch((error: unknown) => process.stderr.write(`${messageOf(error)}\n`))
          // consume() returns at once when there are messages or errors; without a pause errors would make a busy loop.
          await delay(1)
        }
      })()
      await Promise.race([joined, delay(joinLimitMs)])
    },
    async close() {
      closing.abort()
      await loop
      await promisify(consumer.disconnect.bind(consumer))()
    },
  }
}

/** The messages of each call of the application: single messages, or all messages of one partition together. */
function portionsOf(messages: RawMessage[], unit: 'message' | 'batch'): RawMessage[][] {
  return unit === 'message'
    ? messages.map(message => [message])
    : [...Map.groupBy(messages, message => message.partition).values()]
}

function firstOfEach(messages: RawMessage[]): RawMessage[] {
  return [...Map.groupBy(messages, message => message.partition).values()].flatMap(([first]) => first ?? [])
}

function delivered({ partition, offset, value }: RawMessage): Delivered {
  return { partition, offset, value: value ?? Buffer.alloc(0) }
}
