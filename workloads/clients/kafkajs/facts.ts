/** What the harness knows of kafkajs. */
import {
  acks,
  acksConflict,
  flag,
  heartbeatConflict,
  isolation,
  offsetReset,
  oneOf,
  positive,
  setting,
  wholeNumber,
} from '../facts.ts'
import type { ClientFacts } from '../facts.ts'

const compression = oneOf('none', 'gzip')

export const facts: ClientFacts = {
  system: 'kafka',
  title: 'kafkajs 2.2.4',
  runsIn: 'node',
  spreads: true,
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }): 0, 1, -1 for all, which is the default', acks),
      setting(
        'enable.idempotence',
        'producer({ idempotent }), off by default; sends are then serial per partition',
        flag,
      ),
      setting('retries', 'producer({ retry: { retries } }), 5 by default, whether idempotent or not', wholeNumber),
      setting(
        'retry.backoff.ms',
        'producer({ retry: { initialRetryTime } }), 300 by default; doubled, with 20 % of chance',
        positive,
      ),
      setting('retry.backoff.max.ms', 'producer({ retry: { maxRetryTime } }), 30000 by default', positive),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }) and send({ timeout }), 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), 1000 by default', positive),
      setting(
        'max.in.flight.requests.per.connection',
        'producer({ maxInFlightRequests }), unlimited by default',
        positive,
      ),
      setting('metadata.max.age.ms', 'producer({ metadataMaxAge }), 300000 by default', wholeNumber),
      setting('compression.type', 'send({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'subscribe({ fromBeginning }): earliest unless it says latest', offsetReset),
      setting('enable.auto.commit', 'run({ autoCommit }), on by default; off: commitOffsets after each message', flag),
      setting('auto.commit.interval.ms', 'run({ autoCommitInterval }); without it after each batch', wholeNumber),
      setting('session.timeout.ms', 'consumer({ sessionTimeout }), 30000 by default', positive),
      setting('heartbeat.interval.ms', 'consumer({ heartbeatInterval }), 3000 by default', positive),
      setting('max.poll.interval.ms', 'consumer({ rebalanceTimeout }), 60000 by default', positive),
      setting('fetch.max.wait.ms', 'consumer({ maxWaitTimeInMs }), 5000 by default', wholeNumber),
      setting('fetch.min.bytes', 'consumer({ minBytes })', positive),
      setting('fetch.max.bytes', 'consumer({ maxBytes })', positive),
      setting('max.partition.fetch.bytes', 'consumer({ maxBytesPerPartition })', positive),
      setting('isolation.level', 'consumer({ readUncommitted }), read_committed by default', isolation),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }), 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), 1000 by default', positive),
    ]),
  },
  own: new Map([
    setting('serialSends', 'ours: one send at a time a partition; on with enable.idempotence, off otherwise', flag),
    setting('requestTimeout', 'Kafka({ requestTimeout })', positive),
    setting('connectionTimeout', 'Kafka({ connectionTimeout })', positive),
    setting('enforceRequestTimeout', 'Kafka({ enforceRequestTimeout })', flag),
    setting('maxInFlightRequests', 'producer({ maxInFlightRequests })', positive),
    setting('metadataMaxAge', 'producer({ metadataMaxAge })', wholeNumber),
    setting('retry.retries', 'retry of producer and consumer', wholeNumber),
    setting('retry.initialRetryTime', 'retry of producer and consumer', positive),
    setting('retry.maxRetryTime', 'retry of producer and consumer', positive),
    setting('retry.factor', 'retry of producer and consumer', positive),
    setting('retry.multiplier', 'retry of producer and consumer', positive),
    setting('maxWaitTimeInMs', 'consumer({ maxWaitTimeInMs })', wholeNumber),
    setting('minBytes', 'consumer({ minBytes })', positive),
    setting('maxBytes', 'consumer({ maxBytes })', positive),
    setting('maxBytesPerPartition', 'consumer({ maxBytesPerPartition })', positive),
    setting('autoCommitThreshold', 'run({ autoCommitThreshold })', positive),
    setting('partitionsConsumedConcurrently', 'run({ partitionsConsumedConcurrently })', positive),
  ]),
  conflict: (role, settings) => {
    if (role === 'consumer') return heartbeatConflict(settings, 30_000)
    if (String(settings['enable.idempotence']) !== 'true') return undefined
    if (settings['retries'] === 0) return 'kafkajs refuses an idempotent producer without retries'
    return acksConflict(settings)
  },
  answers: {
    acked: 'send() resolved; the offset is that of the answer, none with acks=0.',
    rejected:
      'Every attempt, the hidden ones included, was answered with a code from before the append; or none got as far as a request.',
    unknown: 'Everything else, retries used up included.',
  },
  consuming: [
    'unit: message is eachMessage, unit: batch is eachBatch with what one fetch brought of one partition, with heartbeats while it is handled. Auto commit: after each batch, and within it every auto.commit.interval.ms; what it commits has been through the handler. Commits of the application are commitOffsets().',
    'An Error that the handler throws: the batch is fetched again from what was resolved, after a restart of the consumer, for ever. Anything else, a TypeError for one: the consumer stops for good, and the process ends with exit code 0.',
  ],
}
