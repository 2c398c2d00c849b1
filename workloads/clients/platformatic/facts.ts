/** Facts about @platformatic/kafka. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { acks, acksConflict, heartbeatConflict, isolation, offsetReset } from '../kafka-common/settings.ts'

const compression = oneOf('none', 'gzip')

export const facts: ClientFacts = {
  system: 'kafka',
  title: '@platformatic/kafka 2.12.1',
  runsIn: 'node',
  headers: true,
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }); default 1, all when idempotent', acks),
      setting(
        'enable.idempotence',
        'Producer({ idempotent }), default off; when on, the library sends one request at a time per broker',
        flag,
      ),
      setting(
        'retries',
        'Producer({ retries }), default 3; when idempotent, 0 and 1 mean that it retries without end',
        wholeNumber,
      ),
      setting('retry.backoff.ms', 'Producer({ retryDelay }), default 1000, constant', wholeNumber),
      setting('request.timeout.ms', 'Producer({ timeout, requestTimeout }), default 5000 and 30000', positive),
      setting('socket.connection.setup.timeout.ms', 'Producer({ connectTimeout }), default 5000', positive),
      setting(
        'max.in.flight.requests.per.connection',
        'Producer({ maxInflights }), default 5, 1 when idempotent',
        positive,
      ),
      setting('metadata.max.age.ms', 'Producer({ metadataMaxAge }), default 5000', wholeNumber),
      setting('compression.type', 'Producer({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'consume({ fallbackMode }); default earliest', offsetReset),
      setting(
        'enable.auto.commit',
        "Consumer({ autocommit }), default on: commits messages as soon as they are in the stream's buffer",
        flag,
      ),
      setting('auto.commit.interval.ms', 'Consumer({ autocommit: interval }); default: after each fetch', positive),
      setting('session.timeout.ms', 'Consumer({ sessionTimeout }), default 60000', positive),
      setting('heartbeat.interval.ms', 'Consumer({ heartbeatInterval }), default 3000', positive),
      setting('max.poll.interval.ms', 'Consumer({ rebalanceTimeout }), default 102000', positive),
      setting('fetch.max.wait.ms', 'Consumer({ maxWaitTime }), default 5000', wholeNumber),
      setting('fetch.min.bytes', 'Consumer({ minBytes })', wholeNumber),
      setting('fetch.max.bytes', 'Consumer({ maxBytes })', positive),
      setting('isolation.level', 'Consumer({ isolationLevel }), default read_committed', isolation),
      setting('request.timeout.ms', 'Consumer({ timeout, requestTimeout })', positive),
      setting('socket.connection.setup.timeout.ms', 'Consumer({ connectTimeout }), default 5000', positive),
    ]),
  },
  own: new Map([
    setting('repeatOnStaleMetadata', 'Producer({ repeatOnStaleMetadata }), default on', flag),
    setting('timeout', 'Producer({ timeout }): the timeout inside each request, ms', positive),
    setting('requestTimeout', 'Producer({ requestTimeout }): limit of one request on its connection, ms', positive),
    setting('highWaterMark', "Consumer({ highWaterMark }): messages in the stream's buffer, default 1024", positive),
  ]),
  conflict: (role, settings, { handling }) => {
    if (role === 'consumer' && handling?.unit === 'batch')
      return 'the client platformatic delivers one message at a time: use workload.unit: message'
    if (role === 'consumer') return heartbeatConflict(settings, 60_000)
    return String(settings['enable.idempotence']) === 'true' ? acksConflict(settings) : undefined
  },
  answers: {
    acked: "send() resolved. The offset is the broker's answer; there is none with acks=0.",
    rejected:
      'With repeatOnStaleMetadata off, where the error contains every attempt: each attempt was answered with a ' +
      'code from before the append.',
    unknown: 'Everything else. With repeatOnStaleMetadata on, which is the default, every error is unknown.',
  },
  consuming: [
    "The library returns a stream of messages. Auto commit commits messages as soon as they are in the stream's " +
      'buffer, before the application has seen them, or every auto.commit.interval.ms. Commits of the application ' +
      'are message.commit(), one message at a time.',
  ],
}
