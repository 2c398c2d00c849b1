import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { handling } from '../../../model/testing/handling.ts'
import { beforeAppend } from '../kafka-common/before-append.ts'
import { conflictOf, settingsOf } from '../catalog.ts'

const producer = settingsOf('java', 'producer')
const consumer = settingsOf('java', 'consumer')

describe("settings of Kafka's Java client", () => {
  it.each([
    ['acks', 'all'],
    ['acks', -1],
    ['acks', 0],
    ['linger.ms', 0],
    ['delivery.timeout.ms', 3000],
    ['enable.idempotence', false],
    ['enable.idempotence', 'true'],
    ['compression.type', 'zstd'],
    ['compression.gzip.level', -1],
    ['compression.gzip.level', 9],
    ['metrics.recording.level', 'INFO'],
    ['metadata.recovery.strategy', 'none'],
    ['sasl.login.refresh.window.factor', 0.8],
    ['partitioner.class', 'x.Y'],
  ])('accept %s=%s', (name, value) => {
    expect(producer.get(name)?.check(value)).toBeUndefined()
  })

  it.each([
    ['acks', 2],
    ['acks', 'some'],
    ['linger.ms', -1],
    ['linger.ms', 1.5],
    ['linger.ms', ''],
    ['delivery.timeout.ms', '3s'],
    ['enable.idempotence', 'yes'],
    ['compression.type', 'gzip2'],
    ['compression.gzip.level', 0],
    ['compression.gzip.level', 10],
    ['sasl.login.refresh.window.factor', 0.1],
    ['max.in.flight.requests.per.connection', 0],
  ])('refuse %s=%s', (name, value) => {
    expect(producer.get(name)?.check(value)).toMatch(/expected/)
  })

  it('do not check values of an open list', () => {
    expect(consumer.get('auto.offset.reset')?.check('by_duration:PT1H')).toBeUndefined()
    expect(consumer.get('group.protocol')?.check('consumer')).toBeUndefined()
    expect(consumer.get('group.protocol')?.check('zookeeper')).toMatch(/expected/)
  })

  it.each([
    'bootstrap.servers',
    'client.id',
    'group.id',
    'transactional.id',
    'key.serializer',
    'value.deserializer',
    'interceptor.classes',
  ])('leave out %s, which the driver sets', name => {
    expect(producer.has(name) || consumer.has(name)).toBe(false)
  })

  it('conflict in the same combinations as in the client', () => {
    expect(conflictOf('java', 'producer', {})).toBeUndefined()
    expect(conflictOf('java', 'producer', { acks: 1 })).toBeUndefined()
    expect(conflictOf('java', 'producer', { retries: 0 })).toBeUndefined()
    expect(conflictOf('java', 'producer', { 'enable.idempotence': true, acks: 1 })).toMatch(/acks=all/)
    expect(conflictOf('java', 'producer', { 'enable.idempotence': true, retries: 0 })).toMatch(/retries/)
    expect(conflictOf('java', 'producer', { 'max.in.flight.requests.per.connection': 6 })).toMatch(/at most 5/)
    expect(
      conflictOf('java', 'producer', { 'max.in.flight.requests.per.connection': 6, 'enable.idempotence': false }),
    ).toBeUndefined()
    expect(conflictOf('java', 'producer', { 'delivery.timeout.ms': 3000 })).toMatch(/request\.timeout\.ms/)
    expect(conflictOf('java', 'producer', { 'delivery.timeout.ms': 3000, 'request.timeout.ms': 2000 })).toBeUndefined()
    expect(conflictOf('java', 'consumer', { 'session.timeout.ms': 3000 })).toMatch(/heartbeat/)
  })

  it('conflict with applications that the driver does not support', () => {
    expect(conflictOf('java', 'consumer', {}, { handling })).toBeUndefined()
    expect(conflictOf('java', 'consumer', {}, { handling: { ...handling, onPoison: 'throw-type-error' } })).toMatch(
      /workload.onPoison: throw/,
    )
    expect(conflictOf('java', 'consumer', {}, { handling: { ...handling, idempotent: true } })).toMatch(/idempotent/)
    expect(
      conflictOf(
        'java',
        'producer',
        {},
        { sending: { attempts: 3, backoffMs: 10, spool: 'none', ackedWhen: ['SEND_OK'] } },
      ),
    ).toBeUndefined()
    expect(
      conflictOf(
        'java',
        'producer',
        {},
        { sending: { attempts: 1, backoffMs: 10, spool: 'write-ahead', ackedWhen: ['SEND_OK'] } },
      ),
    ).toMatch(/spool/)
  })
})

describe("answers of Kafka's Java client", () => {
  it('count the same codes as refusals as the other clients, except two that the client also uses for batches it has sent', () => {
    const source = readFileSync(new URL('src/kafka/lossproof/Answers.java', import.meta.url), 'utf8')
    const listed = /BEFORE_APPEND = Set\.of\((?<codes>[^)]*)\)/.exec(source)?.groups?.['codes'] ?? ''
    const codes = [...listed.matchAll(/"(\w+)"/g)].map(match => match[1])
    expect(new Set([...codes, 'CLUSTER_AUTHORIZATION_FAILED', 'UNSUPPORTED_VERSION'])).toEqual(beforeAppend)
  })
})
