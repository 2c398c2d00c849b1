import { expect, test } from 'vitest'
import { rocketmqFixes } from './fixes.ts'

test.each([
  ['not-replicated', {}, [{ 'broker.brokerRole': 'SYNC_MASTER', 'broker.inSyncReplicas': 2 }]],
  ['not-replicated', { 'cluster.version': '4.9.7' }, [{ 'broker.brokerRole': 'SYNC_MASTER' }]],
  [
    'not-replicated',
    { 'cluster.slaves': 0 },
    [{ 'cluster.slaves': 1, 'broker.brokerRole': 'SYNC_MASTER', 'broker.inSyncReplicas': 2 }],
  ],
  ['not-replicated', { 'cluster.mode': 'controller' }, [{ 'broker.allAckInSyncStateSet': true }]],
  [
    'unclean-election',
    { 'cluster.mode': 'controller' },
    [{ 'broker.enableElectUncleanMaster': false }, { 'broker.inSyncReplicas': 2, 'broker.minInSyncReplicas': 2 }],
  ],
  ['disk-wiped', { 'cluster.slaves': 1 }, []],
  ['disk-full', {}, []],
  ['never-reached-leader', { 'client.send': 'oneway' }, [{ 'client.send': 'sync' }]],
  ['never-reached-leader', {}, []],
  ['committed-before-processing', { 'workload.processing': 'worker' }, [{ 'workload.processing': 'inline' }]],
])('%s with %j', (cause, own, fixes) => {
  expect(rocketmqFixes(cause, own)).toEqual(fixes)
})

test('without slaves, replicas that a controller elects keep messages from the loss of a disk', () => {
  expect(rocketmqFixes('disk-wiped', { 'cluster.slaves': 0 })).toEqual([
    { 'cluster.mode': 'controller', 'cluster.slaves': 2, 'broker.allAckInSyncStateSet': true },
  ])
})
