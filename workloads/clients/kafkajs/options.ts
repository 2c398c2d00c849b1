/**
 * Maps Kafka's documented names to those of kafkajs. Unset settings stay unset, so that the library's defaults apply.
 */
import kafkajs from 'kafkajs'
import type {
  ConsumerConfig as KafkajsConsumer,
  ConsumerRunConfig,
  KafkaConfig,
  ProducerConfig,
  RetryOptions,
} from 'kafkajs'
import type { Settings } from '../../../model/plan.ts'
import type { ClientConfig } from '../client.ts'
import { asFlag, withoutUndefined, asNumber } from '../setting-values.ts'
import { observingLog, observingPartitioner } from './attempts.ts'

export function clientOptions({ bootstrap, clientId, settings, clientSettings: own }: ClientConfig): KafkaConfig {
  return {
    brokers: bootstrap,
    clientId,
    // The log is the only place where errors of single attempts appear.
    logLevel: kafkajs.logLevel.ERROR,
    logCreator: observingLog,
    ...withoutUndefined({
      requestTimeout: asNumber(settings['request.timeout.ms'] ?? own['requestTimeout']),
      connectionTimeout: asNumber(settings['socket.connection.setup.timeout.ms'] ?? own['connectionTimeout']),
      enforceRequestTimeout: asFlag(own['enforceRequestTimeout']),
    }),
  }
}

export function producerOptions({ settings, clientSettings: own }: ClientConfig): ProducerConfig {
  return {
    allowAutoTopicCreation: false,
    createPartitioner: observingPartitioner,
    ...withoutUndefined({
      idempotent: asFlag(settings['enable.idempotence']),
      retry: retryOptions(settings, own),
      maxInFlightRequests: asNumber(settings['max.in.flight.requests.per.connection'] ?? own['maxInFlightRequests']),
      metadataMaxAge: asNumber(settings['metadata.max.age.ms'] ?? own['metadataMaxAge']),
    }),
  }
}

export function consumerOptions({
  settings,
  clientSettings: own,
  group,
}: ClientConfig & { group: string }): KafkajsConsumer {
  return {
    groupId: group,
    allowAutoTopicCreation: false,
    ...withoutUndefined({
      sessionTimeout: asNumber(settings['session.timeout.ms']),
      heartbeatInterval: asNumber(settings['heartbeat.interval.ms']),
      rebalanceTimeout: asNumber(settings['max.poll.interval.ms']),
      maxWaitTimeInMs: asNumber(settings['fetch.max.wait.ms'] ?? own['maxWaitTimeInMs']),
      minBytes: asNumber(settings['fetch.min.bytes'] ?? own['minBytes']),
      maxBytes: asNumber(settings['fetch.max.bytes'] ?? own['maxBytes']),
      maxBytesPerPartition: asNumber(settings['max.partition.fetch.bytes'] ?? own['maxBytesPerPartition']),
      readUncommitted:
        settings['isolation.level'] === undefined ? undefined : settings['isolation.level'] === 'read_uncommitted',
      retry: retryOptions({}, own),
    }),
  }
}

export function runOptions({ settings, clientSettings: own }: ClientConfig): ConsumerRunConfig {
  return withoutUndefined({
    autoCommit: asFlag(settings['enable.auto.commit']),
    autoCommitInterval: asNumber(settings['auto.commit.interval.ms']),
    autoCommitThreshold: asNumber(own['autoCommitThreshold']),
    partitionsConsumedConcurrently: asNumber(own['partitionsConsumedConcurrently']),
  })
}

function retryOptions(settings: Settings, own: Settings): RetryOptions | undefined {
  const retry = withoutUndefined({
    retries: asNumber(settings['retries'] ?? own['retry.retries']),
    initialRetryTime: asNumber(settings['retry.backoff.ms'] ?? own['retry.initialRetryTime']),
    maxRetryTime: asNumber(settings['retry.backoff.max.ms'] ?? own['retry.maxRetryTime']),
    factor: asNumber(own['retry.factor']),
    multiplier: asNumber(own['retry.multiplier']),
  })
  return Object.keys(retry).length === 0 ? undefined : retry
}
