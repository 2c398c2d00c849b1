/**
 * What the harness knows of Kafka's own Java client. Every setting of its producer and consumer passes through raw;
 * their names, types and valid values are those of the client's own definitions (`run-client settings` in the image of
 * Kafka 4.3.1 prints config-names.json; a test holds the two together).
 */
import type { Settings } from '../../../model/plan.ts'
import type { ClientFacts } from '../facts.ts'
import { acksConflict, heartbeatConflict } from '../kafka-common/settings.ts'
import { settingsFrom } from './definitions.ts'
import names from './config-names.json' with { type: 'json' }

/** What the driver decides itself. Transactions need calls that it does not make. */
const ours = new Set([
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
  settings: {
    producer: settingsFrom(names.producer, ours, {}),
    consumer: settingsFrom(names.consumer, ours, {
      'auto.offset.reset': 'raw, string; earliest by default, as with the other clients',
    }),
  },
  own: new Map(),
  conflict: (role, settings, { sending, handling }) => {
    if (role === 'producer')
      return sending && sending.spool !== 'none'
        ? 'java has no spool: workload.spool is not to be had'
        : producerConflict(settings)
    if (handling?.onPoison === 'throw-type-error')
      return "a TypeError is JavaScript's: for java, workload.onPoison is throw"
    return handling?.idempotent === true
      ? 'java has no idempotent store: workload.idempotent is not to be had'
      : heartbeatConflict(settings, defaultSessionMs)
  },
  answers: {
    acked:
      'The callback came without an exception. The offset is that of the record; none with acks=0, nor where the broker knew a repeated batch as a duplicate whose place it had forgotten (DUPLICATE_SEQUENCE_NUMBER, which the client takes for success).',
    rejected:
      "The exception is a broker's refusal from before the append and the client has retried nothing since send() was called (its counter record-retry-total stood still), so it was the answer to the only attempt; or the callback came inside of send() with such an error or a TimeoutException (no metadata, no buffer): the record never entered the client. CLUSTER_AUTHORIZATION_FAILED and UNSUPPORTED_VERSION do not count as refusals here: with them the client also ends batches that have left.",
    unknown:
      'Everything else: the client retries behind its callback and tells the last error alone. NOT_ENOUGH_REPLICAS after a retry, delivery.timeout.ms run out (TimeoutException), NETWORK_EXCEPTION, OUT_OF_ORDER_SEQUENCE_NUMBER, a forced close, an exception thrown by send().',
  },
  consuming: [
    'One poll loop a lane; what a poll brought is delivered at once. Auto commit is made inside of poll() and close(): it commits the position, that is what earlier polls brought, whether the application is done with it or not. With processing inline nothing is skipped by a kill (0 of 160 in a run, 7 redelivered); handed to a worker, what it has not come to is (97 of 160).',
    'commit: before and after switch enable.auto.commit off unless it is set. unit: message commits behind each message, unit: batch once a poll. commitCall: sync and async are commitSync() and commitAsync() without a retry. Confirmed commits alone are recorded, whoever made them (ConsumerInterceptor.onCommit).',
    'onPoison: throw leaves the poll loop and is caught at its top: the positions go back (unit: message to the message that failed, unit: batch to the first of the poll), and after 200 ms it polls again: redelivery for ever. In a worker nobody sees what is thrown: the message is dropped.',
    'processing: worker hands messages to one thread behind a queue of 100,000. commit: after then means that each turn of the poll loop commits what the worker has done.',
    'When partitions are revoked, what is processed is committed if commit is after, else nothing. A stop or SIGTERM in the middle of a poll puts the positions back to what is done, gives the worker 2.5 s to empty its queue, and closes as the client does by default.',
  ],
}

/** As ProducerConfig and KafkaProducer refuse them; idempotence that nobody asked for is silently off instead. */
function producerConflict(settings: Settings): string | undefined {
  const asked = settings['enable.idempotence']
  const inFlight = Number(settings['max.in.flight.requests.per.connection'] ?? maxInFlightIdempotent)
  if (String(asked) === 'true' && Number(settings['retries'] ?? 1) === 0)
    return 'enable.idempotence needs retries above 0'
  if (String(asked) === 'true' && acksConflict(settings) !== undefined) return acksConflict(settings)
  // Asked for or not, and even where acks or retries have switched it off.
  if (String(asked ?? true) === 'true' && inFlight > maxInFlightIdempotent) {
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
