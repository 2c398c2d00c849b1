import { describe, expect, it } from 'vitest'
import { clientIds, conflictOf, ownSettingsOf, runsIn, settingsOf } from './catalog.ts'
import { loadLibrary, missingClient } from './index.ts'

describe('the catalog of client libraries', () => {
  it.each(['producer', 'consumer'] as const)(
    'lists libraries that load and support the role %s',
    { timeout: 60_000 },
    async role => {
      for (const id of [...clientIds('kafka', role), ...clientIds('rocketmq', role)].filter(
        client => runsIn(client) === 'node',
      )) {
        if ((await missingClient(id)) !== undefined) continue
        const library = await loadLibrary(id)
        expect(library.id).toBe(id)
        expect(role === 'producer' ? library.createProducer : library.createConsumer).toBeTypeOf('function')
      }
      expect(clientIds('kafka', role)).toEqual(['kafkajs', 'platformatic', 'librdkafka', 'java', 'command'])
      expect(clientIds('rocketmq', role)).toEqual([
        'rocketmq-remoting',
        'rocketmq-java',
        ...(role === 'producer' ? ['rocketmq-grpc'] : []),
      ])
    },
  )

  it.each([
    ['acks', 1],
    ['acks', '1'],
    ['acks', 'all'],
    ['acks', -1],
    ['acks', 0],
    ['enable.idempotence', true],
    ['retries', 0],
    ['compression.type', 'gzip'],
  ])('accepts %s=%s', (name, value) => {
    expect(settingsOf('kafkajs', 'producer').get(name)?.check(value)).toBeUndefined()
  })

  it.each([
    ['acks', 2],
    ['acks', 'some'],
    ['enable.idempotence', 'yes'],
    ['retries', -1],
    ['retries', 1.5],
    ['compression.type', 'zstd'],
    ['request.timeout.ms', 0],
  ])('refuses %s=%s', (name, value) => {
    expect(settingsOf('kafkajs', 'producer').get(name)?.check(value)).toMatch(/expected/)
  })

  it('does not list settings that a client cannot honour', () => {
    expect(settingsOf('kafkajs', 'producer').has('delivery.timeout.ms')).toBe(false)
    expect(settingsOf('kafkajs', 'producer').has('linger.ms')).toBe(false)
    expect(settingsOf('kafkajs', 'consumer').has('group.id')).toBe(false)
    expect(settingsOf('nobody', 'producer').size).toBe(0)
    expect(ownSettingsOf('kafkajs').has('serialSends')).toBe(true)
  })

  it('reports combinations of settings that a client refuses', () => {
    expect(conflictOf('kafkajs', 'producer', { 'enable.idempotence': true, acks: 1 })).toMatch(/acks=all/)
    expect(conflictOf('kafkajs', 'producer', { 'enable.idempotence': true, retries: 0 })).toMatch(/retries/)
    expect(conflictOf('kafkajs', 'producer', { 'enable.idempotence': true, acks: -1 })).toBeUndefined()
    expect(conflictOf('kafkajs', 'producer', { acks: 0 })).toBeUndefined()
    expect(conflictOf('kafkajs', 'consumer', { 'session.timeout.ms': 3000 })).toMatch(/heartbeat/)
  })
})
