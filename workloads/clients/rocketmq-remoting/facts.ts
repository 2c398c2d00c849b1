/** Facts about this project's own client of the remoting protocol. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { emptyAckedWhen } from '../rocketmq-common/messages.ts'

export const facts: ClientFacts = {
  system: 'rocketmq',
  title: "rocketmq-remoting, this project's own client (`workloads/rocketmq-remoting`)",
  runsIn: 'node',
  settings: {
    producer: new Map([
      setting('sendMsgTimeout', 'limit of one attempt, ms, default 3000', positive),
      setting(
        'retryTimesWhenSendFailed',
        'further attempts within one send, to a queue of another broker group where one exists; default 0 (Java: 2)',
        wholeNumber,
      ),
      setting(
        'retryTimesWhenSendAsyncFailed',
        'the same for `client.send=async`; default: the value of retryTimesWhenSendFailed (Java: 2)',
        wholeNumber,
      ),
      setting(
        'retryAnotherBrokerWhenNotStoreOK',
        'whether a status other than SEND_OK is retried too, default off',
        flag,
      ),
      setting('pollNameServerInterval', 'age at which a route is looked up again, ms, default 30000', positive),
    ]),
    consumer: new Map([
      setting('messageModel', 'CLUSTERING (default) or BROADCASTING', oneOf('CLUSTERING', 'BROADCASTING')),
      setting(
        'consumeFromWhere',
        'default CONSUME_FROM_FIRST_OFFSET (Java: the last offset)',
        oneOf('CONSUME_FROM_FIRST_OFFSET', 'CONSUME_FROM_LAST_OFFSET'),
      ),
      setting('consumeThreadMax', 'listener calls at the same time, default 20', positive),
      setting('consumeMessageBatchMaxSize', 'messages of one listener call: only 1, the default', oneOf(1)),
      setting('pullBatchSize', 'messages of one pull, default 32', positive),
      setting('pullThresholdForQueue', 'most unfinished messages of a queue, default 1000', positive),
      setting(
        'maxReconsumeTimes',
        "redeliveries before a message goes to the dead-letter topic; default: the group's own setting, 16",
        wholeNumber,
      ),
      setting('persistConsumerOffsetInterval', 'ms between commits, default 5000', positive),
      setting('heartbeatBrokerInterval', 'ms between heartbeats, default 30000', positive),
      setting('pollNameServerInterval', 'age at which a route is looked up again, ms, default 30000', positive),
      setting('pullTimeDelayMillsWhenException', 'ms until a failed pull is repeated, default 3000', positive),
      setting(
        'awaitTerminationMillisWhenShutdown',
        'ms that a shutdown waits for the listener, default 0',
        wholeNumber,
      ),
    ]),
  },
  own: new Map([
    setting(
      'send',
      'how a message is sent: `sync` (default), `async` (answered through a callback) or `oneway` (acked when ' +
        'the bytes have left)',
      oneOf('sync', 'async', 'oneway'),
    ),
    setting('rebalanceInterval', 'ms between rebalances when no change is notified, default 20000', positive),
    setting('brokerSuspendMaxTimeMillis', 'ms that a broker may hold a pull, default 15000', positive),
  ]),
  conflict: (role, settings, { sending }) => {
    const retries = Math.max(
      Number(settings['retryTimesWhenSendFailed'] ?? 0),
      Number(settings['retryTimesWhenSendAsyncFailed'] ?? 0),
    )
    if (role === 'producer' && settings['retryAnotherBrokerWhenNotStoreOK'] === true && retries === 0) {
      return 'retryAnotherBrokerWhenNotStoreOK needs retryTimesWhenSendFailed or retryTimesWhenSendAsyncFailed above 0'
    }
    return role === 'producer' && sending?.ackedWhen.length === 0 ? emptyAckedWhen : undefined
  },
  answers: {
    acked:
      "The broker answered with a status of `workload.ackedWhen` (default SEND_OK). The offset is the broker's " +
      'answer. One-way: the bytes have left.',
    rejected:
      'The broker refused every attempt of the send before it stored the message (the table is in ' +
      '`workloads/rocketmq-remoting/answers.ts`), or no attempt left this process.',
    unknown:
      'Everything else: FLUSH_DISK_TIMEOUT, FLUSH_SLAVE_TIMEOUT and SLAVE_NOT_AVAILABLE, a timeout, a broken ' +
      'connection, any other error.',
  },
  consuming: [
    'A push consumer with a concurrent listener and one message per call. Every persistConsumerOffsetInterval it ' +
      'commits up to the oldest unfinished message. An error, null or RECONSUME_LATER sends the message back: it ' +
      'is redelivered from the retry topic, and goes to the dead-letter topic after maxReconsumeTimes. Partition ' +
      "numbers above the topic's own are the queues of the retry topic.",
    'Every pull carries the subscription of this member (`workload.subscriptions`), so the broker filters by it and not ' +
      'by that of another member.',
    'With BROADCASTING the instance keeps its progress in a file, and messages that fail are dropped.',
  ],
}
