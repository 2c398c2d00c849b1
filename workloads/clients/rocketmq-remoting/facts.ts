/** What the harness knows of our own client of the remoting protocol. */
import { flag, oneOf, positive, setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'

export const facts: ClientFacts = {
  system: 'rocketmq',
  title: 'rocketmq-remoting, our own (`workloads/rocketmq-remoting`)',
  runsIn: 'node',
  settings: {
    producer: new Map([
      setting('sendMsgTimeout', 'limit of one attempt, ms, 3000 by default', positive),
      setting(
        'retryTimesWhenSendFailed',
        'attempts beyond the first within one send, to a queue of another broker group where there is one; 0 by default, where Java has 2',
        wholeNumber,
      ),
      setting(
        'retryTimesWhenSendAsyncFailed',
        'the same for `client.send=async`; what retryTimesWhenSendFailed says by default, where Java has 2',
        wholeNumber,
      ),
      setting(
        'retryAnotherBrokerWhenNotStoreOK',
        'whether such an attempt also follows a status other than SEND_OK, off by default',
        flag,
      ),
      setting('pollNameServerInterval', 'how old a route may grow, ms, 30000 by default', positive),
    ]),
    consumer: new Map([
      setting('messageModel', 'CLUSTERING (default) or BROADCASTING', oneOf('CLUSTERING', 'BROADCASTING')),
      setting(
        'consumeFromWhere',
        'CONSUME_FROM_FIRST_OFFSET by default, where Java begins at the last',
        oneOf('CONSUME_FROM_FIRST_OFFSET', 'CONSUME_FROM_LAST_OFFSET'),
      ),
      setting('consumeThreadMax', 'listener calls at once, 20 by default', positive),
      setting('consumeMessageBatchMaxSize', 'messages of one listener call: 1, which is the default', oneOf(1)),
      setting('pullBatchSize', 'messages of one pull, 32 by default', positive),
      setting('pullThresholdForQueue', 'messages of a queue that are not done with, 1000 by default', positive),
      setting(
        'maxReconsumeTimes',
        "deliveries beyond the first before the dead-letter topic; the group's own 16 by default",
        wholeNumber,
      ),
      setting('persistConsumerOffsetInterval', 'ms between commits, 5000 by default', positive),
      setting('heartbeatBrokerInterval', 'ms between heartbeats, 30000 by default', positive),
      setting('pollNameServerInterval', 'how old a route may grow, ms, 30000 by default', positive),
      setting(
        'pullTimeDelayMillsWhenException',
        'ms until a pull that failed is tried again, 3000 by default',
        positive,
      ),
      setting(
        'awaitTerminationMillisWhenShutdown',
        'ms that a shutdown waits for the listener, 0 by default',
        wholeNumber,
      ),
    ]),
  },
  own: new Map([
    setting(
      'send',
      'how a message is sent: `sync` (default), `async` (the answer comes to a callback) or `oneway` (acknowledged when the bytes have left)',
      oneOf('sync', 'async', 'oneway'),
    ),
    setting('rebalanceInterval', 'ms between rebalances without word of a change; 20000 by default', positive),
    setting('brokerSuspendMaxTimeMillis', 'ms that a broker may hold a pull; 15000 by default', positive),
  ]),
  conflict: (role, settings, { sending }) => {
    const retries = Math.max(
      Number(settings['retryTimesWhenSendFailed'] ?? 0),
      Number(settings['retryTimesWhenSendAsyncFailed'] ?? 0),
    )
    if (role === 'producer' && settings['retryAnotherBrokerWhenNotStoreOK'] === true && retries === 0) {
      return 'retryAnotherBrokerWhenNotStoreOK needs retryTimesWhenSendFailed or retryTimesWhenSendAsyncFailed above 0'
    }
    return role === 'producer' && sending?.ackedWhen.length === 0 ? 'no status would be an acknowledgement' : undefined
  },
  answers: {
    acked:
      'The broker answered with a status of `workload.ackedWhen`, SEND_OK unless it says otherwise; the offset is that of the answer. One-way: the bytes left.',
    rejected:
      'Every attempt of the send was refused before the store (the table is in `workloads/rocketmq-remoting/answers.ts`), or none left this process.',
    unknown:
      'Everything else: FLUSH_DISK_TIMEOUT, FLUSH_SLAVE_TIMEOUT, SLAVE_NOT_AVAILABLE under their names, a timeout, a broken connection, an error from anywhere.',
  },
  consuming: [
    'A push consumer with a concurrent listener: one message a call; success is committed every persistConsumerOffsetInterval, up to the oldest message that is not done with. An error, null or RECONSUME_LATER sends the message back: it comes again from the retry topic, and goes to the dead-letter topic after maxReconsumeTimes. Partitions behind those of the topic are the queues of the retry topic.',
    'BROADCASTING keeps its progress in a file of the instance, and what fails is dropped.',
  ],
}
