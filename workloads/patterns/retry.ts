/** Sends once, and again as the policy says, until an acknowledgement or until it gives up. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '../clients/client.ts'
import { decide } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** What is told while it happens, in the order in which it belongs into a history. What a hook throws ends the driver. */
export interface RetryHooks {
  /** Before attempt `n` (1, 2…) leaves. When it throws, the attempt does not leave. */
  attempt(n: number): void
  answer(n: number, answer: Answer): void
  /** The last word: no further attempt will leave. */
  gaveUp(giveUp: GiveUp): void
}

export interface GiveUp {
  /** `attempts`: all are spent; `answer`: the policy does not retry on it; `aborted`: the application stops. */
  why: 'attempts' | 'answer' | 'aborted'
  /** Attempts that left. */
  attempts: number
  /** Of the last answer; absent when nothing was sent. */
  code?: string
}

export interface RetryResult {
  acked: boolean
  /** Attempts that left. */
  attempts: number
}

/**
 * One send (of a message, or of a batch that stands and falls together). The first attempt leaves before this returns.
 * `send` ends with its answer and never rejects; should it reject all the same, so does this, because nothing is known
 * about that attempt. `signal` ends a wait at once and keeps further attempts from leaving; the one under way is awaited.
 */
export async function sendWithRetry(
  policy: RetryPolicy,
  send: (n: number) => Promise<Answer>,
  hooks: RetryHooks,
  signal: AbortSignal,
): Promise<RetryResult> {
  const answers: Answer[] = []
  const giveUp = (why: GiveUp['why']): RetryResult => {
    const code = answers.at(-1)?.code
    hooks.gaveUp({ why, attempts: answers.length, ...(code === undefined ? {} : { code }) })
    return { acked: false, attempts: answers.length }
  }
  for (;;) {
    const decision = decide(policy, answers)
    if (decision.next === 'done') return { acked: true, attempts: answers.length }
    if (decision.next === 'give-up') return giveUp(decision.why)
    if (decision.afterMs > 0) await wait(decision.afterMs, signal)
    if (signal.aborted) return giveUp('aborted')
    const n = answers.length + 1
    hooks.attempt(n)
    const answer = await send(n)
    answers.push(answer)
    hooks.answer(n, answer)
  }
}

/** Ends after `ms`, or at once when the signal says so. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
