import { describe, expect, test } from 'vitest'
import { answerOf, outcomeOf } from '../answers.ts'
import { FrameDecoder } from './frame.ts'
import type { Command } from './header.ts'
import { decodeMessages } from './message.ts'
import { pullAnswer, refusal, sendAnswer } from '../testing/recorded.ts'

function only(frame: Buffer): Command {
  const [command, ...others] = new FrameDecoder().push(frame)
  if (!command || others.length > 0) throw new Error('one frame expected')
  return command
}

describe('frames recorded from a broker', () => {
  test('decode to the answer to a send', () => {
    const command = only(sendAnswer)
    expect(command).toMatchObject({ code: 0, opaque: 5, isResponse: true, isOneWay: false, remark: undefined })
    expect(answerOf(command)).toEqual({
      kind: 'stored',
      status: 'SEND_OK',
      code: 0,
      messageId: 'C0A8200400002A9F0000000000000433',
      queueId: 0,
      queueOffset: 5,
    })
  })

  test('decode to a refusal', () => {
    const answer = answerOf(only(refusal))
    expect(answer).toMatchObject({
      kind: 'refused',
      code: 29,
      name: 'INVALID_PARAMETER',
      remark: expect.stringMatching(/^request queueId\[9\] is illegal, TopicConfig/),
    })
    expect(outcomeOf(answer)).toEqual({ answer: 'rejected', code: 'INVALID_PARAMETER' })
  })

  test('decode to two messages of a pull', () => {
    const command = only(pullAnswer)
    expect(Object.fromEntries(command.fields)).toMatchObject({
      nextBeginOffset: '6',
      minOffset: '0',
      maxOffset: '6',
      suggestWhichBrokerId: '0',
    })
    expect(decodeMessages(command.body)).toMatchObject([
      {
        topic: 't',
        queueId: 0,
        queueOffset: 4,
        physicalOffset: 860,
        body: Buffer.from('hello 4'),
        isIntact: true,
        reconsumeTimes: 0,
        storeHost: '192.168.32.4:10911',
        messageId: 'C0A8200400002A9F000000000000035C',
      },
      {
        topic: 't',
        queueId: 0,
        queueOffset: 5,
        physicalOffset: 1075,
        body: Buffer.from('hello'),
        isIntact: true,
        bornTimeMs: 1_700_000_000_000,
        messageId: 'C0A8200400002A9F0000000000000433',
      },
    ])
    expect(decodeMessages(command.body).map(message => message.properties.get('TAGS'))).toEqual(['A', undefined])
  })
})
