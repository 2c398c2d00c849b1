/** What both systems are asked, each in its own words: the same subject in claims of the one and of the other. */
export interface Subject {
  subject: string
  /** Claim ids. */
  kafka: string
  rocketmq: string
}

export const subjects: readonly Subject[] = [
  { subject: 'Acknowledged before a follower or slave has it', kafka: 'kafka/acks', rocketmq: 'rocketmq/sync-master' },
  { subject: 'A failover to who was just cut off', kafka: 'kafka/replica-lag', rocketmq: 'rocketmq/failover' },
  { subject: 'An unclean election', kafka: 'kafka/unclean-election', rocketmq: 'rocketmq/unclean-election' },
  { subject: 'Loss of power', kafka: 'kafka/flush-messages', rocketmq: 'rocketmq/flush-timeout' },
  { subject: 'Loss of a disk', kafka: 'kafka/last-replica-standing', rocketmq: 'rocketmq/send-ok' },
  {
    subject: 'A crash is not a loss of power, unless the broker keeps messages to itself',
    kafka: 'kafka/crash-is-not-power-loss',
    rocketmq: 'rocketmq/transient-store-pool',
  },
  { subject: 'Retries of the producer', kafka: 'kafka/retries', rocketmq: 'rocketmq/retry-async' },
  { subject: 'What retries store twice', kafka: 'kafka/idempotence', rocketmq: 'rocketmq/retry-by-status' },
  {
    subject: 'A commit that comes before the work',
    kafka: 'kafka/manual-commit',
    rocketmq: 'rocketmq/consume-success',
  },
  { subject: 'Messages that cannot be processed', kafka: 'kafka/poison', rocketmq: 'rocketmq/retries' },
  { subject: 'Whoever keeps the books is gone', kafka: 'kafka/controller-crash', rocketmq: 'rocketmq/name-server' },
]
