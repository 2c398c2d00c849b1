/**
 * Facts about Kafka's own Java client. Every setting of its producer and consumer is passed on unchanged. Names, types
 * and valid values come from the client's own definitions: `run-client settings` in the image of Kafka 4.3.1 prints
 * config-names.json, and a test compares the two.
 */
import type { Settings } from '../../../model/plan.ts'
import type { ClientFacts } from '../facts.ts'
import { acksConflict, heartbeatConflict } from '../kafka-common/settings.ts'
import { settingsFrom } from './definitions.ts'
import names from './config-names.json' with { type: 'json' }

/** Settings that the driver sets itself, and those of transactions, for which it makes no calls. */
const setByDriver = new Set([
  'bootstrap.servers',
  'client.id',
  'group.id',
  'interceptor.classes',
  'key.serializer',
  'value.serializer',
  'key.deserializer',
  'value.deserializer',
  'transactional.id',
  'transaction.timeout.ms',
  'transaction.two.phase.commit.enable',
])
const defaultSessionMs = 45_000
const maxInFlightIdempotent = 5

export const facts: ClientFacts = {
  system: 'kafka',
  title: "Kafka's own Java client (kafka-clients 4.3.1)",
  runsIn: 'container',
  pools: true,
  settings: {
    producer: settingsFrom(names.producer, setByDriver, {}),
    consumer: settingsFrom(names.consumer, setByDriver, {
      'auto.offset.reset': 'passed on unchanged, string; default earliest, as with the other clients of this harness',
    }),
  },
  own: new Map(),
  conflict: (role, settings, { sending, handling }) => {
    if (role === 'producer')
      return sending && sending.spool !== 'none'
        ? 'the client java has no spool: leave workload.spool out or choose another client'
        : producerConflict(settings)
    if (handling?.onPoison === 'throw-type-error')
      return 'throw-type-error exists for JavaScript clients only: use workload.onPoison: throw with the client java'
    return handling?.idempotent === true
      ? 'the client java has no idempotent store: leave workload.idempotent out or choose another client'
      : (groupProtocolConflict(settings) ?? heartbeatConflict(settings, defaultSessionMs))
  },
  answers: {
    acked:
      "The callback was called without an exception. The offset is the record's. There is none with acks=0, and " +
      'none when the broker recognised a repeated batch as a duplicate but no longer knew its offset ' +
      '(DUPLICATE_SEQUENCE_NUMBER, which the client treats as success).',
    rejected:
      'Either: the broker refused the record before the append, and the client has retried nothing since send() ' +
      'was called (its metric record-retry-total has not changed), so this was the answer to the only attempt. ' +
      'Or: the callback was called inside send() with such an error or a TimeoutException (no metadata, no free ' +
      'buffer), so the record never entered the client. CLUSTER_AUTHORIZATION_FAILED and UNSUPPORTED_VERSION do ' +
      'not count as refusals here, because the client also ends batches with them that it has already sent.',
    unknown:
      'Everything else, because the client retries internally and reports only the last error: ' +
      'NOT_ENOUGH_REPLICAS after a retry, an expired delivery.timeout.ms (TimeoutException), NETWORK_EXCEPTION, ' +
      'OUT_OF_ORDER_SEQUENCE_NUMBER, a forced close, an exception thrown by send().',
  },
  consuming: [
    'Each lane has one poll loop. All records that a poll returns count as delivered at once. Auto commit ' +
      'happens inside poll() and close(): it commits the position, that is everything that earlier polls returned, ' +
      'whether the application has processed it or not. With processing: inline a kill skips nothing (measured: 0 ' +
      'of 160 messages skipped, 7 redelivered). With processing: worker it skips the messages that the worker has ' +
      'not reached (measured: 97 of 160).',
    'commit: before and commit: after turn enable.auto.commit off unless it is set. unit: message commits after ' +
      'each message, unit: batch once per poll. commitCall: sync is commitSync(), commitCall: async is ' +
      'commitAsync(), both without a retry. Only confirmed commits are recorded, of the library and of the application ' +
      '(ConsumerInterceptor.onCommit).',
    'onPoison: throw leaves the poll loop and is caught at its top. The positions are set back (unit: message to ' +
      'the failed message, unit: batch to the first record of the poll), and after 200 ms the loop polls again, so ' +
      'a poisoned message is redelivered forever. In a worker the exception is lost and the message is dropped.',
    'processing: worker hands messages to one thread, or to as many as workers says, through a queue of 100,000. With ' +
      'commit: after, each turn of the poll loop commits what they have finished: with commitPoint: contiguous up to the ' +
      'first message that is not done, with commitPoint: highest behind the last one that is done.',
    'When partitions are revoked, commit: after commits what has been processed; the other settings commit ' +
      'nothing. A stop or SIGTERM during a poll sets the positions back to what has been processed, gives the ' +
      'worker 2.5 s to empty its queue, and closes with the default options of the client.',
  ],
}

/** The settings that ConsumerConfig of kafka-clients 4.3.1 refuses with each group protocol. */
const refusedByProtocol: Readonly<Record<string, readonly string[]>> = {
  classic: ['group.remote.assignor', 'share.acknowledgement.mode', 'share.acquire.mode'],
  consumer: [
    'partition.assignment.strategy',
    'heartbeat.interval.ms',
    'session.timeout.ms',
    'share.acknowledgement.mode',
    'share.acquire.mode',
  ],
}

function groupProtocolConflict(settings: Settings): string | undefined {
  const protocol = String(settings['group.protocol'] ?? 'classic').toLowerCase()
  const refused = refusedByProtocol[protocol]?.find(name => name in settings)
  return refused === undefined ? undefined : `${refused} cannot be set with group.protocol: ${protocol}`
}

/**
 * The combinations that ProducerConfig and KafkaProducer refuse. Where enable.idempotence is not set, acks and retries
 * turn it off silently, and only too many requests in flight are refused.
 */
function producerConflict(settings: Settings): string | undefined {
  const idempotence = settings['enable.idempotence']
  const inFlight = Number(settings['max.in.flight.requests.per.connection'] ?? maxInFlightIdempotent)
  if (String(idempotence) === 'true' && Number(settings['retries'] ?? 1) === 0)
    return 'enable.idempotence needs retries above 0'
  if (String(idempotence) === 'true' && acksConflict(settings) !== undefined) return acksConflict(settings)
  if (String(idempotence ?? true) === 'true' && inFlight > maxInFlightIdempotent) {
    return `enable.idempotence, on by default, needs max.in.flight.requests.per.connection of at most 5, got ${inFlight}`
  }
  return deliveryConflict(settings)
}

function deliveryConflict(settings: Settings): string | undefined {
  if (settings['delivery.timeout.ms'] === undefined) return undefined
  const least = Number(settings['linger.ms'] ?? 5) + Number(settings['request.timeout.ms'] ?? 30_000)
  return Number(settings['delivery.timeout.ms']) >= least
    ? undefined
    : `delivery.timeout.ms must be at least linger.ms + request.timeout.ms (${least}): set request.timeout.ms lower too`
}
