/** What the harness knows of librdkafka, in its Node binding. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { acks, acksConflict, heartbeatConflict, isolation, offsetReset } from '../kafka-common/settings.ts'

const defaultSessionMs = 45_000
const maxInFlightIdempotent = 5

export const facts: ClientFacts = {
  system: 'kafka',
  title: 'librdkafka, by @confluentinc/kafka-javascript 1.10.1',
  runsIn: 'node',
  install:
    "`CKJS_LINKING=dynamic npm install --no-save @confluentinc/kafka-javascript@1.10.1` compiles it for minutes and needs g++, make, python3 and Node's headers (`npm_config_nodedir` names their folder). Its lanes are refused where it is not there",
  settings: {
    producer: new Map([
      setting('acks', 'acks; all by default', acks),
      setting('enable.idempotence', 'enable.idempotence, off by default', flag),
      setting('retries', 'retries, 2147483647 by default', wholeNumber),
      setting('retry.backoff.ms', 'retry.backoff.ms, 100 by default; doubled, with 20 % of chance', positive),
      setting('retry.backoff.max.ms', 'retry.backoff.max.ms, 1000 by default', positive),
      setting('delivery.timeout.ms', 'delivery.timeout.ms, 300000 by default', wholeNumber),
      setting('request.timeout.ms', 'request.timeout.ms and socket.timeout.ms, 30000 and 60000 by default', positive),
      setting('linger.ms', 'linger.ms, 5 by default', wholeNumber),
      setting('batch.size', 'batch.size, 1000000 by default', positive),
      setting('max.request.size', 'message.max.bytes, 1000000 by default', positive),
      setting('max.in.flight.requests.per.connection', 'the same, 1000000 by default, 5 when idempotent', positive),
      setting('metadata.max.age.ms', 'the same, 900000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'the same, 30000 by default', positive),
      setting(
        'compression.type',
        'compression.type, as it was compiled',
        oneOf('none', 'gzip', 'snappy', 'lz4', 'zstd'),
      ),
    ]),
    consumer: new Map([
      setting('auto.offset.reset', 'auto.offset.reset: earliest unless it says latest', offsetReset),
      setting('enable.auto.commit', 'the same, on by default', flag),
      setting('auto.commit.interval.ms', 'the same, 5000 by default', positive),
      setting('session.timeout.ms', 'the same, 45000 by default', positive),
      setting('heartbeat.interval.ms', 'the same, 3000 by default', positive),
      setting('max.poll.interval.ms', 'the same, 300000 by default', positive),
      setting('max.poll.records', 'ours: messages that one consume() asks for, 500 by default', positive),
      setting('fetch.max.wait.ms', 'fetch.wait.max.ms, 500 by default', wholeNumber),
      setting('fetch.min.bytes', 'the same, 1 by default', positive),
      setting('fetch.max.bytes', 'the same, 52428800 by default', positive),
      setting('max.partition.fetch.bytes', 'the same, 1048576 by default', positive),
      setting('isolation.level', 'the same, read_committed by default', isolation),
      setting('request.timeout.ms', 'socket.timeout.ms, 60000 by default', positive),
      setting('socket.connection.setup.timeout.ms', 'the same, 30000 by default', positive),
    ]),
  },
  own: new Map([
    setting('enable.auto.offset.store', 'whether what consume() hands out counts as consumed, on by default', flag),
    setting('queue.buffering.max.messages', "messages in the producer's queue", positive),
    setting('socket.timeout.ms', 'of network requests', positive),
    setting('reconnect.backoff.ms', 'first wait before a broker is tried again', wholeNumber),
    setting('reconnect.backoff.max.ms', 'longest wait before a broker is tried again', wholeNumber),
  ]),
  conflict: (role, settings) => {
    if (role === 'consumer') return heartbeatConflict(settings, defaultSessionMs)
    if (String(settings['enable.idempotence']) !== 'true') return undefined
    if (settings['retries'] === 0) return 'librdkafka refuses an idempotent producer without retries'
    if (Number(settings['max.in.flight.requests.per.connection'] ?? 1) > maxInFlightIdempotent)
      return 'enable.idempotence needs max.in.flight.requests.per.connection of at most 5'
    return acksConflict(settings)
  },
  answers: {
    acked:
      'The delivery report came without an error; the offset is that of the message, none with acks=0. A send of several messages is acked when all of them are.',
    rejected:
      'The library did not take the message into its queue (too large, queue full, no such topic); or, with retries=0, which makes one attempt the only one, the delivery report has a code from before the append.',
    unknown:
      'Everything else: it retries behind its delivery report and tells the last error alone. _MSG_TIMED_OUT (delivery.timeout.ms has run out), _TRANSPORT, any error with retries above 0.',
  },
  consuming: [
    'A loop of consume(), up to max.poll.records at a time. unit: message hands them over one by one, unit: batch all of one partition. Auto commit: what consume() has handed out counts as consumed, and a timer commits it in the background, whatever the application has done with it by then. So it loses even where the handler works inline: killed in the middle of a poll, it skipped 46 of 160 messages in a run.',
    'Commits of the application are commitCb(); confirmed commits alone are recorded, whoever made them.',
    'onPoison: throw leaves the loop and is caught at its top: partitions go back to what was not handled, and after 200 ms the loop goes on: redelivery for ever. A stop in the middle of a poll puts them back too.',
  ],
}
