/**
 * How scenarios describe RocketMQ: broker groups of a master and its slaves, name servers, topics with queues. Cells with
 * different broker settings can share a cluster: each combination of settings gets broker groups of its own, with their
 * own brokers and disks, and one fault hits all of them.
 */
import { oneOf, wholeNumber } from '../../model/setting-rule.ts'
import { without, withoutNull } from '../../model/settings.ts'
import type { Settings } from '../../model/settings.ts'
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import { numberOf } from '../shared/planning.ts'
import type { ClusterSettings, PlanningFacts } from '../shared/planning.ts'
import { controllerSettings } from './properties.ts'

const mostBrokers = 9
/** RocketMQ accepts names of 127 characters; the names of retry topics add a prefix. */
const longestName = 100

const topicSettings = ['queues', 'perm', 'onSlaves']

const mastersOf = (cluster: Settings) => numberOf(cluster['masters'], 1)
const replicasOf = (cluster: Settings) => 1 + numberOf(cluster['slaves'], 1)
const modeOf = (cluster: Settings) => (cluster['mode'] === 'controller' ? 'controller' : 'classic')
/** broker-a, broker-b… */
const groupName = (at: number) => `broker-${String.fromCodePoint(97 + at)}`

const clientCommits = 'a RocketMQ client commits by itself what its handler has processed'

export const rocketmqPlanning: PlanningFacts = {
  defaultClient: 'rocketmq-remoting',
  clusterSettings: {
    mode: {
      doc: 'masters fixed by configuration (`classic`), or elected by controllers (`controller`) (`classic`)',
      ...oneOf('classic', 'controller'),
    },
    nameServers: { doc: 'name servers; in controller mode each holds a controller (1)', ...wholeNumber(1, 3) },
    masters: { doc: 'broker groups that hold the topic of a lane (1)', ...wholeNumber(1, 4) },
    slaves: { doc: 'slaves of each broker group (1)', ...wholeNumber(0, 3) },
    proxies: {
      doc: 'proxies for clients of the gRPC protocol; version 5 in classic mode only (0)',
      ...wholeNumber(0, 3),
    },
  },
  ignoredWorkload: {
    spread: 'no RocketMQ client sends to several queues in one call',
    commit: clientCommits,
    commitCall: clientCommits,
    unit: clientCommits,
  },
  onPoison: ['swallow', 'throw', 'reconsume-later', 'return-null', 'park'],
  // Dots are not allowed. The name of the trial keeps names unique when trials follow each other on one cluster.
  resourceName(lane, at, trial) {
    const name = `${trial}_${lane}`.replaceAll('.', '_')
    return name.length > longestName ? `${name.slice(0, longestName)}_${at}` : name
  },
  topic(source, topic, cluster) {
    const unknown = Object.keys(topic).find(name => !topicSettings.includes(name))
    if (unknown !== undefined)
      throw source.settingError(`topic.${unknown}`, `topic.${unknown}: unknown topic setting for RocketMQ`, {
        hint: `one of ${topicSettings.map(name => `topic.${name}`).join(', ')}`,
      })
    const queues = topic['queues'] ?? 1
    const rule = { doc: '', ...wholeNumber(1, 1000) }
    if (rule.parse(queues) === undefined)
      throw source.settingError('topic.queues', `topic.queues: expected ${rule.form}, got ${JSON.stringify(queues)}`)
    return {
      partitions: Number(queues) * mastersOf(cluster),
      replicationFactor: replicasOf(cluster),
      leaders: 'one',
      settings: withoutNull(without(topic, ['queues'])),
    }
  },
  clusterKey: ({ cluster, broker, version }) =>
    JSON.stringify([cluster, controllerSettings.map(name => broker[name] ?? null), version]),
  planCluster(source, cells) {
    const [{ cluster, version }] = cells
    const mode = modeOf(cluster)
    const nameServers = numberOf(cluster['nameServers'], 1)
    const proxies = numberOf(cluster['proxies'], 0)
    refuseCombination(source, { mode, nameServers, proxies, version })
    const replicas = replicasOf(cluster)
    const kinds = [...Map.groupBy(cells, brokerKey).values()].map(([cell]) => cell).filter(cell => cell !== undefined)
    const groups = kinds.flatMap((kind, at) =>
      Array.from({ length: mastersOf(cluster) }, (_, master) => ({
        brokerName: groupName(at * mastersOf(cluster) + master),
        replicas,
        settings: withoutNull(kind.broker),
      })),
    )
    const brokers = groups.length * replicas
    if (brokers > mostBrokers)
      throw source.error(
        ['lanes'],
        `one cluster would need ${brokers} brokers, because each combination of broker settings has brokers of its own; ` +
          `at most ${mostBrokers} are supported`,
        { hint: 'lanes.isolate: true gives each cell a cluster of its own' },
      )
    return {
      site: {
        system: 'rocketmq',
        cluster: { mode, nameServers, groups, ...(proxies > 0 ? { proxies } : {}), version },
      },
      brokers,
      brokerNames: cells.map(cell =>
        groups
          .filter((_, at) => brokerKey(kinds[Math.floor(at / mastersOf(cluster))] ?? cell) === brokerKey(cell))
          .map(group => group.brokerName),
      ),
    }
  },
  refuseTarget(target, { cluster, lanes }) {
    if (target.endsWith('slave') && lanes.every(lane => lane.replicationFactor < 2))
      return 'no broker group has a slave, because cluster.slaves is 0'
    if (target === 'controller' && modeOf(cluster) === 'classic')
      return 'a classic cluster has no controller; set cluster.mode to controller'
    return undefined
  },
  refuseRecovery(recovery, cluster) {
    if (recovery === 'whole') return undefined
    if (modeOf(cluster) === 'controller') return 'in controller mode only "whole" is supported'
    return replicasOf(cluster) < 2 ? 'the broker groups have no slave, because cluster.slaves is 0' : undefined
  },
}

const brokerKey = ({ broker }: ClusterSettings) => JSON.stringify(withoutNull(broker))

function refuseCombination(
  source: ScenarioErrors,
  { mode, nameServers, proxies, version }: { mode: string; nameServers: number; proxies: number; version: string },
): void {
  const isVersion4 = version.startsWith('4.')
  if (mode === 'controller' && nameServers === 2)
    throw source.settingError(
      'cluster.nameServers',
      'cluster.nameServers: two controllers have no majority once one of them is lost; use one or three',
    )
  if (mode === 'controller' && isVersion4)
    throw source.settingError('cluster.mode', `cluster.mode: RocketMQ ${version} has no controller mode, version 5 has`)
  if (proxies > 0 && isVersion4)
    throw source.settingError('cluster.proxies', `cluster.proxies: RocketMQ ${version} has no proxy, version 5 has`)
  if (proxies > 0 && mode === 'controller')
    throw source.settingError(
      'cluster.proxies',
      'cluster.proxies: a proxy needs a master when it starts; in controller mode no master is elected by then',
    )
}
