/** Our own client as a producer: explicit queues; the raw status of every attempt decides. */
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
    // As with Java's, a start needs no route; sends ask for it again.
    connect: async () => producer.refreshRoute(topic).catch(() => {}),
    send: async (partition, values) => {
      const messages = values.map(body => ({ body }))
      const answers: SendAnswer[] = []
      let at = partition
      for (;;) {
        const queue = queues[at]
        if (!queue) return { answer: 'rejected', code: `no queue ${at}` }
        const answer = await attempt(queue, messages)
        answers.push(answer)
        if (answers.length > retries || !isRetried(answer, alsoByStatus))
          return concluded(answers, sending.ackedWhen, at === partition ? {} : { partition: at })
        at = elsewhere(queues, at)
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

/** As DefaultMQProducerImpl.sendDefaultImpl of 5.5.0: what failed, or was stored with another status than SEND_OK where that is asked for. */
function isRetried(answer: SendAnswer, alsoByStatus: boolean): boolean {
  if (answer.kind === 'stored') return alsoByStatus && answer.status !== 'SEND_OK'
  return answer.kind !== 'one-way'
}

/** The same queue of the next broker group, else the next queue. */
export function elsewhere(queues: readonly MessageQueue[], from: number): number {
  const order = queues.map((_, at) => (from + 1 + at) % queues.length)
  return order.find(at => queues[at]?.brokerName !== queues[from]?.brokerName) ?? order[0] ?? from
}

/** The last answer decides; but one that leaves open whether it was stored is not taken back by a later refusal. */
export function concluded(
  answers: readonly SendAnswer[],
  ackedWhen: readonly SendStatus[],
  where: { partition?: number },
): Answer {
  const outcomes = answers.map(answer => outcomeOf(answer, ackedWhen))
  const last = outcomes.at(-1)
  if (!last) return { answer: 'rejected', code: 'nothing was sent' }
  if (last.answer === 'acked') {
    const told = answers.at(-1)
    return {
      answer: 'acked',
      ...(told?.kind === 'stored' ? { offset: told.queueOffset } : {}),
      ...where,
      code: last.code,
    }
  }
  return { answer: outcomes.every(outcome => outcome.answer === 'rejected') ? 'rejected' : 'unknown', code: last.code }
}
