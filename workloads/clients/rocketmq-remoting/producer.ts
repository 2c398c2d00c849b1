/**
 * This project's own client as a producer. Queues are explicit, and the raw status of every attempt decides the answer.
 */
import type { Answer, ProducerClient, ProducerConfig } from '../client.ts'
import { asFlag, withoutUndefined, asNumber } from '../setting-values.ts'
import { outcomeOf, Producer } from '../../rocketmq-remoting/index.ts'
import type { MessageQueue, OutgoingMessage, SendAnswer, SendStatus } from '../../rocketmq-remoting/index.ts'
import { connectTo } from './connect.ts'

export function createProducer(config: ProducerConfig): ProducerClient {
  const { settings, clientSettings, sending, topic } = config
  const { client, routes, queues } = connectTo(config)
  const producer = new Producer(client, routes, {
    group: `producers-${topic}`,
    ...withoutUndefined({
      sendMsgTimeoutMs: asNumber(settings['sendMsgTimeout']),
      pollNameServerIntervalMs: asNumber(settings['pollNameServerInterval']),
    }),
  })
  const isAsync = clientSettings['send'] === 'async'
  const retries =
    (isAsync ? asNumber(settings['retryTimesWhenSendAsyncFailed']) : undefined) ??
    asNumber(settings['retryTimesWhenSendFailed']) ??
    0
  const alsoByStatus = asFlag(settings['retryAnotherBrokerWhenNotStoreOK']) ?? false
  const attempt = attemptWith(producer, String(clientSettings['send'] ?? 'sync'))
  return {
    // As in the Java client, a producer starts without a route; sends look it up again.
    connect: async () => producer.refreshRoute(topic).catch(() => {}),
    send: async (partition, values, { tags = [] } = {}) => {
      const messages = values.map((body, at) => ({ body, ...(tags[at] === undefined ? {} : { tags: tags[at] }) }))
      const answers: SendAnswer[] = []
      let at = partition
      for (;;) {
        const queue = queues[at]
        if (!queue) return { answer: 'rejected', code: `no queue ${at}` }
        const answer = await attempt(queue, messages)
        answers.push(answer)
        if (answers.length > retries || !isRetried(answer, alsoByStatus))
          return conclude(answers, sending.ackedWhen, at === partition ? {} : { partition: at })
        at = nextQueue(queues, at)
      }
    },
    close: async () => client.close(),
  }
}

type Attempt = (queue: MessageQueue, messages: readonly OutgoingMessage[]) => Promise<SendAnswer>

function attemptWith(producer: Producer, how: string): Attempt {
  return async (queue, messages) => {
    const [message] = messages
    if (!message || messages.length > 1) return producer.sendBatch(queue, messages)
    if (how === 'oneway') return producer.sendOneWay(queue, message)
    return how === 'async'
      ? new Promise(resolve => producer.sendAsync(queue, message, resolve))
      : producer.send(queue, message)
  }
}

/**
 * As DefaultMQProducerImpl.sendDefaultImpl of 5.5.0: retries what failed, and with `alsoByStatus` what was stored with
 * another status than SEND_OK.
 */
function isRetried(answer: SendAnswer, alsoByStatus: boolean): boolean {
  if (answer.kind === 'stored') return alsoByStatus && answer.status !== 'SEND_OK'
  return answer.kind !== 'one-way'
}

/** The queue of the next attempt: in the next broker group where there are several, else the next queue. */
export function nextQueue(queues: readonly MessageQueue[], from: number): number {
  const order = queues.map((_, at) => (from + 1 + at) % queues.length)
  return order.find(at => queues[at]?.brokerName !== queues[from]?.brokerName) ?? order[0] ?? from
}

/** The last answer decides, but a later refusal does not cancel an earlier attempt that may have been stored. */
export function conclude(
  answers: readonly SendAnswer[],
  ackedWhen: readonly SendStatus[],
  where: { partition?: number },
): Answer {
  const outcomes = answers.map(answer => outcomeOf(answer, ackedWhen))
  const last = outcomes.at(-1)
  if (!last) return { answer: 'rejected', code: 'nothing was sent' }
  if (last.answer === 'acked') {
    const stored = answers.at(-1)
    return {
      answer: 'acked',
      ...(stored?.kind === 'stored' ? { offset: stored.queueOffset } : {}),
      ...where,
      code: last.code,
    }
  }
  return { answer: outcomes.every(outcome => outcome.answer === 'rejected') ? 'rejected' : 'unknown', code: last.code }
}
