/**
 * What the harness knows of RocketMQ's own Java client of the remoting protocol. Every setting of DefaultMQProducer and
 * DefaultMQPushConsumer passes through raw; names, types and values are those of their setters (`run-client settings` in
 * the image prints config-names.json; a test holds the two together). Its driver lies in workloads/clients/java.
 */
import { oneOf, positive, setting } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { settingsFrom } from '../java/definitions.ts'
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
        'raw, string; CONSUME_FROM_FIRST_OFFSET by default, as with the other clients, where Java begins at the last',
      consumeThreadMin:
        'raw, int; what consumeThreadMax says where that alone is set, else 20. The client never has more threads than this: its queue is not bounded',
    }),
  },
  own: new Map([
    setting(
      'send',
      'how a message is sent: `sync` (default), from a thread of its own as long as it takes; `async`, answered by a callback; or `oneway`',
      oneOf('sync', 'async', 'oneway'),
    ),
    setting(
      'queue',
      'who chooses the queue: `chosen` (default): the client, anew for each request, which is how it retries; `given`: the workload, and then the client makes one attempt of a synchronous send. One-way sends are always given',
      oneOf('chosen', 'given'),
    ),
    setting(
      'rebalanceInterval',
      'ms between rebalances without word of a change, 20000 by default: the JVM property rocketmq.client.rebalance.waitInterval, for all lanes of a process',
      positive,
    ),
  ]),
  conflict: (role, settings, { sending, handling }) => {
    if (role === 'producer') {
      if (sending && sending.spool !== 'none') return 'rocketmq-java has no spool: workload.spool is not to be had'
      return sending?.ackedWhen.length === 0 ? 'no status would be an acknowledgement' : undefined
    }
    if (settings['messageModel'] === 'LITE_SELECTIVE') return 'messageModel: CLUSTERING or BROADCASTING'
    if (settings['clientRebalance'] === false)
      return 'clientRebalance: false lets the broker choose to deliver without offsets (POP), which no commit tells of'
    if (Number(settings['consumeThreadMin'] ?? 0) > Number(settings['consumeThreadMax'] ?? 20))
      return 'consumeThreadMin is above consumeThreadMax, 20 by default'
    return handling?.idempotent === true
      ? 'rocketmq-java has no idempotent store: workload.idempotent is not to be had'
      : undefined
  },
  answers: {
    acked:
      "The broker's answer to one of the client's requests has a status of `workload.ackedWhen`, SEND_OK unless it says otherwise; the offset is that of the answer. Every request is an attempt of its own, seen by the client's RPCHook, with the broker's raw answer: what send() tells is the last of them. One-way: send returned; the request may leave after that, or never.",
    rejected:
      'The broker answered that request with a refusal from before the store (the same table as for rocketmq-remoting); or the client made no request at all (no route, no connection).',
    unknown:
      'Everything else: FLUSH_DISK_TIMEOUT, FLUSH_SLAVE_TIMEOUT, SLAVE_NOT_AVAILABLE under their names; RemotingTimeoutException, RemotingSendRequestException, by the name of the error that the client wraps; NO_ANSWER where an asynchronous send was made again and its request before that had not been answered. An answer that comes after the client has given its request up is not heard.',
  },
  consuming: [
    "DefaultMQPushConsumer with a concurrent listener, one message a call unless consumeMessageBatchMaxSize says otherwise; the first message of a call that is not done decides for all of them. The listener answers CONSUME_SUCCESS, RECONSUME_LATER (`onPoison: reconsume-later`), null (`return-null`) or throws (`throw`). Partitions behind those of the topic are the queues of the retry topic; the client learns of a new group's only with its next look at the routes (pollNameServerInterval) and its next rebalance.",
    'Clustering: the client commits one-way every persistConsumerOffsetInterval, for the first time 10 s after its start, so nobody confirms it. Whenever such a request leaves, the driver asks the broker what it has, and records that.',
    "Broadcasting: the client keeps its progress in a file of the instance (under the lane's stores, found again by the process that takes its place), and what the file says is recorded; what fails is dropped.",
    'How soon it starts is not left to chance: where the client has missed its first rebalance, or brokers refuse its pulls (SUBSCRIPTION_NOT_LATEST) because it has left a heartbeat out, the driver has it do that again at once, and not after 20 or 30 s.',
    'A stop or SIGTERM shuts the client down, which commits what has been consumed, and gives the worker 2.5 s to empty its queue.',
  ],
}
