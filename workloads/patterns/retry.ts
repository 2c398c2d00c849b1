/** Sends a message, and again as its policy says, until it is acknowledged or given up. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Answer } from '../clients/client.ts'
import { decide } from './retry-policy.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** Called as things happen, in the order in which a history records them. An exception of a hook ends the retries. */
export interface RetryHooks {
  /** Before attempt `n` (1, 2…) leaves. When it throws, the attempt does not leave. */
  attempt(n: number): void
  answer(n: number, answer: Answer): void
  /** Called last: no further attempt will leave. */
  gaveUp(giveUp: GiveUp): void
}

export interface GiveUp {
  /** `attempts`: none is left. `answer`: the policy does not retry after it. `aborted`: the application stops. */
  why: 'attempts' | 'answer' | 'aborted'
  /** Attempts that left. */
  attempts: number
  /** Code of the last answer; absent when nothing was sent. */
  code?: string
}

export interface RetryResult {
  acked: boolean
  /** Attempts that left. */
  attempts: number
}

/**
 * Sends one message, or one batch with one answer for all its messages. The first attempt leaves before this returns.
 * `send` must not reject; if it does, this rejects too, because nothing is known about that attempt. `signal` ends a
 * wait at once and prevents further attempts; an attempt in flight is awaited.
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

/** Resolves after `ms`, or at once when the signal aborts. */
async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
