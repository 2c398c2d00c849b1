import { describe, expect, it } from 'vitest'
import { classify, conclude } from './answers.ts'
import type { Attempt } from './answers.ts'

const answered = (code: number, offset?: number): Attempt => ({ code, offset })
const failed = (code: number): Attempt => ({ failed: Object.assign(new Error('x'), { code }) })
const ok = answered(20_000, 7)
const slave = answered(50_402)

describe('answers of a proxy', () => {
  it.each<[string, Attempt, object]>([
    ['OK is acked, with its offset', ok, { answer: 'acked', offset: 7, code: 'SEND_OK' }],
    [
      "SLAVE_PERSISTENCE_TIMEOUT is unknown, under the broker's name FLUSH_SLAVE_TIMEOUT",
      slave,
      { answer: 'unknown', code: 'FLUSH_SLAVE_TIMEOUT' },
    ],
    [
      "MASTER_PERSISTENCE_TIMEOUT is unknown, under the broker's name FLUSH_DISK_TIMEOUT",
      answered(50_401),
      { answer: 'unknown', code: 'FLUSH_DISK_TIMEOUT' },
    ],
    ['an unknown topic is rejected', answered(40_402), { answer: 'rejected', code: 'TOPIC_NOT_FOUND' }],
    [
      'a message that is too large is rejected',
      answered(41_301),
      { answer: 'rejected', code: 'MESSAGE_BODY_TOO_LARGE' },
    ],
    [
      'TOO_MANY_REQUESTS is unknown, because the broker can return it after the store',
      answered(42_900),
      { answer: 'unknown', code: 'TOO_MANY_REQUESTS' },
    ],
    ['every other known code is unknown', answered(50_001), { answer: 'unknown', code: 'INTERNAL_SERVER_ERROR' }],
    ['a code that is not listed is unknown', answered(4711), { answer: 'unknown', code: 'CODE_4711' }],
    ['an expired call is unknown', failed(4), { answer: 'unknown', code: 'DEADLINE_EXCEEDED' }],
    [
      'an unavailable proxy is unknown, because the request may have left',
      failed(14),
      { answer: 'unknown', code: 'UNAVAILABLE' },
    ],
  ])('%s', (_, attempt, expected) => {
    expect(classify(attempt, ['SEND_OK'])).toEqual(expected)
  })

  it('are acked when the lane lists their status in ackedWhen', () => {
    expect(classify(slave, ['SEND_OK', 'FLUSH_SLAVE_TIMEOUT'])).toEqual({
      answer: 'acked',
      code: 'FLUSH_SLAVE_TIMEOUT',
    })
  })

  it('are combined per send', () => {
    const of = (...attempts: Attempt[]) => conclude(attempts, ['SEND_OK'], new TypeError('x'))
    expect(of(failed(4), ok)).toEqual({ answer: 'acked', offset: 7, code: 'SEND_OK' })
    expect(of(failed(4), answered(40_402))).toEqual({ answer: 'unknown', code: 'TOPIC_NOT_FOUND' })
    expect(of(answered(40_402), answered(40_402))).toEqual({ answer: 'rejected', code: 'TOPIC_NOT_FOUND' })
    expect(of()).toEqual({ answer: 'rejected', code: 'TypeError' })
  })
})
