/** What Kafka knows about audits of somebody's configuration. */
import type { AuditFacts } from '../../shared/audit.ts'
import { neutralOf } from '../../shared/neutral-settings.ts'
import { kafkaHarnessSettings } from '../harness-settings.ts'
import { kafkaFixes } from './fixes.ts'

const largestCluster = 9

export const kafkaAudit: AuditFacts = {
  fixes: kafkaFixes,
  neutral: neutralOf(kafkaHarnessSettings(largestCluster), {
    'offsets.topic.num.partitions':
      'the topic of the offsets is created sooner; a group has its offsets in one partition either way',
    'group.initial.rebalance.delay.ms': 'the first members of a group begin at once instead of after 3 s',
    'log.initial.task.delay.ms':
      'brokers that have just started flush and expire logs like brokers that have run for longer than 30 s',
  }),
  usualProbe: 'leader-lost-behind',
  assumptions: (own, consumes) =>
    consumes && own['consumer.auto.offset.reset'] === undefined
      ? [
          'no file sets auto.offset.reset; the consumers of the test begin with the earliest message. The default of ' +
            "Kafka's own client is latest: a group without a committed offset passes over what is already there",
        ]
      : [],
  cannotSee: [
    'Security: all connections of the test are plaintext, and nothing is refused for lack of permission.',
    'Your own application: the test sends and handles messages as the settings of your clients say, and assumes the ' +
      'rest, such as what a handler does with an error.',
    'Transactions, compacted topics, share groups, Kafka Streams and Kafka Connect.',
    'Other client libraries and versions than the one that is named above.',
    'What shows only after hours or under heavy load: retention, full disks, slow brokers, long garbage collections.',
    'Several data centres, racks and tiered storage.',
    'Mistakes of people: a deleted topic, a wrong reassignment, an upgrade that does not wait for replicas.',
    'Disks that report a flush and have not made it.',
  ],
}
