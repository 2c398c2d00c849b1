/**
 * RocketMQ's words: broker groups of a master and its slaves, name servers, queues. Cells that differ in broker settings
 * share a cluster all the same: each gets broker groups of its own, with brokers and disks of their own, and all of them
 * meet one fault.
 */
import type { ScenarioErrors } from '../../model/scenario-errors.ts'
import { whole, without, withoutNull } from '../shared/planning.ts'
import type { ClusterSettings, SystemPlan } from '../shared/planning.ts'
import type { Settings } from '../../model/plan.ts'

const mostBrokers = 9
const mostProxies = 3
const longestName = 100
/** What a controller is told counts for every broker group of its cluster. */
const ofController = ['enableElectUncleanMaster', 'scanNotActiveBrokerInterval', 'scanInactiveMasterInterval']
const modes = ['classic', 'controller'] as const

const mastersOf = (cluster: Settings) => whole(cluster['masters'] ?? 1)
const replicasOf = (cluster: Settings) => 1 + whole(cluster['slaves'] ?? 1)
/** broker-a, broker-b… */
const groupName = (at: number) => `broker-${String.fromCodePoint(97 + at)}`

export const rocketmqPlan: SystemPlan = {
  defaultClient: 'rocketmq-remoting',
  clusterKeys: ['mode', 'nameServers', 'masters', 'slaves', 'proxies', 'version'],
  // A client of RocketMQ commits by itself, what its handler has succeeded with.
  foreignWorkload: ['spread', 'commit', 'commitCall', 'unit'],
  onPoison: ['swallow', 'throw', 'reconsume-later', 'return-null', 'park'],
  // Without dots, and of at most 127 characters, of which the names of retry topics take some. Trials may follow each other on one cluster.
  nameFor(lane, at, trial) {
    const name = `${trial}_${lane}`.replaceAll('.', '_')
    return name.length > longestName ? `${name.slice(0, longestName)}_${at}` : name
  },
  topic(source, topic, cluster) {
    const unknown = Object.keys(topic).find(name => !['queues', 'perm', 'onSlaves'].includes(name))
    if (unknown !== undefined)
      throw source.error(['lanes'], `topic.${unknown}: a topic of RocketMQ has no such setting`, {
        hint: 'one of topic.queues, topic.perm, topic.onSlaves',
      })
    const queues = whole(topic['queues'] ?? 1)
    if (!(queues >= 1))
      throw source.error(['lanes'], `topic.queues: expected a whole number from 1, got ${String(topic['queues'])}`)
    return {
      partitions: queues * mastersOf(cluster),
      replicationFactor: replicasOf(cluster),
      leaders: 'one',
      settings: withoutNull(without(topic, ['queues'])),
    }
  },
  sharing: ({ cluster, broker, version }) =>
    JSON.stringify([cluster, ofController.map(name => broker[name] ?? null), version]),
  site(source, cells) {
    const [{ cluster, version }] = cells
    const mode = modes.find(word => word === (cluster['mode'] ?? 'classic'))
    if (mode === undefined)
      throw source.error(['cluster'], `cluster.mode: expected classic or controller, got ${String(cluster['mode'])}`)
    const nameServers = whole(cluster['nameServers'] ?? 1)
    if (mode === 'controller' && nameServers === 2)
      throw source.error(['cluster'], 'two controllers have no majority without both: one or three name servers')
    if (mode === 'controller' && version.startsWith('4.'))
      throw source.error(['cluster'], `RocketMQ ${version} has no controller mode`)
    const proxies = whole(cluster['proxies'] ?? 0)
    if (!(proxies >= 0 && proxies <= mostProxies))
      throw source.error(
        ['cluster'],
        `cluster.proxies: expected a whole number from 0 to ${mostProxies}, got ${String(cluster['proxies'])}`,
      )
    if (proxies > 0 && version.startsWith('4.')) throw source.error(['cluster'], `RocketMQ ${version} has no proxy`)
    if (proxies > 0 && mode === 'controller')
      throw source.error(
        ['cluster'],
        'cluster.proxies: a proxy needs a master when it starts; in controller mode none is elected yet',
      )
    const replicas = replicasOf(cluster)
    const kinds = [...Map.groupBy(cells, kindOf).values()].map(([cell]) => cell).filter(cell => cell !== undefined)
    const groups = kinds.flatMap((kind, at) =>
      Array.from({ length: mastersOf(cluster) }, (_, master) => ({
        brokerName: groupName(at * mastersOf(cluster) + master),
        replicas,
        settings: withoutNull(kind.broker),
      })),
    )
    const brokers = groups.length * replicas
    if (brokers > mostBrokers) throw tooMany(source, brokers)
    return {
      site: {
        system: 'rocketmq',
        cluster: { mode, nameServers, groups, ...(proxies > 0 ? { proxies } : {}), version },
      },
      brokers,
      brokerNames: cells.map(cell =>
        groups
          .filter((_, at) => kindOf(kinds[Math.floor(at / mastersOf(cluster))] ?? cell) === kindOf(cell))
          .map(group => group.brokerName),
      ),
    }
  },
}

const kindOf = ({ broker }: ClusterSettings) => JSON.stringify(withoutNull(broker))

function tooMany(source: ScenarioErrors, brokers: number) {
  return source.error(
    ['lanes'],
    `${brokers} brokers in one cluster: every combination of broker settings has its own; at most ${mostBrokers}`,
    {
      hint: 'lanes.isolate: true gives each cell a cluster of its own',
    },
  )
}
