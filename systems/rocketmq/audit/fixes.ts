/**
 * The settings of RocketMQ that keep messages, for each cause of loss. Each combination of broker settings runs on broker
 * groups of its own, so a cause has few of them.
 */
import type { Settings } from '../../../model/settings.ts'
import { numberOf } from '../../shared/planning.ts'

interface OwnRocketmq {
  isController: boolean
  isVersion4: boolean
  slaves: number
}

type Fix = (own: Settings, meaning: OwnRocketmq) => Settings[]

/** Single settings first, the most usual one first, then combinations. */
const fixes: Readonly<Record<string, Fix>> = {
  'not-replicated': (_, meaning) => [waitForSlave(meaning)],
  'truncated-after-election': (_, meaning) => [waitForSlave(meaning)],
  'unclean-election': () => [{ 'broker.enableElectUncleanMaster': false }, neverAlone],
  'deposed-master': () => [{ ...neverAlone, 'broker.allAckInSyncStateSet': true }],
  'unsynced-pages': () => [{ 'broker.flushDiskType': 'SYNC_FLUSH' }],
  'disk-wiped': (_, { slaves, isVersion4 }) => (slaves > 0 || isVersion4 ? [] : [electedReplicas]),
  'topic-unknown': () => [{ 'topic.onSlaves': true }],
  'uncommitted-pool': () => [{ 'broker.transientStorePoolEnable': false }],
  'never-reached-leader': own => (own['client.send'] === 'oneway' ? [{ 'client.send': 'sync' }] : []),
  'retry-lost': () => [{ 'broker.flushDiskType': 'SYNC_FLUSH' }, { 'workload.onPoison': 'park' }],
  'failure-swallowed': () => [{ 'workload.onPoison': 'reconsume-later' }],
  'dropped-by-handler': () => [{ 'workload.onPoison': 'reconsume-later' }],
  'committed-before-processing': own =>
    own['workload.processing'] === 'worker' ? [{ 'workload.processing': 'inline' }] : [],
  'reset-to-latest': own =>
    own['consumer.consumeFromWhere'] === 'CONSUME_FROM_LAST_OFFSET'
      ? [{ 'consumer.consumeFromWhere': 'CONSUME_FROM_FIRST_OFFSET' }]
      : [],
}

/** Nothing for a cause that no setting prevents, such as a full disk. */
export function rocketmqFixes(cause: string, own: Settings): Settings[] {
  return fixes[cause]?.(own, meaningOf(own)) ?? []
}

/** Causes for which some configuration has a fix. */
export const rocketmqFixedCauses: readonly string[] = Object.keys(fixes)

function meaningOf(own: Settings): OwnRocketmq {
  return {
    isController: own['cluster.mode'] === 'controller',
    isVersion4: String(own['cluster.version'] ?? '').startsWith('4.'),
    slaves: numberOf(own['cluster.slaves'], 1),
  }
}

/** A master that is by itself refuses messages before it stores them. */
const neverAlone: Settings = { 'broker.inSyncReplicas': 2, 'broker.minInSyncReplicas': 2 }

/** Replicas of which one is elected when the master is lost for good. In classic mode a slave never takes over. */
const electedReplicas: Settings = {
  'cluster.mode': 'controller',
  'cluster.slaves': 2,
  'broker.allAckInSyncStateSet': true,
}

/** No acknowledgement before a slave has the message. In version 5, SYNC_MASTER alone does not wait for one. */
function waitForSlave({ isController, isVersion4, slaves }: OwnRocketmq): Settings {
  if (isController) return { 'broker.allAckInSyncStateSet': true }
  return {
    ...(slaves === 0 ? { 'cluster.slaves': 1 } : {}),
    'broker.brokerRole': 'SYNC_MASTER',
    ...(isVersion4 ? {} : { 'broker.inSyncReplicas': 2 }),
  }
}
