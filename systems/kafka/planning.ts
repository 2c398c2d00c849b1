/**
 * How scenarios describe Kafka: brokers and controllers, topics with partitions and replicas. Broker settings apply to
 * every broker of a cluster, so cells with different broker settings need different clusters.
 */
import { wholeNumber } from '../../model/setting-rule.ts'
import { without, withoutNull } from '../../model/settings.ts'
import type { Settings } from '../../model/settings.ts'
import { kafkaHarnessSettings } from './harness-settings.ts'
import { kafkaSettings, plainKafkaName, reservedBrokerSettings } from './settings/index.ts'
import { kafkaShape } from './shape.ts'
import { countOrServices, isOwn, listOf, ownClusterRules, planOwnCluster } from '../shared/own-cluster/settings.ts'
import { defaultsOf, defaultsRule, keptSettings, numberOf } from '../shared/planning.ts'
import { refuseUnpublished } from '../shared/versions.ts'
import { quorumWarnings } from './quorum.ts'
import { replicaWarnings } from './replica-warnings.ts'
import type { PlanningFacts } from '../shared/planning.ts'

/**
 * Kafka accepts topic names of 249 characters. A shortened name is followed by the index of its lane, and on a cluster of
 * the user's own another part comes before it.
 */
const longestName = 220

/** On Maven Central. */
const published = [
  '4.0.0',
  '4.0.1',
  '4.0.2',
  '4.1.0',
  '4.1.1',
  '4.1.2',
  '4.2.0',
  '4.2.1',
  '4.2.2',
  '4.3.0',
  '4.3.1',
  '4.4.0',
]

function brokersOf({ brokers }: Settings): number {
  return typeof brokers === 'string' ? listOf(brokers).length : numberOf(brokers, 3)
}

export const kafkaPlanning: PlanningFacts = {
  defaultClient: 'kafkajs',
  clusterSettings: {
    brokers: {
      doc: 'brokers (3); with `compose`, the list of services that are brokers',
      ...countOrServices(wholeNumber(1, 9)),
    },
    controllers: {
      doc: 'dedicated controllers; 0: every broker is a controller as well (0); with `compose`, the list of their services',
      ...countOrServices(wholeNumber(0, 5)),
    },
    defaults: defaultsRule,
    ...ownClusterRules,
  },
  versions: published,
  refuseVersion: version => refuseUnpublished(version, published, 'older versions need ZooKeeper or other tools'),
  knownSettings: (place, version) => kafkaSettings(version)[place],
  reservedBrokerSettings,
  refuseBrokerSetting: () => undefined,
  plainName: plainKafkaName,
  harnessSettings(site) {
    const { brokers, broker, defaults, own } = kafkaShape(site)
    if (own !== undefined) return {}
    const kept = keptSettings(kafkaHarnessSettings(brokers), defaults)
    return { broker: kept.filter(({ name }) => !(name in broker)) }
  },
  documentedClusters: [{}],
  ignoredWorkload: {
    ackedWhen: 'the answer of a Kafka broker carries no send status',
    tags: 'messages of Kafka have no tags',
    subscriptions: 'messages of Kafka have no tags',
  },
  onPoison: ['swallow', 'throw', 'throw-type-error', 'park'],
  // The name of the trial keeps names unique when trials follow each other on one cluster.
  resourceName(lane, at, trial) {
    const name = `${trial}.${lane}`
    return name.length > longestName ? `${name.slice(0, longestName)}.${at}` : name
  },
  topic(source, topic, cluster) {
    const brokers = brokersOf(cluster)
    const replicationFactor = numberOf(topic['replication.factor'], Math.min(3, brokers))
    if (replicationFactor > brokers && (!isOwn(cluster) || typeof cluster['brokers'] === 'string')) {
      throw source.settingError(
        'topic.replication.factor',
        `topic.replication.factor: ${replicationFactor} replicas need ${replicationFactor} brokers, this cluster has ${brokers}`,
        { hint: `set cluster.brokers to ${replicationFactor} or more` },
      )
    }
    return {
      partitions: numberOf(topic['partitions'], 1),
      replicationFactor,
      leaders: topic['leaders'] === 'spread' ? 'spread' : 'one',
      settings: withoutNull(without(topic, ['partitions', 'replication.factor', 'leaders'])),
    }
  },
  clusterKey: cell => JSON.stringify([cell.cluster, cell.broker, cell.version]),
  planCluster(source, cells) {
    const [first] = cells
    const { cluster, broker, version } = first
    const own = planOwnCluster(source, first)
    const brokers = own === undefined ? brokersOf(cluster) : (own.compose?.brokers.length ?? 0)
    return {
      site: {
        system: 'kafka',
        cluster: {
          brokers,
          controllers: own?.compose?.controllers?.length ?? numberOf(cluster['controllers'], 0),
          version,
          broker,
          ...defaultsOf(cluster),
          ...(own === undefined ? {} : { own }),
        },
      },
      brokers,
      brokerNames: cells.map(() => []),
    }
  },
  warnings: trial => [...quorumWarnings(trial), ...replicaWarnings(trial)],
  refuseTarget(target, { brokers, lanes }) {
    if (target === 'follower' && lanes.every(lane => lane.replicationFactor < 2))
      return 'no lane has a follower, because every topic has one replica'
    if (target === 'coordinator' && !lanes.some(lane => lane.consumes))
      return 'there is no group coordinator, because no lane has a consumer'
    if (target === 'other-than(leader)' && brokers < 2) return 'the only broker is the leader'
    return target === 'minority' && brokers < 3 ? `${brokers} brokers have no minority, 3 or more do` : undefined
  },
  refuseRecovery: recovery =>
    recovery === 'whole' ? undefined : 'Kafka recovers every replica by itself, so only "whole" is supported',
}
