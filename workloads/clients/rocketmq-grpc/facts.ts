/** What the harness knows of RocketMQ's own gRPC client for Node, which goes through a proxy. */
import { setting, wholeNumber } from '../facts.ts'
import type { ClientFacts } from '../facts.ts'

/** The library's own limit. */
const leastTimeoutMs = 1000

export const facts: ClientFacts = {
  system: 'rocketmq',
  title: "RocketMQ's own gRPC client for Node (rocketmq-client-nodejs 1.0.8)",
  runsIn: 'node',
  install:
    '`npm install --no-save rocketmq-client-nodejs@1.0.8`. Its lanes are refused where it is not there, and need `cluster.proxies: 1`. It is a producer alone: what it consumes it acknowledges message by message (POP), without offsets that a group would be judged by',
  settings: {
    producer: new Map([
      setting('sendMsgTimeout', 'requestTimeout: limit of one request, ms, 3000 by default, 1000 at least', value =>
        Number.isInteger(value) && Number(value) >= leastTimeoutMs
          ? undefined
          : `expected a whole number from ${leastTimeoutMs}, got ${JSON.stringify(value)}`,
      ),
      setting(
        'retryTimesWhenSendFailed',
        'maxAttempts less one: requests beyond the first within one send, 2 by default; also after a status other than SEND_OK',
        wholeNumber,
      ),
    ]),
  },
  own: new Map(),
  conflict: (_, __, { sending, cluster }) => {
    if (cluster && !(Number(cluster['proxies'] ?? 0) > 0))
      return 'rocketmq-grpc goes through a proxy: cluster.proxies: 1'
    return sending?.ackedWhen.length === 0 ? 'no status would be an acknowledgement' : undefined
  },
  answers: {
    acked:
      "A request of the send was answered OK, or with the status that stands for one of `workload.ackedWhen`: MASTER_PERSISTENCE_TIMEOUT for FLUSH_DISK_TIMEOUT, SLAVE_PERSISTENCE_TIMEOUT for FLUSH_SLAVE_TIMEOUT, HA_NOT_AVAILABLE for SLAVE_NOT_AVAILABLE. The offset counts where the topic has one queue: of several the proxy chooses one, and nobody tells which (the library's receipt names the one that it had asked for).",
    rejected:
      'Every request of the send was refused by the proxy before it sent anything to a broker (the table is in `workloads/clients/rocketmq-grpc/answers.ts`), or none left.',
    unknown:
      'Everything else: the other statuses under the names that brokers have for them, TOO_MANY_REQUESTS and INTERNAL_SERVER_ERROR (which can follow the store), DEADLINE_EXCEEDED, UNAVAILABLE.',
  },
  consuming: [],
}
