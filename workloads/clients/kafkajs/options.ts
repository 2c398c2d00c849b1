/** Kafka's documented names → kafkajs' own. What is not set stays unset, so that the library's own defaults hold. */
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
import { flag, given, number } from '../settings.ts'
import { observingLog, observingPartitioner } from './attempts.ts'

export function clientOptions({ bootstrap, clientId, settings, clientSettings: own }: ClientConfig): KafkaConfig {
  return {
    brokers: bootstrap,
    clientId,
    // Errors of attempts are in its log and nowhere else.
    logLevel: kafkajs.logLevel.ERROR,
    logCreator: observingLog,
    ...given({
      requestTimeout: number(settings['request.timeout.ms'] ?? own['requestTimeout']),
      connectionTimeout: number(settings['socket.connection.setup.timeout.ms'] ?? own['connectionTimeout']),
      enforceRequestTimeout: flag(own['enforceRequestTimeout']),
    }),
  }
}

export function producerOptions({ settings, clientSettings: own }: ClientConfig): ProducerConfig {
  return {
    allowAutoTopicCreation: false,
    createPartitioner: observingPartitioner,
    ...given({
      idempotent: flag(settings['enable.idempotence']),
      retry: retryOptions(settings, own),
      maxInFlightRequests: number(settings['max.in.flight.requests.per.connection'] ?? own['maxInFlightRequests']),
      metadataMaxAge: number(settings['metadata.max.age.ms'] ?? own['metadataMaxAge']),
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
    ...given({
      sessionTimeout: number(settings['session.timeout.ms']),
      heartbeatInterval: number(settings['heartbeat.interval.ms']),
      rebalanceTimeout: number(settings['max.poll.interval.ms']),
      maxWaitTimeInMs: number(settings['fetch.max.wait.ms'] ?? own['maxWaitTimeInMs']),
      minBytes: number(settings['fetch.min.bytes'] ?? own['minBytes']),
      maxBytes: number(settings['fetch.max.bytes'] ?? own['maxBytes']),
      maxBytesPerPartition: number(settings['max.partition.fetch.bytes'] ?? own['maxBytesPerPartition']),
      readUncommitted:
        settings['isolation.level'] === undefined ? undefined : settings['isolation.level'] === 'read_uncommitted',
      retry: retryOptions({}, own),
    }),
  }
}

export function runOptions({ settings, clientSettings: own }: ClientConfig): ConsumerRunConfig {
  return given({
    autoCommit: flag(settings['enable.auto.commit']),
    autoCommitInterval: number(settings['auto.commit.interval.ms']),
    autoCommitThreshold: number(own['autoCommitThreshold']),
    partitionsConsumedConcurrently: number(own['partitionsConsumedConcurrently']),
  })
}

function retryOptions(settings: Settings, own: Settings): RetryOptions | undefined {
  const retry = given({
    retries: number(settings['retries'] ?? own['retry.retries']),
    initialRetryTime: number(settings['retry.backoff.ms'] ?? own['retry.initialRetryTime']),
    maxRetryTime: number(settings['retry.backoff.max.ms'] ?? own['retry.maxRetryTime']),
    factor: number(own['retry.factor']),
    multiplier: number(own['retry.multiplier']),
  })
  return Object.keys(retry).length === 0 ? undefined : retry
}
