/** What RocketMQ knows about audits of somebody's configuration. */
import type { AuditFacts } from '../../shared/audit.ts'
import { neutralOf } from '../../shared/neutral-settings.ts'
import { brokerHarnessSettings } from '../harness-settings.ts'
import { rocketmqFixes } from './fixes.ts'

const unused = 'no probe uses it, and without it brokers start sooner'
const smallFiles = 'a probe stores a few MB, and small files are created sooner; no file is ever full'

export const rocketmqAudit: AuditFacts = {
  fixes: rocketmqFixes,
  neutral: neutralOf(brokerHarnessSettings('classic', '5'), {
    timerWheelEnable: unused,
    messageIndexEnable: unused,
    mappedFileSizeCommitLog: smallFiles,
    mappedFileSizeConsumeQueue: smallFiles,
    transactionMetricFlushInterval: 'with the default a broker uses a full core during its first 10 s',
  }),
  usualProbe: 'master-lost-behind',
  assumptions: (own, consumes) =>
    consumes && own['consumer.consumeFromWhere'] === undefined
      ? [
          'no file sets consumeFromWhere; the consumers of the test begin with the first message. The default is ' +
            'CONSUME_FROM_LAST_OFFSET: a new group passes over what is already there',
        ]
      : [],
  cannotSee: [
    'Security: access control is off, and nothing is refused for lack of permission.',
    'Your own application: the test sends and handles messages as the settings of your clients say, and assumes the ' +
      'rest, such as what a listener does with an error.',
    'Transactional, ordered, delayed and POP messages, and clients of the gRPC protocol.',
    'Other client libraries and versions than the one that is named above.',
    'DLedger clusters, and brokers whose settings differ within one group.',
    'What shows only after hours or under heavy load: expired files, slow disks, long garbage collections.',
    'Several data centres.',
    'Mistakes of people: a deleted topic or group, two masters with one name, an upgrade that does not wait for slaves.',
    'Disks that report a flush and have not made it.',
  ],
}
