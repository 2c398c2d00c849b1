/** The command line of Kafka's VerifiableProducer and VerifiableConsumer. */
import type { Settings } from '../../../model/plan.ts'
import { acksNumber } from '../kafka-common/settings.ts'
import type { OwnConfig, OwnConsumerConfig, OwnProducerConfig } from './config.ts'

/** Settings with an argument of their own, which has precedence over the file. */
const argued: ReadonlySet<string> = new Set(['acks', 'enable.auto.commit', 'auto.offset.reset', 'session.timeout.ms'])
const defaultSessionMs = 45_000
const defaultDeliveryMs = 120_000
/** A send can be answered this much later than delivery.timeout.ms says. */
const lateMs = 60_000

/** `file`: path of a properties file with `propertiesOf`. */
export function verifiableArguments(config: OwnConfig, file: string): string[] {
  const shared = ['--bootstrap-server', config.bootstrap.join(','), '--topic', config.topic]
  return [...shared, ...(config.role === 'producer' ? producing(config, file) : consuming(config, file))]
}

/** Settings without an argument of their own, as lines of a Java properties file. */
export function propertiesOf({ settings, clientId }: { settings: Settings; clientId: string }): string {
  const lines = Object.entries(settings).flatMap(([name, value]) =>
    argued.has(name) || value === null ? [] : [`${name}=${String(value).replaceAll('\\', '\\\\')}`],
  )
  return [`client.id=${clientId}`, ...lines, ''].join('\n')
}

/** Most messages that a VerifiableProducer can have sent and not reported yet: each is answered within a time limit. */
export function mostUnanswered(settings: Settings, ratePerSec: number): number {
  const limitMs = Number(settings['delivery.timeout.ms'] ?? defaultDeliveryMs) + lateMs
  return Math.ceil((Math.max(1, ratePerSec) * limitMs) / 1000)
}

function producing({ settings, rate, firstNumber }: OwnProducerConfig, file: string): string[] {
  return [
    '--throughput',
    String(Math.max(1, Math.round(rate))),
    '--acks',
    String(acksNumber(settings['acks']) ?? -1),
    '--value-prefix',
    String(firstNumber),
    '--producer.config',
    file,
  ]
}

function consuming({ settings, group, commit }: OwnConsumerConfig, file: string): string[] {
  return [
    '--group-id',
    group,
    '--verbose',
    '--session-timeout',
    String(settings['session.timeout.ms'] ?? defaultSessionMs),
    '--reset-policy',
    String(settings['auto.offset.reset'] ?? 'earliest'),
    ...(commit === 'library' ? ['--enable-autocommit'] : []),
    '--consumer.config',
    file,
  ]
}
