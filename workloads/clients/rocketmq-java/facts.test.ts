import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Handling } from '../../../model/plan.ts'
import { handling as committed } from '../../../model/testing/handling.ts'
import { outcomeOf } from '../../rocketmq-remoting/index.ts'
import { ResponseCode } from '../../rocketmq-remoting/wire/codes.ts'
import { conflictOf, ownSettingsOf, settingsOf } from '../catalog.ts'

const producer = settingsOf('rocketmq-java', 'producer')
const consumer = settingsOf('rocketmq-java', 'consumer')
const handling: Handling = { ...committed, commit: 'library', onPoison: 'return-null' }

describe("settings of RocketMQ's Java client", () => {
  it.each([
    ['sendMsgTimeout', 500],
    ['retryTimesWhenSendFailed', 0],
    ['retryAnotherBrokerWhenNotStoreOK', true],
    ['compressType', 'ZSTD'],
    ['sendMsgMaxTimeoutPerRequest', -1],
  ])('accept %s=%s for a producer', (name, value) => {
    expect(producer.get(name)?.check(value)).toBeUndefined()
  })

  it.each([
    ['messageModel', 'BROADCASTING'],
    ['consumeFromWhere', 'CONSUME_FROM_LAST_OFFSET'],
    ['maxReconsumeTimes', 2],
    ['persistConsumerOffsetInterval', 100],
  ])('accept %s=%s for a consumer', (name, value) => {
    expect(consumer.get(name)?.check(value)).toBeUndefined()
  })

  it.each([
    ['sendMsgTimeout', '3s'],
    ['retryTimesWhenSendFailed', 1.5],
    ['retryAnotherBrokerWhenNotStoreOK', 'yes'],
    ['compressType', 'GZIP'],
  ])('refuse %s=%s', (name, value) => {
    expect(producer.get(name)?.check(value)).toMatch(/expected/)
  })

  it.each([
    'namesrvAddr',
    'instanceName',
    'clientIP',
    'producerGroup',
    'consumerGroup',
    'namespaceV2',
    'enableTrace',
    'offsetStore',
  ])('leave out %s, which the driver sets', name => {
    expect(producer.has(name) || consumer.has(name)).toBe(false)
  })

  it('have no defaults that depend on the machine', () => {
    expect(producer.get('clientCallbackExecutorThreads')?.maps).toBe('passed on unchanged, int')
    expect(producer.get('retryTimesWhenSendFailed')?.maps).toBe('passed on unchanged, int; default 2')
  })

  it('include how a message is sent', () => {
    const own = ownSettingsOf('rocketmq-java')
    expect(own.get('send')?.check('async')).toBeUndefined()
    expect(own.get('send')?.check('later')).toMatch(/expected/)
    expect(own.get('queue')?.check('given')).toBeUndefined()
  })

  it('conflict with applications that the driver does not support', () => {
    const sending = { attempts: 1, backoffMs: 10, spool: 'none' as const, ackedWhen: ['SEND_OK' as const] }
    expect(conflictOf('rocketmq-java', 'producer', {}, { sending })).toBeUndefined()
    expect(conflictOf('rocketmq-java', 'producer', {}, { sending: { ...sending, spool: 'write-ahead' } })).toMatch(
      /spool/,
    )
    expect(conflictOf('rocketmq-java', 'producer', {}, { sending: { ...sending, ackedWhen: [] } })).toMatch(
      /ackedWhen is empty/,
    )
    expect(conflictOf('rocketmq-java', 'consumer', {}, { handling })).toBeUndefined()
    expect(conflictOf('rocketmq-java', 'consumer', {}, { handling: { ...handling, idempotent: true } })).toMatch(
      /idempotent/,
    )
    expect(conflictOf('rocketmq-java', 'consumer', { messageModel: 'LITE_SELECTIVE' })).toMatch(/BROADCASTING/)
    expect(conflictOf('rocketmq-java', 'consumer', { clientRebalance: false })).toMatch(/POP/)
    expect(conflictOf('rocketmq-java', 'consumer', { consumeThreadMin: 21 })).toMatch(/consumeThreadMax/)
    expect(conflictOf('rocketmq-java', 'consumer', { consumeThreadMax: 1 })).toBeUndefined()
  })
})

describe("answers of RocketMQ's Java client", () => {
  const source = readFileSync(new URL('../java/src/rocketmq/lossproof/Answers.java', import.meta.url), 'utf8')
  const listed = (name: string) =>
    new RegExp(`${name} = Set\\.of\\((?<codes>[^)]*)\\)`).exec(source)?.groups?.['codes'] ?? ''

  it('are rejected for the same codes as those of the rocketmq-remoting client', () => {
    const codes = Object.entries(ResponseCode).filter(
      ([name, code]) => outcomeOf({ kind: 'refused', code, name, remark: '' }).answer === 'rejected',
    )
    expect(new Set([...listed('REFUSALS').matchAll(/ResponseCode\.(\w+)/g)].map(match => match[1]))).toEqual(
      new Set(codes.map(([name]) => name)),
    )
  })

  it('are rejected for the same remarks', () => {
    const remarks = [...source.matchAll(/List\.of\(\s*(?<quoted>"[^;]*?")\)/g)].map(match =>
      [...(match.groups?.['quoted'] ?? '').matchAll(/"([^"]*)"/g)].map(quoted => quoted[1] ?? ''),
    )
    expect(remarks.map(group => group.length)).toEqual([5, 5])
    for (const [at, code] of [ResponseCode.SYSTEM_BUSY, ResponseCode.SYSTEM_ERROR].entries()) {
      for (const remark of remarks[at] ?? [])
        expect(outcomeOf({ kind: 'refused', code, name: '', remark }).answer, remark).toBe('rejected')
      expect(outcomeOf({ kind: 'refused', code, name: '', remark: 'anything else' }).answer).toBe('unknown')
    }
  })
})
