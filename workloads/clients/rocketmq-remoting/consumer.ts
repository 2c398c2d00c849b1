/** This project's own client as a push consumer. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { ConsumerClient, ConsumerConfig, Delivered, Handled } from '../client.ts'
import { withoutUndefined, asNumber } from '../setting-values.ts'
import { PushConsumer } from '../../rocketmq-remoting/index.ts'
import type { ConsumeResult, MessageQueue, PushConsumerOptions, StoredMessage } from '../../rocketmq-remoting/index.ts'
import { connectTo } from './connect.ts'

export function createConsumer(config: ConsumerConfig): ConsumerClient {
  const { topic, group } = config
  const { client, routes, queues } = connectTo(config)
  let consumer: PushConsumer | undefined
  const partitionOf = (queue: MessageQueue) => {
    const at = queues.findIndex(known => known.brokerName === queue.brokerName && known.queueId === queue.queueId)
    // The retry topic has one queue in each broker group.
    const groups = [...new Set(queues.map(known => known.brokerName))]
    return queue.topic === topic ? at : queues.length + groups.indexOf(queue.brokerName)
  }
  return {
    async run(application) {
      mkdirSync(config.stores, { recursive: true })
      consumer = new PushConsumer(client, routes, {
        topic,
        group,
        ...(config.subscription === undefined ? {} : { subscription: config.subscription }),
        ...optionsOf(config),
        listener: async (messages, { queue }) => {
          const delivered = messages.map(message => toDelivered(message, partitionOf(queue)))
          return resultOf(await application.receive(delivered, commitsByItself))
        },
        events: { onCommit: (queue, offset) => application.committed(partitionOf(queue), offset), onError: printError },
      })
      await consumer.start()
    },
    async close() {
      await consumer?.shutdown()
      client.close()
    },
  }
}

/** The file in which a broadcasting consumer keeps its progress: `{ "topic@broker@queue": offset }`. */
export const offsetsFile = 'offsets.json'

/** Errors of the listener are left out, because the application has recorded them. */
function printError(what: string, error: unknown): void {
  if (what !== 'listener') process.stderr.write(`${what}: ${String(error)}\n`)
}

function optionsOf({
  settings,
  clientSettings: own,
  stores,
}: ConsumerConfig): Omit<PushConsumerOptions, 'topic' | 'group' | 'listener'> {
  const isBroadcasting = settings['messageModel'] === 'BROADCASTING'
  return {
    messageModel: isBroadcasting ? 'BROADCASTING' : 'CLUSTERING',
    consumeFromWhere:
      settings['consumeFromWhere'] === 'CONSUME_FROM_LAST_OFFSET'
        ? 'CONSUME_FROM_LAST_OFFSET'
        : 'CONSUME_FROM_FIRST_OFFSET',
    ...(isBroadcasting ? { offsetFile: join(stores, offsetsFile) } : {}),
    ...withoutUndefined({
      consumeThreadMax: asNumber(settings['consumeThreadMax']),
      pullBatchSize: asNumber(settings['pullBatchSize']),
      pullThresholdForQueue: asNumber(settings['pullThresholdForQueue']),
      maxReconsumeTimes: asNumber(settings['maxReconsumeTimes']),
      persistConsumerOffsetInterval: asNumber(settings['persistConsumerOffsetInterval']),
      heartbeatBrokerInterval: asNumber(settings['heartbeatBrokerInterval']),
      pollNameServerInterval: asNumber(settings['pollNameServerInterval']),
      pullTimeDelayMillsWhenException: asNumber(settings['pullTimeDelayMillsWhenException']),
      awaitTerminationMillisWhenShutdown: asNumber(settings['awaitTerminationMillisWhenShutdown']),
      rebalanceInterval: asNumber(own['rebalanceInterval']),
      brokerSuspendMaxTimeMillis: asNumber(own['brokerSuspendMaxTimeMillis']),
    }),
  }
}

function toDelivered(message: StoredMessage, partition: number): Delivered {
  return { partition, offset: message.queueOffset, value: message.body, redeliveries: message.reconsumeTimes }
}

/** The client itself commits the messages for which the listener returned success. */
async function commitsByItself(): Promise<void> {}

function resultOf(handled: Handled): ConsumeResult | null {
  if (handled === null) return null
  return handled === 'later' ? 'RECONSUME_LATER' : 'CONSUME_SUCCESS'
}
