/** Retries as data: which answers are tried again, where, how often and after how long. Nothing else ever repeats a send. */
import { setTimeout as delay } from 'node:timers/promises'
import type { SendAnswer, SendStatus } from './answers.ts'
import type { OutgoingMessage, Producer } from './producer.ts'
import type { MessageQueue } from './route.ts'

export interface SendRetryPolicy {
  /** Attempts beyond the first. The Java client's retryTimesWhenSendFailed is 2. */
  retries: number
  backoffMs: number
  /** Each wait is so many times the last. */
  backoffFactor: number
  maxBackoffMs: number
  /** Statuses that are tried again although the message is stored: duplicates follow. */
  onStatus: readonly SendStatus[]
  /** Try again after a refusal of the broker. */
  onRefused: boolean
  /** Try again after a timeout, disconnect or missing route: duplicates can follow. */
  onFailed: boolean
}

export const noRetries: SendRetryPolicy = { retries: 0, backoffMs: 0, backoffFactor: 1, maxBackoffMs: 0, onStatus: [], onRefused: false, onFailed: false }

/** Milliseconds to wait before the next attempt; undefined when the last answer stands. Pure. */
export function nextDelayMs(policy: SendRetryPolicy, attempts: number, answer: SendAnswer): number | undefined {
  if (attempts > policy.retries) return undefined
  const again =
    (answer.kind === 'stored' && policy.onStatus.includes(answer.status)) ||
    (answer.kind === 'refused' && policy.onRefused) ||
    (answer.kind === 'failed' && policy.onFailed)
  return again ? Math.min(policy.maxBackoffMs, policy.backoffMs * policy.backoffFactor ** (attempts - 1)) : undefined
}

export interface RetriedSend {
  queues: readonly [MessageQueue, ...MessageQueue[]]
  message: OutgoingMessage
  policy: SendRetryPolicy
  /** Called before an attempt leaves (1 is the first) and with its answer: nothing happens that the caller does not see. */
  onAttempt?: (attempt: number, queue: MessageQueue) => void
  onAnswer?: (attempt: number, answer: SendAnswer) => void
}

/** Sends to the first queue, and each retry to the next one, around; give one queue to stay on it. Resolves with the last answer. */
export async function sendWithRetries(producer: Producer, { queues, message, policy, onAttempt, onAnswer }: RetriedSend): Promise<SendAnswer> {
  for (let attempt = 1; ; attempt++) {
    const queue = queues[(attempt - 1) % queues.length] ?? queues[0]
    onAttempt?.(attempt, queue)
    const answer = await producer.send(queue, message)
    onAnswer?.(attempt, answer)
    const waitMs = nextDelayMs(policy, attempt, answer)
    if (waitMs === undefined) return answer
    if (waitMs > 0) await delay(waitMs)
    // The broker may have another master by now; without an answer the known route stands.
    if (answer.kind === 'failed') await producer.refreshRoute(queue.topic).catch(() => {})
  }
}
