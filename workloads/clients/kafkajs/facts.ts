/** Facts about kafkajs. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { acks, acksConflict, heartbeatConflict, isolation, offsetReset } from '../kafka-common/settings.ts'

const compression = oneOf('none', 'gzip')

export const facts: ClientFacts = {
  system: 'kafka',
  title: 'kafkajs 2.2.4',
  runsIn: 'node',
  headers: true,
  spreads: true,
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }): 0, 1, -1 for all; default -1', acks),
      setting(
        'enable.idempotence',
        'producer({ idempotent }), default off; when on, the adapter sends one request at a time per partition',
        flag,
      ),
      setting('retries', 'producer({ retry: { retries } }), default 5, idempotent or not', wholeNumber),
      setting(
        'retry.backoff.ms',
        'producer({ retry: { initialRetryTime } }), default 300; doubles with each retry, with 20 % jitter',
        positive,
      ),
      setting('retry.backoff.max.ms', 'producer({ retry: { maxRetryTime } }), default 30000', positive),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }) and send({ timeout }), default 30000', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), default 1000', positive),
      setting(
        'max.in.flight.requests.per.connection',
        'producer({ maxInFlightRequests }), default unlimited',
        positive,
      ),
      setting('metadata.max.age.ms', 'producer({ metadataMaxAge }), default 300000', wholeNumber),
      setting('compression.type', 'send({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'subscribe({ fromBeginning }); default earliest', offsetReset),
      setting('enable.auto.commit', 'run({ autoCommit }), default on', flag),
      setting('auto.commit.interval.ms', 'run({ autoCommitInterval }); default: after each batch', wholeNumber),
      setting('session.timeout.ms', 'consumer({ sessionTimeout }), default 30000', positive),
      setting('heartbeat.interval.ms', 'consumer({ heartbeatInterval }), default 3000', positive),
      setting('max.poll.interval.ms', 'consumer({ rebalanceTimeout }), default 60000', positive),
      setting('fetch.max.wait.ms', 'consumer({ maxWaitTimeInMs }), default 5000', wholeNumber),
      setting('fetch.min.bytes', 'consumer({ minBytes })', positive),
      setting('fetch.max.bytes', 'consumer({ maxBytes })', positive),
      setting('max.partition.fetch.bytes', 'consumer({ maxBytesPerPartition })', positive),
      setting('isolation.level', 'consumer({ readUncommitted }), default read_committed', isolation),
      setting('request.timeout.ms', 'Kafka({ requestTimeout }), default 30000', positive),
      setting('socket.connection.setup.timeout.ms', 'Kafka({ connectionTimeout }), default 1000', positive),
    ]),
  },
  own: new Map([
    setting(
      'serialSends',
      'an option of the adapter: one send at a time per partition; on with enable.idempotence, off otherwise',
      flag,
    ),
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
    if (settings['retries'] === 0) return 'kafkajs refuses enable.idempotence with retries=0'
    return acksConflict(settings)
  },
  answers: {
    acked: "send() resolved. The offset is the broker's answer; there is none with acks=0.",
    rejected:
      "Every attempt, including the library's hidden retries, was answered with a code from before the append; " +
      'or no attempt got as far as a request.',
    unknown: 'Everything else, including exhausted retries.',
  },
  consuming: [
    'unit: message uses eachMessage. unit: batch uses eachBatch, with what one fetch returned of one partition, ' +
      'and sends heartbeats while the batch is handled. Auto commit happens after each batch, and within a batch ' +
      'every auto.commit.interval.ms; it commits only what the handler has returned from. Commits of the ' +
      'application are commitOffsets().',
    'When the handler throws an Error, the consumer restarts and fetches the batch again from the last resolved ' +
      'message, forever. When it throws anything that kafkajs does not consider retriable, such as a TypeError, ' +
      'the consumer stops for good and the process ends with exit code 0.',
  ],
}
