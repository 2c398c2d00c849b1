/** Settings of Kafka that are dangerous by themselves, each with the documentation that says so. */
import type { Danger } from '../../shared/config-files/types.ts'

const docs = 'https://kafka.apache.org/documentation/'
const is =
  (...values: (string | number | boolean)[]) =>
  (value: unknown) =>
    values.some(known => String(known) === String(value).toLowerCase())

export const kafkaDangers: readonly Danger[] = [
  {
    place: 'producer',
    name: 'acks',
    when: is(0),
    why: 'the producer counts a message as sent before any broker has it',
    source: `${docs}#producerconfigs_acks`,
  },
  {
    place: 'producer',
    name: 'acks',
    when: is(1),
    why: 'the leader alone acknowledges; what no follower has copied is lost with the leader',
    source: `${docs}#producerconfigs_acks`,
  },
  {
    place: 'producer',
    name: 'retries',
    when: is(0),
    why: 'a send fails at the first error, such as a change of the leader',
    source: `${docs}#producerconfigs_retries`,
  },
  {
    place: 'producer',
    name: 'enable.idempotence',
    when: is(false),
    why: 'a retry can store a message twice',
    source: `${docs}#producerconfigs_enable.idempotence`,
  },
  {
    place: 'consumer',
    name: 'auto.offset.reset',
    when: is('latest'),
    why: 'a group without committed offsets skips everything that was sent before it started',
    source: `${docs}#consumerconfigs_auto.offset.reset`,
  },
  ...(['broker', 'topic'] as const).flatMap((place): Danger[] => [
    {
      place,
      name: 'unclean.leader.election.enable',
      when: is(true),
      why: 'a replica that is behind can become leader, and what it lacks is deleted',
      source: `${docs}#${place}configs_unclean.leader.election.enable`,
    },
    {
      place,
      name: 'min.insync.replicas',
      when: is(1),
      why: 'acks=all is satisfied by the leader alone when the followers have fallen behind',
      source: `${docs}#${place}configs_min.insync.replicas`,
    },
  ]),
  {
    place: 'topic',
    name: 'replication.factor',
    when: is(1),
    why: 'the only copy of a message is on one disk',
    source: `${docs}#basic_ops_add_topic`,
  },
  ...['default.replication.factor', 'offsets.topic.replication.factor', 'transaction.state.log.replication.factor'].map(
    (name): Danger => ({
      place: 'broker',
      name,
      when: is(1),
      why: 'the only copy is on one disk',
      source: `${docs}#brokerconfigs_${name}`,
    }),
  ),
]
