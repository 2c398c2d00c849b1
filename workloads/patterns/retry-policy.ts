/**
 * When an application sends a message again: the policy as data, and the decision as a pure function of the answers so
 * far. There is no jitter: a run that is replayed waits as long as the first one did.
 */
import { z } from 'zod'
import type { Answer } from '../clients/client.ts'

/** Longest wait that a policy may ask for; a trial is over long before. */
const longestMs = 600_000

export const RetryPolicy = z
  .strictObject({
    /** Sends in all, the first included; 1: never again. */
    attempts: z.int().min(1).max(1000),
    /** Wait after the first answer that is worth another attempt. */
    backoffMs: z.number().min(0).max(longestMs),
    /** Each further wait is so many times the one before. */
    factor: z.number().min(1).max(10),
    /** No wait is longer. */
    maxBackoffMs: z.number().min(0).max(longestMs),
    /**
     * Answers worth another attempt. Sending again after `unknown` can store the message twice; after `rejected` it
     * cannot, unless an earlier attempt was unknown.
     */
    on: z.array(z.enum(['unknown', 'rejected'])),
  })
  .refine(({ backoffMs, maxBackoffMs }) => backoffMs <= maxBackoffMs, {
    path: ['maxBackoffMs'],
    error: 'expected at least backoffMs',
  })
export type RetryPolicy = z.infer<typeof RetryPolicy>

/** `attempts`: all are spent; `answer`: the policy does not retry on the last answer. */
export type Decision =
  | { next: 'send'; afterMs: number }
  | { next: 'done' }
  | { next: 'give-up'; why: 'attempts' | 'answer'; /** Of the last answer. */ code: string }

/**
 * What to do after `answers`, oldest first; with none, to send at once. A message that was acknowledged once is done,
 * whatever the other answers were.
 */
export function decide(policy: RetryPolicy, answers: readonly Answer[]): Decision {
  const last = answers.at(-1)
  if (last === undefined) return { next: 'send', afterMs: 0 }
  if (last.answer === 'acked' || answers.some(({ answer }) => answer === 'acked')) return { next: 'done' }
  if (!policy.on.includes(last.answer)) return { next: 'give-up', why: 'answer', code: last.code }
  if (answers.length >= policy.attempts) return { next: 'give-up', why: 'attempts', code: last.code }
  return { next: 'send', afterMs: waitAfter(policy, answers.length) }
}

/** The wait after answer number `n`, from 1. */
function waitAfter(policy: RetryPolicy, n: number): number {
  // 0 times a power beyond the largest number would be no number.
  if (policy.backoffMs === 0) return 0
  return Math.min(policy.maxBackoffMs, policy.backoffMs * policy.factor ** (n - 1))
}
