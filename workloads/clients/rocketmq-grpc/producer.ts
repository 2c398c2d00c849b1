/** The gRPC client as a producer: the proxy chooses the queue, and each request that the library makes of a send is seen. */
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Answer, ProducerClient, ProducerConfig } from '../client.ts'
import { combineAnswers } from '../combine-answers.ts'
import { concluded } from './answers.ts'
import type { Attempt } from './answers.ts'
import type { Binding, Logger, SendResponse } from './library.ts'

const defaultTimeoutMs = 3000
const defaultRetries = 2
/** The library writes into a folder of the user's own otherwise. */
const quiet: Logger = { info: () => {}, warn: () => {}, error: () => {} }

export function createProducer({ Producer }: Binding, config: ProducerConfig): ProducerClient {
  const { topic, settings, sending, queues = [] } = config
  const producer = new Producer({
    endpoints: proxiesOf(config).join(';'),
    namespace: '',
    topics: [topic],
    logger: quiet,
    requestTimeout: Number(settings['sendMsgTimeout'] ?? defaultTimeoutMs),
    maxAttempts: 1 + Number(settings['retryTimesWhenSendFailed'] ?? defaultRetries),
  })
  const attempts = witnessed(producer.rpcClientManager)
  const sendOne = async (body: Buffer): Promise<Answer> => {
    const made: Attempt[] = []
    const error = await attempts.run(made, async () =>
      producer.send({ topic, body }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      ),
    )
    const answer = concluded(made, sending.ackedWhen, error)
    // Which of several queues the proxy chose, nobody tells; an offset without its queue would name another message.
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

/** Where this client's role reaches the proxies. */
function proxiesOf({ addresses = {} }: ProducerConfig): string[] {
  return Object.entries(addresses).flatMap(([advertised, mapped]) => (advertised.startsWith('proxy-') ? [mapped] : []))
}

/** What each request of a send came to is added to the list that the send runs with. */
function witnessed(manager: {
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

/** The message's own status, where there is one: the proxy's is that of the whole. */
function attemptOf(response: SendResponse): Attempt {
  const {
    status,
    entriesList: [entry],
  } = response.toObject()
  return { code: entry?.status?.code ?? status?.code ?? 0, offset: entry?.offset }
}
