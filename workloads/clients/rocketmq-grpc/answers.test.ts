import { describe, expect, it } from 'vitest'
import { classify, conclude } from './answers.ts'
import type { Attempt } from './answers.ts'

const answered = (code: number, offset?: number): Attempt => ({ code, offset })
const failed = (code: number): Attempt => ({ failed: Object.assign(new Error('x'), { code }) })
const ok = answered(20_000, 7)
const slave = answered(50_402)

describe('answers of a proxy', () => {
  it.each<[string, Attempt, object]>([
    ['OK is acknowledged, with the offset where it was told', ok, { answer: 'acked', offset: 7, code: 'SEND_OK' }],
    [
      "a slave that did not answer is unknown, under the broker's own name for it",
      slave,
      { answer: 'unknown', code: 'FLUSH_SLAVE_TIMEOUT' },
    ],
    ['so is a flush that took too long', answered(50_401), { answer: 'unknown', code: 'FLUSH_DISK_TIMEOUT' }],
    ['no such topic is refused', answered(40_402), { answer: 'rejected', code: 'TOPIC_NOT_FOUND' }],
    ['too large is refused', answered(41_301), { answer: 'rejected', code: 'MESSAGE_BODY_TOO_LARGE' }],
    [
      'too many requests can come from the broker, after the store',
      answered(42_900),
      { answer: 'unknown', code: 'TOO_MANY_REQUESTS' },
    ],
    ['anything else is unknown', answered(50_001), { answer: 'unknown', code: 'INTERNAL_SERVER_ERROR' }],
    ['even what nobody knows', answered(4711), { answer: 'unknown', code: 'CODE_4711' }],
    ['a call whose deadline passed is unknown', failed(4), { answer: 'unknown', code: 'DEADLINE_EXCEEDED' }],
    [
      'a proxy that is gone is unknown: the request may have left',
      failed(14),
      { answer: 'unknown', code: 'UNAVAILABLE' },
    ],
  ])('%s', (_, attempt, expected) => {
    expect(classify(attempt, ['SEND_OK'])).toEqual(expected)
  })

  it('are what the lane takes for an acknowledgement', () => {
    expect(classify(slave, ['SEND_OK', 'FLUSH_SLAVE_TIMEOUT'])).toEqual({
      answer: 'acked',
      code: 'FLUSH_SLAVE_TIMEOUT',
    })
  })

  it('of one send are one answer', () => {
    const of = (...attempts: Attempt[]) => conclude(attempts, ['SEND_OK'], new TypeError('x'))
    expect(of(failed(4), ok)).toEqual({ answer: 'acked', offset: 7, code: 'SEND_OK' })
    expect(of(failed(4), answered(40_402))).toEqual({ answer: 'unknown', code: 'TOPIC_NOT_FOUND' })
    expect(of(answered(40_402), answered(40_402))).toEqual({ answer: 'rejected', code: 'TOPIC_NOT_FOUND' })
    expect(of()).toEqual({ answer: 'rejected', code: 'TypeError' })
  })
})
