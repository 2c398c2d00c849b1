/**
 * Observes the attempts that kafkajs makes within one send.
 *
 * At the start of every attempt, before a request can leave, kafkajs calls its partitioner once per message. It logs
 * the error of every failed attempt in the namespace `Producer`, in the asynchronous context of the send. An attempt
 * whose error was not logged keeps none, and then counts as possibly stored.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import kafkajs from 'kafkajs'
import type { ICustomPartitioner, logCreator, Message } from 'kafkajs'

export interface Attempt {
  /** The message that kafkajs logged for its failure. */
  error?: string
}

interface ObservedMessage extends Message {
  attempts?: Attempt[]
}

const sends = new AsyncLocalStorage<Attempt[]>()
const retriedPrefix = 'Failed to send messages: '

/** Calls `send` with the messages, and adds each attempt that kafkajs makes to `attempts`. */
export async function observed<T>(
  attempts: Attempt[],
  given: readonly Message[],
  send: (messages: Message[]) => Promise<T>,
): Promise<T> {
  const messages: ObservedMessage[] = given.map(message => ({ ...message }))
  const [first] = messages
  // The partitioner is called for every message of a batch; only the first one counts the attempt.
  if (first) first.attempts = attempts
  return sends.run(attempts, async () => send(messages))
}

export const observingPartitioner: ICustomPartitioner =
  () =>
  ({ message }: { message: ObservedMessage }) => {
    message.attempts?.push({})
    return message.partition ?? 0
  }

/** Records the errors of attempts, and prints nothing. */
export const observingLog: logCreator =
  () =>
  ({ namespace, level, log }) => {
    if (namespace !== 'Producer' || level !== kafkajs.logLevel.ERROR) return
    const attempt = sends.getStore()?.at(-1)
    if (!attempt || attempt.error !== undefined) return
    attempt.error = log.message.startsWith(retriedPrefix) ? log.message.slice(retriedPrefix.length) : log.message
  }
