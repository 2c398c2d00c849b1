import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { overrideOf, startableFile, variablesOf } from './override.ts'

const file = `version: "3.8"
x-common: &common
  KAFKA_LISTENERS: HOST://:9092
services:
  kafka1:
    image: apache/kafka:4.1.0
    environment: { <<: *common, KAFKA_NODE_ID: 1, EMPTY: }
  ui:
    image: ui
    environment: ["A=b=c", HOME]
networks:
  front: {}
  theirs: { external: true }
volumes:
  data:
`
const labels = { 'lossproof.run': 'r' }
const startable = (text: string) => startableFile('shop.yml', text)

test('all that the project creates gets the labels; what exists already does not', () => {
  expect(parse(overrideOf(startable(file), labels, { kafka1: { KAFKA_LISTENERS: 'X://:1' } }))).toEqual({
    version: '3.8',
    services: { kafka1: { labels, environment: { KAFKA_LISTENERS: 'X://:1' } }, ui: { labels } },
    networks: { default: { labels }, front: { labels } },
    volumes: { data: { labels } },
  })
})

test('variables of a service come from a map with merged parts, or from a list', () => {
  const parsed = startable(file)
  expect(variablesOf(parsed, 'kafka1')).toEqual({ KAFKA_LISTENERS: 'HOST://:9092', KAFKA_NODE_ID: '1' })
  expect(variablesOf(parsed, 'ui')).toEqual({ A: 'b=c' })
})

test.each([
  ['services: { a: { build: . } }', 'the service "a" is built from source'],
  ['services: { a: { extends: b }, b: { image: i } }', 'the service "a" extends another'],
  ['include: [b.yml]\nservices: { a: { image: i } }', 'a project with include is not started'],
  ['services: { a: { image: i } }\nvolumes: { data: { name: theirs } }', 'the volume "data" has a name of its own'],
  ['services: { a: { image: i } }\nvolumes: { data: { external: true } }', 'the volume "data" has a name of its own'],
])('refuses %s, with the way out', (text, why) => {
  expect(() => startable(text)).toThrow(`shop.yml: ${why}`)
  expect(() => startable(text)).toThrow(
    expect.objectContaining({ exitCode: 2, hint: expect.stringContaining('attach: true') }),
  )
})

test('refuses what is no compose file', () => {
  expect(() => startable('[]')).toThrow('shop.yml: no docker-compose file')
})
