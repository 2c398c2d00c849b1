import { describe, expect, it } from 'vitest'
import { combineAnswers } from '../combine-answers.ts'
import { classify, codeOf } from './answers.ts'

const error = (code: number) => Object.assign(new Error('x'), { code })
const once = { queued: true, onlyAttempt: true }
const retried = { queued: true, onlyAttempt: false }

describe('answers of librdkafka', () => {
  it('are rejected for a before-append code when there is one attempt', () => {
    expect(classify(error(19), once)).toEqual({ answer: 'rejected', code: 'NOT_ENOUGH_REPLICAS' })
    expect(classify(error(10), once)).toEqual({ answer: 'rejected', code: 'MESSAGE_TOO_LARGE' })
  })

  it('are unknown for the same code when an earlier attempt may be hidden', () => {
    expect(classify(error(19), retried)).toEqual({ answer: 'unknown', code: 'NOT_ENOUGH_REPLICAS' })
  })

  it.each([
    [20, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
    [6, 'NOT_LEADER_OR_FOLLOWER'],
    [-192, '_MSG_TIMED_OUT'],
    [-195, '_TRANSPORT'],
    [45, 'OUT_OF_ORDER_SEQUENCE_NUMBER'],
    [-999, 'librdkafka -999'],
  ])('are unknown for code %i, named %s, even when there is one attempt', (code, name) => {
    expect(classify(error(code), once)).toEqual({ answer: 'unknown', code: name })
  })

  it('are rejected with any code when the library did not accept the message into its queue', () => {
    expect(classify(error(-184), { queued: false, onlyAttempt: false })).toEqual({
      answer: 'rejected',
      code: '_QUEUE_FULL',
    })
    expect(codeOf('words')).toBe('UNKNOWN_ERROR')
  })

  it('are combined per send, and unknown when its messages differ', () => {
    const acked = { answer: 'acked', offset: 3 } as const
    const rejected = { answer: 'rejected', code: 'MESSAGE_TOO_LARGE' } as const
    expect(combineAnswers([acked, { answer: 'acked', offset: 9 }])).toEqual(acked)
    expect(combineAnswers([rejected, rejected])).toEqual(rejected)
    expect(combineAnswers([acked, rejected])).toEqual({ answer: 'unknown', code: 'MESSAGE_TOO_LARGE' })
    expect(combineAnswers([])).toEqual({ answer: 'unknown', code: 'UNKNOWN_ERROR' })
  })
})
