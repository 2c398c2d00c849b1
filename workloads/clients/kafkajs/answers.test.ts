import kafkajs from 'kafkajs'
import { describe, expect, it } from 'vitest'
import { beforeAppend } from '../kafka-common/before-append.ts'
import { classify, codeOf } from './answers.ts'
import { observed, observingLog, observingPartitioner } from './attempts.ts'
import type { Attempt } from './attempts.ts'

/** As kafkajs words them. */
const words = {
  NOT_ENOUGH_REPLICAS: 'Messages are rejected since there are fewer in-sync replicas than required',
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: 'Messages are written to the log, but to fewer in-sync replicas than required',
  NOT_LEADER_FOR_PARTITION: 'This server is not the leader for that topic-partition',
  MESSAGE_TOO_LARGE: 'The request included a message larger than the max message size the server will accept',
} as const

function protocolError(type: keyof typeof words): Error {
  return Object.assign(new Error(words[type]), { name: 'KafkaJSProtocolError', type })
}

/** What kafkajs throws when its retries are used up. */
function retriesExceeded(cause: Error): Error {
  return Object.assign(new Error(cause.message, { cause }), { name: 'KafkaJSNumberOfRetriesExceeded' })
}

const failed = (...errors: string[]): Attempt[] => errors.map(error => ({ error }))

describe('answers of kafkajs', () => {
  it('is rejected when the only attempt got a code that comes before the append', () => {
    expect(classify(protocolError('MESSAGE_TOO_LARGE'), failed(words.MESSAGE_TOO_LARGE))).toEqual({
      answer: 'rejected',
      code: 'MESSAGE_TOO_LARGE',
    })
  })

  it('is rejected when every hidden attempt got such a code', () => {
    const attempts = failed(words.NOT_ENOUGH_REPLICAS, words.NOT_ENOUGH_REPLICAS, words.NOT_ENOUGH_REPLICAS)
    expect(classify(retriesExceeded(protocolError('NOT_ENOUGH_REPLICAS')), attempts)).toEqual({
      answer: 'rejected',
      code: 'NOT_ENOUGH_REPLICAS',
    })
  })

  it('is unknown when an earlier hidden attempt may have been stored', () => {
    const error = retriesExceeded(protocolError('NOT_ENOUGH_REPLICAS'))
    const unknown = { answer: 'unknown', code: 'NOT_ENOUGH_REPLICAS' }
    expect(classify(error, failed('Closed connection', words.NOT_ENOUGH_REPLICAS))).toEqual(unknown)
    expect(classify(error, failed(words.NOT_ENOUGH_REPLICAS_AFTER_APPEND, words.NOT_ENOUGH_REPLICAS))).toEqual(unknown)
  })

  it('is unknown when kafkajs did not log how an attempt ended', () => {
    expect(classify(protocolError('MESSAGE_TOO_LARGE'), [{}])).toEqual({ answer: 'unknown', code: 'MESSAGE_TOO_LARGE' })
  })

  it('is rejected when no attempt was made', () => {
    const error = Object.assign(new Error('The producer is disconnected'), { name: 'KafkaJSError' })
    expect(classify(error, [])).toEqual({ answer: 'rejected', code: 'KafkaJSError' })
  })

  it('is unknown, with the name that Kafka documents, when the leader moved', () => {
    expect(
      classify(retriesExceeded(protocolError('NOT_LEADER_FOR_PARTITION')), failed(words.NOT_LEADER_FOR_PARTITION)),
    ).toEqual({
      answer: 'unknown',
      code: 'NOT_LEADER_OR_FOLLOWER',
    })
  })

  it('is unknown with the innermost name when no broker answered', () => {
    const closed = Object.assign(new Error('Closed connection'), { name: 'KafkaJSConnectionClosedError' })
    expect(classify(retriesExceeded(closed), failed('Closed connection'))).toEqual({
      answer: 'unknown',
      code: 'KafkaJSConnectionClosedError',
    })
  })

  it('has the name of whatever was thrown', () => {
    expect(codeOf('plain words')).toBe('plain words')
    expect(codeOf(undefined)).toBe('UNKNOWN_ERROR')
    expect(codeOf(new TypeError('x'))).toBe('TypeError')
  })

  it.each([
    'NOT_LEADER_OR_FOLLOWER',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'NOT_ENOUGH_REPLICAS_AFTER_APPEND',
    'REQUEST_TIMED_OUT',
    'OUT_OF_ORDER_SEQUENCE_NUMBER',
    'KAFKA_STORAGE_ERROR',
  ])('never counts %s as a refusal', code => {
    expect(beforeAppend.has(code)).toBe(false)
  })
})

describe('attempts of kafkajs', () => {
  const partitioner = observingPartitioner()
  const run = async (attempts: Attempt[], errors: string[]) =>
    observed(
      attempts,
      [Buffer.from('a'), Buffer.from('b')].map(value => ({ partition: 3, value })),
      async messages => {
        for (const error of errors) {
          for (const message of messages) expect(partitioner({ topic: 't', partitionMetadata: [], message })).toBe(3)
          await new Promise(setImmediate)
          say(error)
        }
      },
    )
  const log = observingLog(kafkajs.logLevel.ERROR)
  const say = (message: string, namespace = 'Producer') =>
    log({ namespace, level: kafkajs.logLevel.ERROR, label: 'ERROR', log: { timestamp: '', message } })

  it('are counted once per batch, each with its own error, in their own send', async () => {
    const one: Attempt[] = []
    const other: Attempt[] = []
    await Promise.all([run(one, ['Failed to send messages: x', 'y']), run(other, ['z'])])
    expect(one).toEqual([{ error: 'x' }, { error: 'y' }])
    expect(other).toEqual([{ error: 'z' }])
  })

  it('get no error that was logged before the first attempt, elsewhere in kafkajs, or outside a send', async () => {
    const attempts: Attempt[] = []
    await observed(
      attempts,
      [Buffer.from('a')].map(value => ({ partition: 0, value })),
      async ([message]) => {
        say('before')
        if (message) partitioner({ topic: 't', partitionMetadata: [], message })
        say('of the connection', 'Connection')
      },
    )
    say('after')
    expect(attempts).toEqual([{}])
  })
})

it('hands keys and headers on to kafkajs', async () => {
  const message = { partition: 1, value: Buffer.from('v'), key: Buffer.from('k'), headers: { id: Buffer.from('h') } }
  const sent = await observed([], [message], async messages => messages)
  expect(sent).toMatchObject([message])
})
