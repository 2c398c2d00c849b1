/**
 * librdkafka as a consumer: a loop that asks for messages and hands them to the application. Auto commit is the
 * library's: what consume() has handed out counts as consumed, and a timer commits it, whatever the application has
 * done with it by then.
 *
 * What the application throws leaves the loop and is caught at its top: the partition goes back to the messages that
 * were handed over last, and after a while the loop goes on: redelivery for ever.
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
        // Those that are not handed over any more are fetched again: no close commits what was not handled.
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
          // The library answers at once when there is something; its errors must not make this a busy loop.
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

/** What one call of the application gets: a message, or all of one partition. */
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
