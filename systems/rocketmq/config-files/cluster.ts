/** The cluster that RocketMQ's configuration files describe. */
import type { Settings } from '../../../model/plan.ts'
import type { ClusterFacts, NodeFact } from '../../shared/config-files/types.ts'

const mostMasters = 4
const mostSlaves = 3

/**
 * Roles: `master`, `sync-master` (a master that waits for a slave), `slave`, `elected` (by a controller), `name-server`,
 * `controller`, and `controller-peers` for the number of controllers that a file names.
 */
export function rocketmqCluster(nodes: readonly NodeFact[]): ClusterFacts {
  const assumptions: string[] = []
  const having = (...roles: string[]) => nodes.filter(({ role }) => roles.includes(role))
  const isController = having('elected', 'controller').length > 0
  const brokers = having('master', 'sync-master', 'slave', 'elected')
  const groups = new Set(brokers.map(({ group = '' }) => group))
  const inGroup = (group: string, ...roles: string[]) =>
    having(...roles)
      .filter(node => (node.group ?? '') === group)
      .reduce((sum, { count }) => sum + count, 0)
  const slavesOf = (group: string) => (isController ? inGroup(group, 'elected') - 1 : inGroup(group, 'slave'))
  let slaves = Math.max(0, ...[...groups].map(slavesOf))
  if (brokers.length === 0) {
    slaves = isController ? 2 : 1
    assumptions.push(
      `no file describes brokers; a master and ${slaves === 1 ? 'a slave' : '2 slaves'} with default settings are assumed`,
    )
  } else if (slaves === 0 && isController) {
    assumptions.push('the files describe one broker of each group; two more replicas of each are assumed')
    slaves = 2
  } else if (slaves === 0 && having('sync-master').length > 0) {
    assumptions.push('no file describes a slave, but the master is a SYNC_MASTER; one slave of each master is assumed')
    slaves = 1
  }
  if (groups.size > mostMasters)
    assumptions.push(`the files describe ${groups.size} masters; a test cluster has at most ${mostMasters}`)
  const peers = Math.max(0, ...having('controller-peers').map(({ count }) => count))
  const described = having('name-server', 'controller').reduce((sum, { count }) => sum + count, 0)
  const nameServers = Math.max(peers, described)
  return {
    cluster: {
      masters: Math.max(1, Math.min(groups.size, mostMasters)),
      slaves: Math.min(slaves, mostSlaves),
      ...(isController ? { mode: 'controller', nameServers: nameServers >= 3 ? 3 : 1 } : {}),
      ...(!isController && nameServers > 1 ? { nameServers: Math.min(nameServers, 3) } : {}),
    },
    assumptions,
  }
}

export function rocketmqTopic(
  _cluster: Settings,
  _broker: Settings,
  _topic: Settings,
): { topic: Settings; assumptions: string[] } {
  return { topic: {}, assumptions: [] }
}
