import { expect, test } from 'vitest'
import { nodeIdOf } from './node-id.ts'
import { cannotRedirect, redirected } from './redirect.ts'

const port = (role: string) => ({ producer: 1, consumer: 2, observer: 3 })[role] ?? 0
const apache = {
  KAFKA_NODE_ID: '1',
  KAFKA_LISTENERS: 'HOST://:9092,CONTROLLER://:9093',
  KAFKA_ADVERTISED_LISTENERS: 'HOST://${IP}:9092',
}

test('three listeners are added to those of the service, each advertised at its proxy', () => {
  const own = { ...apache, KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'HOST:SSL,CONTROLLER:PLAINTEXT' }
  expect(redirected(own, port)).toEqual({
    KAFKA_LISTENERS:
      'HOST://:9092,CONTROLLER://:9093,LOSSPROOF_PRODUCER://:39092,LOSSPROOF_CONSUMER://:39093,LOSSPROOF_OBSERVER://:39094',
    KAFKA_ADVERTISED_LISTENERS:
      'HOST://${IP}:9092,LOSSPROOF_PRODUCER://127.0.0.1:1,LOSSPROOF_CONSUMER://127.0.0.1:2,LOSSPROOF_OBSERVER://127.0.0.1:3',
    KAFKA_LISTENER_SECURITY_PROTOCOL_MAP:
      'HOST:SSL,CONTROLLER:PLAINTEXT,LOSSPROOF_PRODUCER:PLAINTEXT,LOSSPROOF_CONSUMER:PLAINTEXT,LOSSPROOF_OBSERVER:PLAINTEXT',
  })
})

test('protocols that Kafka assumes by itself are written out, that of controllers included', () => {
  const { KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: map } = redirected(
    { ...apache, KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER' },
    port,
  )
  expect(map).toMatch(/^PLAINTEXT:PLAINTEXT,SSL:SSL,.*,CONTROLLER:PLAINTEXT,LOSSPROOF_PRODUCER:PLAINTEXT,/)
})

test('the names of bitnami are kept', () => {
  const bitnami = { KAFKA_CFG_NODE_ID: '7', KAFKA_CFG_LISTENERS: 'A://:1', KAFKA_CFG_ADVERTISED_LISTENERS: 'A://a:1' }
  expect(cannotRedirect('a', bitnami)).toBeUndefined()
  expect(nodeIdOf(bitnami)).toBe(7)
  expect(Object.keys(redirected(bitnami, port))[0]).toBe('KAFKA_CFG_LISTENERS')
})

test.each([
  [{}, 'does not set KAFKA_LISTENERS'],
  [{ ...apache, KAFKA_ADVERTISED_LISTENERS: undefined }, 'does not set KAFKA_ADVERTISED_LISTENERS'],
  [{ ...apache, KAFKA_NODE_ID: '${ID}' }, 'does not set KAFKA_NODE_ID to a number'],
])('a service with %j gets no proxy, and the reason is told', (variables, why) => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined))
  expect(cannotRedirect('kafka1', given as Record<string, string>)).toContain(`the service "kafka1" ${why}`)
})
