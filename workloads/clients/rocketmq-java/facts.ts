/**
 * Facts about RocketMQ's own Java client of the remoting protocol. Every setting of DefaultMQProducer and
 * DefaultMQPushConsumer is passed on unchanged. Names, types and values are those of their setters: `run-client
 * settings` in the image prints config-names.json, and a test compares the two. The driver is in
 * workloads/clients/java.
 */
import { oneOf, positive, setting } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { settingsFrom } from '../java/definitions.ts'
import { emptyAckedWhen } from '../rocketmq-common/messages.ts'
import names from './config-names.json' with { type: 'json' }

const none: ReadonlySet<string> = new Set()

export const facts: ClientFacts = {
  system: 'rocketmq',
  title: "RocketMQ's own Java client of the remoting protocol (rocketmq-client 5.5.0)",
  runsIn: 'container',
  settings: {
    producer: settingsFrom(names.producer, none, {}),
    consumer: settingsFrom(names.consumer, none, {
      consumeFromWhere:
        'passed on unchanged, string; default CONSUME_FROM_FIRST_OFFSET, as with the other clients of this ' +
        "harness (the library's own default is the last offset)",
      consumeThreadMin:
        'passed on unchanged, int; default: the value of consumeThreadMax where that is set, else 20. The client ' +
        'never uses more threads than this, because its task queue is unbounded',
    }),
  },
  own: new Map([
    setting(
      'send',
      'how a message is sent: `sync` (default), each send on a thread of its own; `async`, answered through a ' +
        'callback; or `oneway`',
      oneOf('sync', 'async', 'oneway'),
    ),
    setting(
      'queue',
      'who chooses the queue. `chosen` (default): the client, again for each request, which is how it retries. ' +
        '`given`: the workload; the client then makes only one attempt of a synchronous send. One-way sends always ' +
        'use `given`',
      oneOf('chosen', 'given'),
    ),
    setting(
      'rebalanceInterval',
      'ms between rebalances when no change is notified, default 20000: the JVM property ' +
        'rocketmq.client.rebalance.waitInterval, for all lanes of a process',
      positive,
    ),
  ]),
  conflict: (role, settings, { sending, handling }) => {
    if (role === 'producer') {
      if (sending && sending.spool !== 'none')
        return 'the client rocketmq-java has no spool: leave workload.spool out or choose another client'
      return sending?.ackedWhen.length === 0 ? emptyAckedWhen : undefined
    }
    if (settings['messageModel'] === 'LITE_SELECTIVE')
      return 'messageModel LITE_SELECTIVE is not supported: use CLUSTERING or BROADCASTING'
    if (settings['clientRebalance'] === false)
      return 'clientRebalance=false is not supported: without offsets (POP) no commit shows the progress'
    if (Number(settings['consumeThreadMin'] ?? 0) > Number(settings['consumeThreadMax'] ?? 20))
      return 'consumeThreadMin must not be above consumeThreadMax (default 20)'
    return handling?.idempotent === true
      ? 'the client rocketmq-java has no idempotent store: leave workload.idempotent out or choose another client'
      : undefined
  },
  answers: {
    acked:
      "The broker answered one of the client's requests with a status of `workload.ackedWhen` (default SEND_OK). " +
      "The offset is the broker's answer. Each request is an attempt of its own: the client's RPCHook sees every " +
      "request with the broker's raw answer, while send() returns only the last one. One-way: send returned; the " +
      'request may leave later, or never.',
    rejected:
      'The broker refused that request before it stored the message (the same table as for rocketmq-remoting); ' +
      'or the client made no request at all (no route, no connection).',
    unknown:
      'Everything else: FLUSH_DISK_TIMEOUT, FLUSH_SLAVE_TIMEOUT and SLAVE_NOT_AVAILABLE; ' +
      'RemotingTimeoutException and RemotingSendRequestException, under the name of the error that the client ' +
      'wraps; NO_ANSWER when an asynchronous send was repeated before its previous request had been answered. An ' +
      'answer that arrives after the client has abandoned its request is not recorded.',
  },
  consuming: [
    'DefaultMQPushConsumer with a concurrent listener. A call has one message unless consumeMessageBatchMaxSize ' +
      'is set; the first message of a call that does not succeed decides the result of the whole call. The ' +
      'listener returns CONSUME_SUCCESS, RECONSUME_LATER (`onPoison: reconsume-later`), null (`return-null`) or ' +
      "throws (`throw`). Partition numbers above the topic's own are the queues of the retry topic. The client " +
      "discovers a new group's retry topic only with its next route update (pollNameServerInterval) and the " +
      'rebalance after it.',
    'Clustering: the client commits with one-way requests every persistConsumerOffsetInterval, first 10 s after ' +
      'its start. Nothing confirms them, so after each such request the driver asks the broker for the committed ' +
      'offset and records the answer.',
    'The broker filters by the subscription of the member that started last (`workload.subscriptions`), and the client ' +
      'filters once more by its own.',
    "Broadcasting: the client keeps its progress in a file of the instance, under the lane's stores, where a " +
      'restarted process finds it again. The content of that file is recorded. Messages that fail are dropped.',
    'Start-up time is not left to chance. When the client has missed its first rebalance, or brokers refuse its ' +
      'pulls (SUBSCRIPTION_NOT_LATEST) because it skipped a heartbeat, the driver triggers both at once instead of ' +
      'after 20 or 30 s.',
    'A stop or SIGTERM shuts the client down, which commits what has been consumed, and gives the worker 2.5 s ' +
      'to empty its queue.',
  ],
}
