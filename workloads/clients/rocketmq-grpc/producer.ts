/**
 * The gRPC client as a producer. The proxy chooses the queue. Every request that the library makes for a send is
 * observed.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answer, ProducerClient, ProducerConfig } from '../client.ts'
import { combineAnswers } from '../combine-answers.ts'
import { conclude } from './answers.ts'
import type { Attempt } from './answers.ts'
import type { Binding, Logger, SendResponse } from './library.ts'

const defaultTimeoutMs = 3000
const defaultRetries = 2
/** Without a logger of its own the library writes log files into the user's home folder. */
const silentLogger: Logger = { info: () => {}, warn: () => {}, error: () => {} }

export function createProducer({ Producer }: Binding, config: ProducerConfig): ProducerClient {
  const { topic, settings, sending, queues = [] } = config
  const producer = new Producer({
    endpoints: proxiesOf(config).join(';'),
    namespace: '',
    topics: [topic],
    logger: silentLogger,
    requestTimeout: Number(settings['sendMsgTimeout'] ?? defaultTimeoutMs),
    maxAttempts: 1 + Number(settings['retryTimesWhenSendFailed'] ?? defaultRetries),
  })
  const attempts = observeRequests(producer.rpcClientManager)
  const sendOne = async (body: Buffer): Promise<Answer> => {
    const made: Attempt[] = []
    const error = await attempts.run(made, async () =>
      producer.send({ topic, body }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    )
    const answer = conclude(made, sending.ackedWhen, error)
    // With several queues the chosen one is not reported, and an offset without its queue could name another message.
    return answer.answer === 'acked' && queues.length > 1
      ? { answer: 'acked', ...(answer.code === undefined ? {} : { code: answer.code }) }
      : answer
  }
  return {
    connect: async () => producer.startup(),
    async send(_, values) {
      const answers = await Promise.all(values.map(sendOne))
      return {
        ...combineAnswers(answers),
        offsets: answers.map(answer => (answer.answer === 'acked' ? answer.offset : undefined)),
      }
    },
    close: async () => producer.shutdown(),
  }
}

/** The addresses at which this client reaches the proxies. */
function proxiesOf({ addresses = {} }: ProducerConfig): string[] {
  return Object.entries(addresses).flatMap(([advertised, mapped]) => (advertised.startsWith('proxy-') ? [mapped] : []))
}

/** Adds the result of each request to the list that its send stored in the returned asynchronous context. */
function observeRequests(manager: {
  sendMessage: (...given: unknown[]) => Promise<SendResponse>
}): AsyncLocalStorage<Attempt[]> {
  const store = new AsyncLocalStorage<Attempt[]>()
  const original = manager.sendMessage.bind(manager)
  manager.sendMessage = async (...given) => {
    const made = store.getStore()
    try {
      const response = await original(...given)
      made?.push(attemptOf(response))
      return response
    } catch (error) {
      made?.push({ failed: error })
      throw error
    }
  }
  return store
}

/** Uses the status of the message where it exists, else that of the request. */
function attemptOf(response: SendResponse): Attempt {
  const {
    status,
    entriesList: [entry],
  } = response.toObject()
  return { code: entry?.status?.code ?? status?.code ?? 0, offset: entry?.offset }
}
