import { describe, expect, test } from 'vitest'
import type { SendAnswer } from '../../rocketmq-remoting/index.ts'
import { conclude, nextQueue } from './producer.ts'

const stored = (status: 'SEND_OK' | 'FLUSH_SLAVE_TIMEOUT', queueOffset = 7): SendAnswer => ({
  kind: 'stored',
  status,
  code: 0,
  messageId: '',
  queueId: 0,
  queueOffset,
})
const slave: SendAnswer = {
  kind: 'refused',
  code: 2,
  name: 'SYSTEM_BUSY',
  remark: '[REJECTREQUEST]system busy, start flow control for a while',
}
const noConnection: SendAnswer = { kind: 'failed', error: 'connect', message: '', sent: false }
const timeout: SendAnswer = { kind: 'failed', error: 'timeout', message: '', sent: true }

describe('the answer to a send with several attempts', () => {
  test.each<[string, SendAnswer[], object]>([
    ['SEND_OK is acked, with its offset', [stored('SEND_OK')], { answer: 'acked', offset: 7, code: 'SEND_OK' }],
    [
      'another status is unknown, under its name',
      [stored('FLUSH_SLAVE_TIMEOUT')],
      { answer: 'unknown', code: 'FLUSH_SLAVE_TIMEOUT' },
    ],
    [
      'a later SEND_OK is acked',
      [stored('FLUSH_SLAVE_TIMEOUT'), stored('SEND_OK', 8)],
      { answer: 'acked', offset: 8, code: 'SEND_OK' },
    ],
    ['a refusal before the store is rejected', [slave], { answer: 'rejected', code: 'SYSTEM_BUSY' }],
    ['an attempt that was never sent is rejected', [noConnection, slave], { answer: 'rejected', code: 'SYSTEM_BUSY' }],
    [
      'a refusal does not cancel an attempt that may be stored',
      [timeout, slave],
      { answer: 'unknown', code: 'SYSTEM_BUSY' },
    ],
    [
      'a failed connection does not cancel an attempt that was stored',
      [stored('FLUSH_SLAVE_TIMEOUT'), noConnection],
      { answer: 'unknown', code: 'connect' },
    ],
  ])('%s', (_, answers, expected) => {
    expect(conclude(answers, ['SEND_OK'], {})).toEqual(expected)
  })

  test('a lane may accept other statuses as acknowledgements', () => {
    expect(conclude([stored('FLUSH_SLAVE_TIMEOUT')], ['SEND_OK', 'FLUSH_SLAVE_TIMEOUT'], { partition: 3 })).toEqual({
      answer: 'acked',
      offset: 7,
      partition: 3,
      code: 'FLUSH_SLAVE_TIMEOUT',
    })
  })

  test('a further attempt goes to another broker group where one exists, else to another queue', () => {
    const queues = (...names: string[]) => names.map((brokerName, queueId) => ({ topic: 't', brokerName, queueId }))
    expect(nextQueue(queues('a', 'a', 'b', 'b'), 0)).toBe(2)
    expect(nextQueue(queues('a', 'a', 'b', 'b'), 3)).toBe(0)
    expect(nextQueue(queues('a', 'a'), 0)).toBe(1)
    expect(nextQueue(queues('a'), 0)).toBe(0)
  })
})
