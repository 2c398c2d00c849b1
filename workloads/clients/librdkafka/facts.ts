/** Facts about librdkafka, through its Node binding. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { acks, acksConflict, heartbeatConflict, isolation, offsetReset } from '../kafka-common/settings.ts'

const defaultSessionMs = 45_000
const maxInFlightIdempotent = 5

export const facts: ClientFacts = {
  system: 'kafka',
  title: 'librdkafka, through @confluentinc/kafka-javascript 1.10.1',
  runsIn: 'node',
  install:
    '`CKJS_LINKING=dynamic npm install --no-save @confluentinc/kafka-javascript@1.10.1` compiles it, which takes ' +
    "minutes and needs g++, make, python3 and Node's headers (`npm_config_nodedir` names their folder). " +
    'Scenarios that use it are refused where it is not installed',
  settings: {
    producer: new Map([
      setting('acks', 'acks; default all', acks),
      setting('enable.idempotence', 'enable.idempotence, default off', flag),
      setting('retries', 'retries, default 2147483647', wholeNumber),
      setting('retry.backoff.ms', 'retry.backoff.ms, default 100; doubles with each retry, with 20 % jitter', positive),
      setting('retry.backoff.max.ms', 'retry.backoff.max.ms, default 1000', positive),
      setting('delivery.timeout.ms', 'delivery.timeout.ms, default 300000', wholeNumber),
      setting('request.timeout.ms', 'request.timeout.ms and socket.timeout.ms, default 30000 and 60000', positive),
      setting('linger.ms', 'linger.ms, default 5', wholeNumber),
      setting('batch.size', 'batch.size, default 1000000', positive),
      setting('max.request.size', 'message.max.bytes, default 1000000', positive),
      setting('max.in.flight.requests.per.connection', 'the same, default 1000000, 5 when idempotent', positive),
      setting('metadata.max.age.ms', 'the same, default 900000', positive),
      setting('socket.connection.setup.timeout.ms', 'the same, default 30000', positive),
      setting(
        'compression.type',
        'compression.type; which codecs work depends on how the library was compiled',
        oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd'),
      ),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'auto.offset.reset; default earliest', offsetReset),
      setting('enable.auto.commit', 'the same, default on', flag),
      setting('auto.commit.interval.ms', 'the same, default 5000', positive),
      setting('session.timeout.ms', 'the same, default 45000', positive),
      setting('heartbeat.interval.ms', 'the same, default 3000', positive),
      setting('max.poll.interval.ms', 'the same, default 300000', positive),
      setting('max.poll.records', 'the number of messages that the adapter passes to consume(), default 500', positive),
      setting('fetch.max.wait.ms', 'fetch.wait.max.ms, default 500', wholeNumber),
      setting('fetch.min.bytes', 'the same, default 1', positive),
      setting('fetch.max.bytes', 'the same, default 52428800', positive),
      setting('max.partition.fetch.bytes', 'the same, default 1048576', positive),
      setting('isolation.level', 'the same, default read_committed', isolation),
      setting('request.timeout.ms', 'socket.timeout.ms, default 60000', positive),
      setting('socket.connection.setup.timeout.ms', 'the same, default 30000', positive),
    ]),
  },
  own: new Map([
    setting('enable.auto.offset.store', 'whether what consume() returns counts as consumed, default on', flag),
    setting('queue.buffering.max.messages', "most messages in the producer's queue", positive),
    setting('socket.timeout.ms', 'limit of a network request, ms', positive),
    setting('reconnect.backoff.ms', 'first wait before reconnecting to a broker, ms', wholeNumber),
    setting('reconnect.backoff.max.ms', 'longest wait before reconnecting to a broker, ms', wholeNumber),
  ]),
  conflict: (role, settings) => {
    if (role === 'consumer') return heartbeatConflict(settings, defaultSessionMs)
    if (String(settings['enable.idempotence']) !== 'true') return undefined
    if (settings['retries'] === 0) return 'librdkafka refuses enable.idempotence with retries=0'
    if (Number(settings['max.in.flight.requests.per.connection'] ?? 1) > maxInFlightIdempotent)
      return 'enable.idempotence needs max.in.flight.requests.per.connection of at most 5'
    return acksConflict(settings)
  },
  answers: {
    acked:
      "The delivery report has no error. The offset is the message's; there is none with acks=0. A send of " +
      'several messages is acked when all of them are.',
    rejected:
      'Either: the library did not accept the message into its queue (too large, queue full, unknown topic). Or: ' +
      'retries=0, so that there is only one attempt, and the delivery report has a code from before the append.',
    unknown:
      'Everything else, because the library retries internally and reports only the last error: _MSG_TIMED_OUT ' +
      '(delivery.timeout.ms has expired), _TRANSPORT, any error with retries above 0.',
  },
  consuming: [
    'A loop calls consume() for up to max.poll.records messages. unit: message hands them over one by one, unit: ' +
      'batch hands over all messages of one partition together. Auto commit: messages that consume() has returned ' +
      'count as consumed, and a timer commits them in the background, whether the application has processed them ' +
      'or not. So messages can be skipped even with processing: inline (measured: a kill in the middle of a poll ' +
      'skipped 46 of 160 messages).',
    'Commits of the application are commitCb(). Only confirmed commits are recorded, of the library and of the application.',
    'onPoison: throw leaves the loop and is caught at its top. The partitions are set back to the first message ' +
      'that was not handled, and after 200 ms the loop continues, so a poisoned message is redelivered forever. A ' +
      'stop in the middle of a poll sets them back too.',
  ],
}
