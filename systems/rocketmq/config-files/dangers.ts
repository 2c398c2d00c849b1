/** Settings of RocketMQ that are dangerous by themselves, each with the documentation that says so. */
import type { Danger } from '../../shared/config-files/types.ts'

const docs = 'https://github.com/apache/rocketmq/blob/develop/docs/en'
const is =
  (...values: (string | number | boolean)[]) =>
  (value: unknown) =>
    values.some(known => String(known) === String(value))

export const rocketmqDangers: readonly Danger[] = [
  {
    place: 'broker',
    name: 'flushDiskType',
    when: is('ASYNC_FLUSH'),
    why: 'the broker acknowledges before the message is on disk; a power loss takes what was not flushed',
    source: `${docs}/Operations_Broker.md`,
  },
  {
    place: 'broker',
    name: 'brokerRole',
    when: is('ASYNC_MASTER'),
    why: 'the master acknowledges before a slave has the message; what no slave has copied is lost with the master',
    source: `${docs}/Operations_Broker.md`,
  },
  {
    place: 'broker',
    name: 'transientStorePoolEnable',
    when: is(true),
    why: 'messages wait in the memory of the broker process before they reach the page cache, and die with the process',
    source: 'https://github.com/apache/rocketmq/blob/develop/docs/cn/best_practice.md',
  },
  {
    place: 'broker',
    name: 'enableElectUncleanMaster',
    when: is(true),
    why: 'a slave that is behind can become master, and what it lacks is deleted',
    source: 'https://github.com/apache/rocketmq/blob/develop/docs/cn/controller/deploy.md',
  },
  {
    place: 'producer',
    name: 'retryTimesWhenSendFailed',
    when: is(0),
    why: 'a send fails at the first error, such as a lost master',
    source: `${docs}/Configuration_Client.md`,
  },
  {
    place: 'consumer',
    name: 'consumeFromWhere',
    when: is('CONSUME_FROM_LAST_OFFSET'),
    why: 'a group without committed offsets skips everything that was sent before it started',
    source: `${docs}/Configuration_Client.md`,
  },
]
