/**
 * Sees the attempts that kafkajs hides behind one send.
 *
 * It asks its partitioner once a message at the start of every attempt, before a request can leave, and logs the error
 * of every attempt that failed in the namespace `Producer`, in the asynchronous context of the send. What is not seen
 * proves nothing: an attempt whose error was never told stays without one.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import kafkajs from 'kafkajs'
import type { ICustomPartitioner, logCreator, Message } from 'kafkajs'

export interface Attempt {
  /** What kafkajs said about its failure. */
  error?: string
}

interface ObservedMessage extends Message {
  attempts?: Attempt[]
}

const sends = new AsyncLocalStorage<Attempt[]>()
const retriedPrefix = 'Failed to send messages: '

/** Calls `send` with the messages; `attempts` grows as kafkajs goes on. */
export async function observed<T>(
  attempts: Attempt[],
  given: { partition: number; value: Buffer }[],
  send: (messages: Message[]) => Promise<T>,
): Promise<T> {
  const messages: ObservedMessage[] = given.map(({ partition, value }) => ({ partition, value }))
  const [first] = messages
  // One of them stands for the attempt.
  if (first) first.attempts = attempts
  return sends.run(attempts, async () => send(messages))
}

export const observingPartitioner: ICustomPartitioner =
  () =>
  ({ message }: { message: ObservedMessage }) => {
    message.attempts?.push({})
    return message.partition ?? 0
  }

/** Prints nothing. */
export const observingLog: logCreator =
  () =>
  ({ namespace, level, log }) => {
    if (namespace !== 'Producer' || level !== kafkajs.logLevel.ERROR) return
    const attempt = sends.getStore()?.at(-1)
    if (!attempt || attempt.error !== undefined) return
    attempt.error = log.message.startsWith(retriedPrefix) ? log.message.slice(retriedPrefix.length) : log.message
  }
