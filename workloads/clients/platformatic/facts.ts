/** What the harness knows of @platformatic/kafka. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { acks, acksConflict, heartbeatConflict, isolation, offsetReset } from '../kafka-common/settings.ts'

const compression = oneOf('none', 'gzip')

export const facts: ClientFacts = {
  system: 'kafka',
  title: '@platformatic/kafka 2.12.1',
  runsIn: 'node',
  settings: {
    producer: new Map([
      setting('acks', 'send({ acks }); 1 by default, all when idempotent', acks),
      setting('enable.idempotence', 'Producer({ idempotent }), off by default; one request at a time a broker', flag),
      setting('retries', 'Producer({ retries }), 3 by default; up to 1 means without end when idempotent', wholeNumber),
      setting('retry.backoff.ms', 'Producer({ retryDelay }), 1000 by default, constant', wholeNumber),
      setting('request.timeout.ms', 'Producer({ timeout, requestTimeout }), 5000 and 30000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'Producer({ connectTimeout }), 5000 by default', positive),
      setting(
        'max.in.flight.requests.per.connection',
        'Producer({ maxInflights }), 5 by default, 1 when idempotent',
        positive,
      ),
      setting('metadata.max.age.ms', 'Producer({ metadataMaxAge }), 5000 by default', wholeNumber),
      setting('compression.type', 'Producer({ compression })', compression),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'consume({ fallbackMode }): earliest unless it says latest', offsetReset),
      setting(
        'enable.auto.commit',
        'Consumer({ autocommit }), on by default: commits what entered the buffer; off: message.commit() after each',
        flag,
      ),
      setting('auto.commit.interval.ms', 'Consumer({ autocommit: interval }); without it after each fetch', positive),
      setting('session.timeout.ms', 'Consumer({ sessionTimeout }), 60000 by default', positive),
      setting('heartbeat.interval.ms', 'Consumer({ heartbeatInterval }), 3000 by default', positive),
      setting('max.poll.interval.ms', 'Consumer({ rebalanceTimeout }), 102000 by default', positive),
      setting('fetch.max.wait.ms', 'Consumer({ maxWaitTime }), 5000 by default', wholeNumber),
      setting('fetch.min.bytes', 'Consumer({ minBytes })', wholeNumber),
      setting('fetch.max.bytes', 'Consumer({ maxBytes })', positive),
      setting('isolation.level', 'Consumer({ isolationLevel }), read_committed by default', isolation),
      setting('request.timeout.ms', 'Consumer({ timeout, requestTimeout })', positive),
      setting('socket.connection.setup.timeout.ms', 'Consumer({ connectTimeout }), 5000 by default', positive),
    ]),
  },
  own: new Map([
    setting('repeatOnStaleMetadata', 'Producer({ repeatOnStaleMetadata }), on by default', flag),
    setting('timeout', 'timeout that a request carries', positive),
    setting('requestTimeout', 'requestTimeout of connections', positive),
    setting('highWaterMark', 'Consumer({ highWaterMark }): messages in the stream buffer, 1024 by default', positive),
  ]),
  conflict: (role, settings, { handling }) => {
    if (role === 'consumer' && handling?.unit === 'batch')
      return 'platformatic hands over messages one at a time: workload.unit: batch is not to be had'
    if (role === 'consumer') return heartbeatConflict(settings, 60_000)
    return String(settings['enable.idempotence']) === 'true' ? acksConflict(settings) : undefined
  },
  answers: {
    acked: 'send() resolved; the offset is that of the answer, none with acks=0.',
    rejected:
      'With repeatOnStaleMetadata off (the library then tells of every attempt): each attempt was answered with a code from before the append.',
    unknown: 'Everything else; with repeatOnStaleMetadata on, which is the default, every error.',
  },
  consuming: [
    "A stream of messages. Auto commit: as soon as messages are in the stream's buffer, before the application has seen them, or every auto.commit.interval.ms. Commits of the application are message.commit(), one message at a time.",
  ],
}
