/**
 * How scenarios describe RocketMQ: broker groups of a master and its slaves, name servers, topics with queues. Cells with
 * different broker settings can share a cluster: each combination of settings gets broker groups of its own, with their
 * own brokers and disks, and one fault hits all of them.
 */
import { rolesOf } from '../../faults/fault.ts'
import { oneOf, wholeNumber } from '../../model/setting-rule.ts'
import { without, withoutNull } from '../../model/settings.ts'
import type { Step } from '../../model/schedule.ts'
import type { Settings } from '../../model/settings.ts'
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import { brokerHarnessSettings, controllerHarnessSettings } from './harness-settings.ts'
import { isControllerSetting, plainRocketmqName, reservedBrokerSettings, rocketmqSettings } from './settings/index.ts'
import { rocketmqShape } from './shape.ts'
import { isOwn, ownClusterRules, planOwnCluster } from '../shared/own-cluster/settings.ts'
import { defaultsOf, defaultsRule, keptSettings, numberOf } from '../shared/planning.ts'
import type { ClusterSettings, PlannedCluster, PlanningFacts } from '../shared/planning.ts'
import { refuseUnpublished } from '../shared/versions.ts'
import type { HarnessSetting } from '../shared/settings/known.ts'

const mostBrokers = 9
/**
 * RocketMQ accepts names of 127 characters. The names of retry topics add a prefix, and so do those on a cluster of the user's
 * own.
 */
const longestName = 90

const mastersOf = (cluster: Settings) => numberOf(cluster['masters'], 1)
const replicasOf = (cluster: Settings) => 1 + numberOf(cluster['slaves'], 1)
const modeOf = (cluster: Settings) => (cluster['mode'] === 'controller' ? 'controller' : 'classic')
/** broker-a, broker-b… */
const groupName = (at: number) => `broker-${String.fromCodePoint(97 + at)}`

/** On Maven Central. */
const published = [
  '4.2.0',
  '4.3.0',
  '4.3.1',
  '4.3.2',
  '4.4.0',
  '4.5.0',
  '4.5.1',
  '4.5.2',
  '4.6.0',
  '4.6.1',
  '4.7.0',
  '4.7.1',
  '4.8.0',
  '4.9.0',
  '4.9.1',
  '4.9.2',
  '4.9.3',
  '4.9.4',
  '4.9.5',
  '4.9.7',
  '5.0.0',
  '5.1.0',
  '5.1.1',
  '5.1.4',
  '5.2.0',
  '5.3.3',
  '5.3.4',
  '5.4.0',
  '5.5.0',
]

