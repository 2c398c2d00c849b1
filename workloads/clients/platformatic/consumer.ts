/** @platformatic/kafka as a consumer: one handler call per message. The settings decide who commits. */
import { setTimeout as delay } from 'node:timers/promises'
import { Consumer, FetchIsolationLevels } from '@platformatic/kafka'
import type { MessagesStream } from '@platformatic/kafka'
import type { ConsumerApplication, ConsumerClient, ConsumerConfig } from '../client.ts'
import { messageOf } from '../../../model/errors.ts'
import { asFlag, withoutUndefined, asNumber } from '../setting-values.ts'
import { baseOptions } from './options.ts'

/** The library ends its stream when a rebalance makes it rejoin the group. The adapter then opens another stream. */
const restartMs = 200

export function createConsumer(config: ConsumerConfig): ConsumerClient {
  const { settings, clientSettings: own, topic } = config
  const autoCommit = asFlag(settings['enable.auto.commit']) ?? true
  const consumer = new Consumer({
    ...baseOptions(config),
    groupId: config.group,
    // A number is an interval in ms; true commits as soon as records are in the stream's buffer.
    autocommit: autoCommit ? (asNumber(settings['auto.commit.interval.ms']) ?? true) : false,
    ...withoutUndefined({
      sessionTimeout: asNumber(settings['session.timeout.ms']),
      heartbeatInterval: asNumber(settings['heartbeat.interval.ms']),
      rebalanceTimeout: asNumber(settings['max.poll.interval.ms']),
      maxWaitTime: asNumber(settings['fetch.max.wait.ms']),
      minBytes: asNumber(settings['fetch.min.bytes']),
      maxBytes: asNumber(settings['fetch.max.bytes']),
      isolationLevel:
        settings['isolation.level'] === 'read_uncommitted' ? FetchIsolationLevels.READ_UNCOMMITTED : undefined,
      highWaterMark: asNumber(own['highWaterMark']),
    }),
  })
  let stream: MessagesStream<Buffer, Buffer, Buffer, Buffer> | undefined
  const closing = new AbortController()

  const open = async (application: ConsumerApplication) => {
    stream = await consumer.consume({
      topics: [topic],
      mode: 'committed',
      fallbackMode: settings['auto.offset.reset'] === 'latest' ? 'latest' : 'earliest',
    })
    // This event is emitted for manual commits too.
    stream.on('autocommit', (error: Error | null, offsets) => {
      if (error === null) for (const { partition, offset } of offsets) application.committed(partition, Number(offset))
    })
    return stream
  }
  return {
    async run(application) {
      const deliver = async (messages: MessagesStream<Buffer, Buffer, Buffer, Buffer>) => {
        for await (const message of messages) {
          await application.receive(
            [{ partition: message.partition, offset: Number(message.offset), value: message.value }],
            async () => {
              await message.commit()
            },
          )
        }
      }
      let messages = await open(application)
      const consume = async () => {
        while (!closing.signal.aborted) {
          try {
            await deliver(messages)
          } catch (error) {
            if (!closing.signal.aborted)
              process.stderr.write(`platformatic consumer starts over: ${messageOf(error)}\n`)
          }
          await delay(restartMs, undefined, closing).catch(() => {})
          if (!closing.signal.aborted) messages = await open(application).catch(() => messages)
        }
      }
      void consume()
    },
    async close() {
      closing.abort()
      await stream?.close()
      await consumer.close(true)
    },
  }
}
