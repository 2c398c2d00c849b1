import { expect, test } from 'vitest'
import { sharedLossCauses, sharedSkipCauses } from '../../../model/causes.ts'
import { kafkaAutopsy } from '../autopsy/index.ts'
import { kafkaFixedCauses, kafkaFixes } from './fixes.ts'

test('every cause of Kafka has an entry', () => {
  const known = [sharedLossCauses, sharedSkipCauses, kafkaAutopsy.lossCauses, kafkaAutopsy.skipCauses].flatMap(causes =>
    Object.keys(causes),
  )
  expect(kafkaFixedCauses.toSorted()).toEqual(known.toSorted())
})

test('an unknown cause has no fix', () => {
  expect(kafkaFixes('not-established', {})).toEqual([])
})

test.each([
  ['truncated-after-election', { 'producer.acks': 1 }, [{ 'producer.acks': 'all' }]],
  ['truncated-after-election', { client: 'platformatic' }, [{ 'producer.acks': 'all' }]],
  ['truncated-after-election', { 'producer.acks': '-1' }, [{ 'topic.min.insync.replicas': 2 }]],
  ['truncated-after-election', { 'producer.acks': 'all', 'broker.min.insync.replicas': 2 }, []],
  ['truncated-after-election', { 'producer.acks': 'all', 'topic.replication.factor': 1 }, []],
  [
    'unclean-election',
    { 'broker.unclean.leader.election.enable': 'true' },
    [{ 'topic.unclean.leader.election.enable': false }, { 'topic.min.insync.replicas': 2 }],
  ],
  ['unclean-election', { 'producer.acks': 1 }, [{ 'producer.acks': 'all', 'topic.min.insync.replicas': 2 }]],
  ['unsynced-pages', {}, [{ 'broker.log.flush.interval.messages': 1 }]],
  [
    'unsynced-pages',
    { 'topic.replication.factor': 1, 'topic.flush.messages': 1000 },
    [{ 'topic.replication.factor': 3 }, { 'broker.log.flush.interval.messages': 1, 'topic.flush.messages': 1 }],
  ],
  [
    'disk-wiped',
    { 'cluster.brokers': 1, 'topic.replication.factor': 1, 'producer.acks': 1 },
    [
      { 'cluster.brokers': 3, 'topic.replication.factor': 3 },
      { 'cluster.brokers': 3, 'topic.replication.factor': 3, 'producer.acks': 'all' },
    ],
  ],
  ['disk-wiped', { 'topic.min.insync.replicas': 2 }, []],
  ['never-reached-leader', { 'producer.acks': 0 }, [{ 'producer.acks': 'all' }]],
  ['never-reached-leader', { 'producer.acks': 1 }, []],
  ['committed-before-processing', {}, [{ 'consumer.enable.auto.commit': false }]],
  [
    'committed-before-processing',
    { 'workload.processing': 'worker', 'workload.commit': 'before' },
    [{ 'workload.processing': 'inline' }, { 'consumer.enable.auto.commit': false, 'workload.commit': 'after' }],
  ],
  [
    'committed-past-worker',
    { 'workload.commitPoint': 'highest' },
    [{ 'workload.commitPoint': 'contiguous' }, { 'workload.processing': 'inline' }],
  ],
  ['reset-to-latest', { 'consumer.auto.offset.reset': 'latest' }, [{ 'consumer.auto.offset.reset': 'earliest' }]],
  [
    'reset-to-latest',
    { 'broker.offsets.topic.replication.factor': '1' },
    [{ 'broker.offsets.topic.replication.factor': 3 }],
  ],
  ['reset-to-latest', { 'broker.offsets.topic.replication.factor': '1', 'cluster.brokers': 1 }, []],
  ['expired-unread', { 'topic.retention.ms': 1000 }, [{ 'topic.retention.ms': 604_800_000 }]],
])('%s with %j', (cause, own, fixes) => {
  expect(kafkaFixes(cause, own)).toEqual(fixes)
})
