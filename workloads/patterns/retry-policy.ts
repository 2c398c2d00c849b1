/**
 * When an application sends a message again: the policy is data, and the decision is a pure function of the answers so
 * far. There is no jitter, so that a replayed run waits as long as the first one did.
 */
import { z } from 'zod'
import type { Answer } from '../clients/client.ts'

/** Longest wait that a policy may have; no trial runs that long. */
const longestMs = 600_000

export const RetryPolicy = z
  .strictObject({
    /** Number of sends, including the first; 1 means that nothing is sent again. */
    attempts: z.int().min(1).max(1000),
    /** Wait before the second attempt. */
    backoffMs: z.number().min(0).max(longestMs),
    /** Each further wait is the wait before it times this factor. */
    factor: z.number().min(1).max(10),
    /** Upper limit of a wait. */
    maxBackoffMs: z.number().min(0).max(longestMs),
    /**
     * Answers after which the message is sent again. After `unknown` this can store the message twice; after `rejected`
     * it cannot, unless an earlier attempt was unknown.
     */
    on: z.array(z.enum(['unknown', 'rejected'])),
  })
  .refine(({ backoffMs, maxBackoffMs }) => backoffMs <= maxBackoffMs, {
    path: ['maxBackoffMs'],
    error: 'expected at least backoffMs',
  })
export type RetryPolicy = z.infer<typeof RetryPolicy>

/** `why`: `attempts` when none is left, `answer` when the policy does not retry after the last answer. */
export type Decision =
  | { next: 'send'; afterMs: number }
  | { next: 'done' }
  | { next: 'give-up'; why: 'attempts' | 'answer'; /** Code of the last answer. */ code: string }

/**
 * What to do after `answers`, oldest first. Without answers the message is sent at once. A message that was
 * acknowledged once is done, whatever the other answers were.
 */
export function decide(policy: RetryPolicy, answers: readonly Answer[]): Decision {
  const last = answers.at(-1)
  if (last === undefined) return { next: 'send', afterMs: 0 }
  if (last.answer === 'acked' || answers.some(({ answer }) => answer === 'acked')) return { next: 'done' }
  if (!policy.on.includes(last.answer)) return { next: 'give-up', why: 'answer', code: last.code }
  if (answers.length >= policy.attempts) return { next: 'give-up', why: 'attempts', code: last.code }
  return { next: 'send', afterMs: waitAfter(policy, answers.length) }
}

/** The wait after answer number `n`, counted from 1. */
function waitAfter(policy: RetryPolicy, n: number): number {
  // 0 times an infinite power would be NaN.
  if (policy.backoffMs === 0) return 0
  return Math.min(policy.maxBackoffMs, policy.backoffMs * policy.factor ** (n - 1))
}
