/** The settings of Kafka that keep messages, for each cause of loss. */
import type { Settings } from '../../../model/settings.ts'
import { ofTopic, ownKafka } from './own.ts'
import type { OwnKafka } from './own.ts'

const safeReplicas = 3
const safeMinIsr = 2
const week = 604_800_000

type Fix = (own: Settings, meaning: OwnKafka) => Settings[]

/** An acknowledgement that stands for more than the leader. */
const waitForOthers: Fix = (_, { acks, minIsr, replicas }) =>
  acks === 'all' ? several(minIsr < safeMinIsr && replicas > 1 && minIsr2) : [acksAll]

/** Single settings first, the most usual one first, then combinations. */
const fixes: Readonly<Record<string, Fix>> = {
  'truncated-after-election': waitForOthers,
  'truncated-after-transfer': waitForOthers,
  'unclean-election': (_, { acks, minIsr, replicas, isUncleanAllowed }) => [
    ...several(isUncleanAllowed && { 'topic.unclean.leader.election.enable': false }),
    ...several(replicas > 1 && minIsr < safeMinIsr && waitingForTwo(acks)),
  ],
  'unsynced-pages': (own, meaning) => [...moreReplicas(meaning, 1), flushEach(own)],
  'disk-wiped': (_, meaning) => [
    ...moreReplicas(meaning, 2),
    ...several(meaning.replicas > 1 && meaning.minIsr < safeMinIsr && waitingForTwo(meaning.acks)),
  ],
  'never-reached-leader': (_, { acks }) => several(acks === '0' && acksAll),
  // The client library that numbers concurrent sends of one partition wrongly.
  'client-error': own =>
    several(
      own['client'] === 'kafkajs' &&
        String(own['producer.enable.idempotence']) === 'true' && { 'client.serialSends': true },
    ),
  'dropped-by-client': own => several(String(own['workload.spread']) === 'true' && { 'workload.spread': false }),
  'committed-before-processing': own => commitAfterwards(own),
  'committed-before-delivery': own => commitAfterwards(own),
  'committed-past-worker': () => [{ 'workload.commitPoint': 'contiguous' }, { 'workload.processing': 'inline' }],
  'failure-swallowed': () => [{ 'workload.onPoison': 'park' }],
  'dropped-by-handler': () => [{ 'workload.onPoison': 'park' }],
  'position-beyond-log': (_, { acks, isUncleanAllowed }) => [
    ...several(acks !== 'all' && acksAll),
    ...several(isUncleanAllowed && { 'topic.unclean.leader.election.enable': false }),
  ],
  'expired-unread': own => [
    ...several(ofTopic(own, 'retention.bytes') !== undefined && { 'topic.retention.bytes': -1 }),
    ...several(Number(ofTopic(own, 'retention.ms') ?? week) < week && { 'topic.retention.ms': week }),
  ],
  'reset-to-latest': (own, { brokers }) => [
    ...several(own['consumer.auto.offset.reset'] === 'latest' && { 'consumer.auto.offset.reset': 'earliest' }),
    ...several(
      brokers >= safeReplicas &&
        Number(own['broker.offsets.topic.replication.factor'] ?? safeReplicas) < safeReplicas && {
          'broker.offsets.topic.replication.factor': safeReplicas,
        },
    ),
  ],
}

/** Nothing for a cause that no setting prevents. */
export function kafkaFixes(cause: string, own: Settings): Settings[] {
  return fixes[cause]?.(own, ownKafka(own)) ?? []
}

/** Causes for which some configuration has a fix. */
export const kafkaFixedCauses: readonly string[] = Object.keys(fixes)

const acksAll: Settings = { 'producer.acks': 'all' }
const minIsr2: Settings = { 'topic.min.insync.replicas': safeMinIsr }
const several = (fix: Settings | false): Settings[] => (fix === false ? [] : [fix])

/** An acknowledgement that stands for two replicas. */
const waitingForTwo = (acks: string): Settings => (acks === 'all' ? minIsr2 : { ...acksAll, ...minIsr2 })

/** Three replicas, for a topic that has at most `most`. With fewer brokers than that, more of them too. */
function moreReplicas({ replicas, brokers, acks }: OwnKafka, most: number): Settings[] {
  if (replicas > most) return []
  const grown: Settings = {
    ...(brokers < safeReplicas ? { 'cluster.brokers': safeReplicas } : {}),
    'topic.replication.factor': safeReplicas,
  }
  return acks === 'all' ? [grown] : [grown, { ...grown, ...acksAll }]
}

/**
 * Every replica syncs each message before it acknowledges it. A setting of the brokers, so that it is tried on brokers of
 * its own: on a shared disk one topic's flush can write the data of another.
 */
function flushEach(own: Settings): Settings {
  const byBroker = { 'broker.log.flush.interval.messages': 1 }
  return own['topic.flush.messages'] === undefined ? byBroker : { ...byBroker, 'topic.flush.messages': 1 }
}

function commitAfterwards(own: Settings): Settings[] {
  const manual: Settings = {
    'consumer.enable.auto.commit': false,
    ...(own['workload.commit'] === undefined ? {} : { 'workload.commit': 'after' }),
  }
  return own['workload.processing'] === 'worker' ? [{ 'workload.processing': 'inline' }, manual] : [manual]
}
