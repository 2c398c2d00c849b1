import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../clients/client.ts'
import { decide, RetryPolicy } from './retry-policy.ts'

const policy: RetryPolicy = { attempts: 4, backoffMs: 100, factor: 3, maxBackoffMs: 500, on: ['unknown'] }
const unknown: Answer = { answer: 'unknown', code: 'REQUEST_TIMED_OUT' }
const rejected: Answer = { answer: 'rejected', code: 'NOT_ENOUGH_REPLICAS' }
const acked: Answer = { answer: 'acked', offset: 7 }

const anyPolicy: fc.Arbitrary<RetryPolicy> = fc
  .record({
    attempts: fc.integer({ min: 1, max: 1000 }),
    backoffMs: fc.double({ min: 0, max: 600_000, noNaN: true }),
    factor: fc.double({ min: 1, max: 10, noNaN: true }),
    maxBackoffMs: fc.double({ min: 0, max: 600_000, noNaN: true }),
    on: fc.constantFrom<RetryPolicy['on']>(['unknown'], ['unknown', 'rejected']),
  })
  .map(raw => ({ ...raw, maxBackoffMs: Math.max(raw.backoffMs, raw.maxBackoffMs) }))

describe('the decision to retry', () => {
  it('is to send at once when nothing was sent yet', () => {
    expect(decide(policy, [])).toEqual({ next: 'send', afterMs: 0 })
  })

  it('waits longer after each answer, up to the limit, and gives up after the last attempt', () => {
    expect(decide(policy, [unknown])).toEqual({ next: 'send', afterMs: 100 })
    expect(decide(policy, [unknown, unknown])).toEqual({ next: 'send', afterMs: 300 })
    expect(decide(policy, [unknown, unknown, unknown])).toEqual({ next: 'send', afterMs: 500 })
    expect(decide(policy, [unknown, unknown, unknown, unknown])).toEqual({
      next: 'give-up',
      why: 'attempts',
      code: 'REQUEST_TIMED_OUT',
    })
  })

  it('gives up at once after an answer that the policy does not retry', () => {
    expect(decide(policy, [rejected])).toEqual({ next: 'give-up', why: 'answer', code: 'NOT_ENOUGH_REPLICAS' })
    expect(decide({ ...policy, on: ['rejected'] }, [rejected])).toEqual({ next: 'send', afterMs: 100 })
    expect(decide({ ...policy, on: ['rejected'] }, [unknown])).toMatchObject({ next: 'give-up', why: 'answer' })
    expect(decide({ ...policy, on: [] }, [unknown])).toMatchObject({ next: 'give-up', why: 'answer' })
  })

  it('never sends an acknowledged message again', () => {
    expect(decide(policy, [acked])).toEqual({ next: 'done' })
    expect(decide(policy, [unknown, acked])).toEqual({ next: 'done' })
    expect(decide(policy, [acked, unknown])).toEqual({ next: 'done' })
  })

  it('sends as often as the policy says, with waits that never shrink and never exceed the limit', () => {
    fc.assert(
      fc.property(anyPolicy, given => {
        const answers: Answer[] = []
        let before = 0
        for (let decision = decide(given, answers); decision.next === 'send'; decision = decide(given, answers)) {
          expect(decision.afterMs).toBeGreaterThanOrEqual(before)
          expect(decision.afterMs).toBeLessThanOrEqual(given.maxBackoffMs)
          before = decision.afterMs
          answers.push(unknown)
        }
        expect(answers).toHaveLength(given.attempts)
      }),
      { numRuns: 50 },
    )
  })
})

describe('a retry policy', () => {
  it('is refused when it is unbounded or contradictory', () => {
    expect(RetryPolicy.safeParse(policy).success).toBe(true)
    const wrong = [
      { attempts: 0 },
      { attempts: Infinity },
      { backoffMs: -1 },
      { factor: 0.5 },
      { backoffMs: 501 },
      { on: ['acked'] },
      { jitter: 1 },
    ]
    for (const part of wrong)
      expect(RetryPolicy.safeParse({ ...policy, ...part }).success, JSON.stringify(part)).toBe(false)
  })
})