const nameServersDoc = 'name servers of a cluster of your own, see [own-cluster.md](own-cluster.md)'
const nameServersForm = 'addresses such as namesrv.test:9876, as a list or separated by commas'
const noCompose = {
  reason: 'RocketMQ clusters of your own are tested by their name servers, and not as compose projects',
  hint: 'cluster.bootstrap names the name servers; faults then hit the clients only',
}
/** What the settings of a cluster of the user's own can say beside its addresses. */
const besideOwn = ['masters']

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
    defaults: defaultsRule,
    bootstrap: { ...ownClusterRules.bootstrap, doc: nameServersDoc, form: nameServersForm },
    proxies: {
      doc: 'proxies for clients of the gRPC protocol; version 5 in classic mode only (0)',
      ...wholeNumber(0, 3),
    },
  },
  refusedClusterSettings: Object.fromEntries(
    ['compose', 'project', 'attach', 'volumes'].map(name => [name, noCompose]),
  ),
  versions: published,
  refuseVersion: version => refuseUnpublished(version, published, 'older versions were published as incubating'),
  knownSettings(place, version) {
    const { broker, controller, topic } = rocketmqSettings(version)
    return place === 'topic' ? topic : { ...controller, ...broker }
  },
  reservedBrokerSettings,
  refuseBrokerSetting(name, value, cluster, version) {
    if (name === 'brokerRole' && value === 'SLAVE')
      return 'it describes the master of each broker group, and cluster.slaves adds slaves; expected ASYNC_MASTER or SYNC_MASTER'
    return modeOf(cluster) === 'classic' && isControllerSetting(name, version)
      ? 'only controllers read it; cluster.mode: controller starts some'
      : undefined
  },
  plainName: plainRocketmqName,
  harnessSettings(site) {
    const { mode, groups, version, defaults, own } = rocketmqShape(site)
    if (own !== undefined) return {}
    const kept = (settings: HarnessSetting[]) =>
      keptSettings(settings, defaults).filter(({ name }) => !groups.every(group => name in group.settings))
    return {
      broker: kept(brokerHarnessSettings(mode, version)),
      ...(mode === 'controller' ? { controller: kept(controllerHarnessSettings()) } : {}),
    }
  },
  documentedClusters: [{}, { mode: 'controller' }],
  ignoredWorkload: {
    keys: 'its clients here send messages without keys',
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
    if (isOwn(cluster) && topic['onSlaves'] !== undefined && topic['onSlaves'] !== null)
      throw source.settingError(
        'topic.onSlaves',
        'topic.onSlaves has no effect: on a cluster of your own topics are created on masters, and slaves copy them',
        { hint: 'remove it' },
      )
    return {
      partitions: numberOf(topic['queues'], 1) * mastersOf(cluster),
      // How many slaves the user's own cluster has is not known before it answers.
      replicationFactor: isOwn(cluster) ? 1 : replicasOf(cluster),
      leaders: 'one',
      settings: withoutNull(without(topic, ['queues'])),
    }
  },
  clusterKey: ({ cluster, broker, version }) =>
    JSON.stringify([cluster, Object.entries(broker).filter(([name]) => isControllerSetting(name, version)), version]),
  planCluster(source, cells) {
    const [{ cluster, version }] = cells
    if (isOwn(cluster)) return planOwn(source, cells)
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
        settings: kind.broker,
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
        cluster: { mode, nameServers, groups, ...(proxies > 0 ? { proxies } : {}), ...defaultsOf(cluster), version },
      },
      brokers,
      brokerNames: cells.map(cell =>
        groups
          .filter((_, at) => brokerKey(kinds[Math.floor(at / mastersOf(cluster))] ?? cell) === brokerKey(cell))
          .map(group => group.brokerName),
      ),
    }
  },
  warnings(trial) {
    const { groups } = rocketmqShape(trial)
    const short = groups.find(({ replicas, settings }) => Number(settings['minInSyncReplicas'] ?? 1) > replicas)
    return short === undefined
      ? []
      : [
          `broker.minInSyncReplicas is ${String(short.settings['minInSyncReplicas'])}, and ${short.brokerName} has ` +
            `${short.replicas} brokers: a master that waits for slaves acknowledges nothing`,
        ]
  },
  refuseTarget(target, { cluster, lanes }) {
    if (target.endsWith('slave') && lanes.every(lane => lane.replicationFactor < 2))
      return 'no broker group has a slave, because cluster.slaves is 0'
    if (target.startsWith('controller') && modeOf(cluster) === 'classic')
      return 'a classic cluster has no controller; set cluster.mode to controller'
    if (target === 'proxy' && numberOf(cluster['proxies'], 0) === 0)
      return 'the cluster has no proxy; set cluster.proxies'
    return undefined
  },
  refuseRecovery(recovery, cluster, schedule) {
    if (recovery === 'whole') return undefined
    if (isOwn(cluster))
      return recovery === 'masters' ? undefined : 'on a cluster of your own only "whole" and "masters" are supported'
    if (modeOf(cluster) === 'controller')
      return recovery === 'masters' ? undefined : 'in controller mode only "whole" and "masters" are supported'
    if (recovery === 'masters') return undefined
    return replicasOf(cluster) < 2
      ? 'the broker groups have no slave, because cluster.slaves is 0'
      : refuseSlaves(schedule)
  },
}

/** Which broker groups there are is known when the cluster answers: a lane gets the first ones by name. */
function planOwn(source: ScenarioErrors, cells: readonly [ClusterSettings, ...ClusterSettings[]]): PlannedCluster {
  const [{ cluster, version }] = cells
  const [own] = cells.map(cell => planOwnCluster(source, { ...cell, cluster: without(cell.cluster, besideOwn) }))
  return {
    site: {
      system: 'rocketmq',
      cluster: { mode: 'classic', nameServers: 0, groups: [], version, masters: mastersOf(cluster), own },
    },
    brokers: 0,
    brokerNames: cells.map(() => []),
  }
}

/** What slaves serve can only be read while no master serves. */
function refuseSlaves(schedule: readonly Step[]): string | undefined {
  const lost = new Set<string>()
  for (const { inject, heal } of schedule) {
    for (const id of heal === 'all' ? [...lost] : (heal ?? [])) lost.delete(id)
    for (const { id, fault, target } of inject)
      if (endsMaster.has(fault) && rolesOf(target).some(role => masterTargets.has(role))) lost.add(id)
  }
  return lost.size > 0
    ? undefined
    : 'slaves serve the log only while their masters are down, and no fault of the schedule leaves them down at the end; ' +
        'crash or stop the target master, and do not heal it'
}

const endsMaster: ReadonlySet<string> = new Set(['crash', 'stop', 'power-loss', 'wipe-disk'])
const masterTargets: ReadonlySet<string> = new Set(['master', 'first-master', 'all'])

const brokerKey = ({ broker }: ClusterSettings) => JSON.stringify(broker)

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
