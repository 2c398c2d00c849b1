/** What the settings of a user mean, where they are given at several places or left to Kafka's defaults. */
import type { Settings, SettingValue } from '../../../model/settings.ts'
import { numberOf } from '../../shared/planning.ts'

const assumedBrokers = 3
const usualReplicas = 3

export interface OwnKafka {
  /** `0`, `1` or `all`. */
  acks: string
  brokers: number
  replicas: number
  minIsr: number
  isUncleanAllowed: boolean
}

/** `own`: the user's settings as `place.setting`. */
export function ownKafka(own: Settings): OwnKafka {
  const brokers = numberOf(own['cluster.brokers'], assumedBrokers)
  // @platformatic/kafka is the only client whose default is not "all".
  const byDefault =
    own['client'] === 'platformatic' && String(own['producer.enable.idempotence']) !== 'true' ? 1 : 'all'
  const acks = String(own['producer.acks'] ?? byDefault)
  return {
    acks: acks === '-1' ? 'all' : acks,
    brokers,
    replicas: numberOf(ofTopic(own, 'replication.factor'), Math.min(usualReplicas, brokers)),
    minIsr: numberOf(ofTopic(own, 'min.insync.replicas'), 1),
    isUncleanAllowed: String(ofTopic(own, 'unclean.leader.election.enable')) === 'true',
  }
}

/** A setting of the topic, which overrides the brokers' setting of the same name. */
export const ofTopic = (own: Settings, name: string): SettingValue | undefined =>
  own[`topic.${name}`] ?? own[`broker.${name}`]
