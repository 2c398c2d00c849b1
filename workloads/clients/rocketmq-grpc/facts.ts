/** Facts about RocketMQ's own gRPC client for Node, which connects to a proxy. */
import { setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'
import { emptyAckedWhen } from '../rocketmq-common/messages.ts'

/** The library refuses shorter timeouts. */
const leastTimeoutMs = 1000

export const facts: ClientFacts = {
  system: 'rocketmq',
  title: "RocketMQ's own gRPC client for Node (rocketmq-client-nodejs 1.0.8)",
  runsIn: 'node',
  install:
    '`npm install --no-save rocketmq-client-nodejs@1.0.8`. Scenarios that use it are refused where it is not ' +
    'installed, and need `cluster.proxies: 1`. It is supported as a producer only: as a consumer it acknowledges ' +
    'messages one by one (POP), without the group offsets by which the harness judges a consumer',
  settings: {
    producer: new Map([
      setting('sendMsgTimeout', 'requestTimeout: limit of one request, ms, default 3000, at least 1000', value =>
        Number.isInteger(value) && Number(value) >= leastTimeoutMs
          ? undefined
          : `expected a whole number from ${leastTimeoutMs}, got ${JSON.stringify(value)}`,
      ),
      setting(
        'retryTimesWhenSendFailed',
        'maxAttempts minus one: further requests within one send, default 2; also after a status other than SEND_OK',
        wholeNumber,
      ),
    ]),
  },
  own: new Map(),
  conflict: (_, __, { sending, cluster }) => {
    if (typeof cluster?.['bootstrap'] === 'string')
      return 'the client rocketmq-grpc connects to a proxy, and on a cluster of your own only brokers are used'
    if (cluster && !(Number(cluster['proxies'] ?? 0) > 0))
      return 'the client rocketmq-grpc connects to a proxy: set cluster.proxies: 1'
    return sending?.ackedWhen.length === 0 ? emptyAckedWhen : undefined
  },
  answers: {
    acked:
      'The proxy answered a request of the send with OK, or with the status that corresponds to one of ' +
      '`workload.ackedWhen`: MASTER_PERSISTENCE_TIMEOUT for FLUSH_DISK_TIMEOUT, SLAVE_PERSISTENCE_TIMEOUT for ' +
      'FLUSH_SLAVE_TIMEOUT, HA_NOT_AVAILABLE for SLAVE_NOT_AVAILABLE. The offset is used only when the topic has ' +
      "one queue. With several queues the proxy chooses one, and the library's receipt names the queue that was " +
      'requested, not the one that was chosen.',
    rejected:
      'The proxy refused every request of the send before it sent anything to a broker (the table is in ' +
      '`workloads/clients/rocketmq-grpc/answers.ts`), or no request left.',
    unknown:
      'Everything else: the other statuses, under the names that brokers use for them; TOO_MANY_REQUESTS and ' +
      'INTERNAL_SERVER_ERROR, which can come after the message was stored; DEADLINE_EXCEEDED; UNAVAILABLE.',
  },
  consuming: [],
}
