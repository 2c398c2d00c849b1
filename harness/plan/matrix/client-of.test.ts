import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LossproofError } from '../../../model/errors.ts'
import { defaultVersions } from '../../../systems/index.ts'
import { makePlan } from '../plan.ts'
import { ScenarioSource } from '../scenario/source.ts'
import { folderOf } from './client-of.ts'

const planned = (client: string, more = '', file = 'mine/s.yaml') => {
  const text = `name: s\nsystem: kafka\nlanes:\n  defaults:\n    client: ${client}\n${more}`
  const [trial] = makePlan('s', [new ScenarioSource(file, text)], { seed: 1, defaultVersions }).trials
  const [lane] = trial?.lanes ?? []
  if (!lane) throw new Error('no lane')
  return lane
}
const consumer = '    consumer: { session.timeout.ms: 6000, my.own: x }\n'

function refusal(client: string, more = ''): string {
  try {
    planned(client, more)
  } catch (error) {
    if (error instanceof LossproofError) return `${error.message} ${error.hint ?? ''}`
    throw error
  }
  throw new Error('it was accepted')
}

describe('a client that is a command', () => {
  it('plays both roles, runs in the folder of the scenario, and takes settings of every name', () => {
    const lane = planned('{ command: [python3, app.py] }', consumer + '    producer: { acks: 1, linger: 3 }\n')
    const own = { folder: 'mine', command: '["python3","app.py"]' }
    expect(lane.producer).toMatchObject({ client: 'command', clientSettings: own, settings: { acks: 1, linger: 3 } })
    expect(lane.consumer).toMatchObject({ client: 'command', clientSettings: own, settings: { 'my.own': 'x' } })
  })

  it('may be another one for each role, or stand beside a client library', () => {
    const two = planned('{ producer: { command: [a] }, consumer: { command: b c, folder: /x } }', consumer)
    expect(two.producer.clientSettings['command']).toBe('["a"]')
    expect(two.consumer?.clientSettings).toEqual({ command: 'b c', folder: '/x' })
    const mixed = planned('{ command: [a], consumer: java }', '    consumer: {}\n')
    expect([mixed.producer.client, mixed.consumer?.client]).toEqual(['command', 'java'])
    expect(mixed.consumer?.clientSettings).toEqual({})
    const other = planned('{ consumer: { image: registry/x, command: [a] } }', consumer)
    expect([other.producer.client, other.consumer?.client]).toEqual(['kafkajs', 'command'])
    expect(other.consumer?.clientSettings).toEqual({ image: 'registry/x', command: '["a"]' })
  })

  it('can vary in the matrix', () => {
    const text = 'name: s\nsystem: kafka\nlanes: { matrix: { client.command: [python3 a.py, python3 b.py] } }\n'
    const { cells, trials } = makePlan('s', [new ScenarioSource('s.yaml', text)], { seed: 1, defaultVersions })
    expect(cells.map(({ id }) => id)).toEqual(['s/client.command=python3 a.py', 's/client.command=python3 b.py'])
    expect(trials[0]?.lanes.map(({ producer }) => producer.clientSettings['folder'])).toEqual(['.', '.'])
  })

  it.each([
    ['{ comand: [a] }', '', /expected the name of a client library under "library", or a client of your own/],
    ['{ command: [] }', '', /client/],
    ['{ command: "" }', '', /client\.command: expected a command/],
    ['{ command: [a], fromat: verifiable }', '', /client\.fromat: command does not support this setting.*"format"/],
    ['{ command: [a], format: json }', '', /client\.format: expected one of records, verifiable/],
    ['{ command: [a], entrypoint: [b] }', '', /client\.entrypoint needs client\.image/],
    ['{ image: a, folder: b }', '', /folder has no effect in a container/],
    ['command', '', /needs a command/],
    ['{ command: [a] }', 'workload: { spool: write-ahead }\n', /workload\.spool has no effect on a client of your own/],
    ['{ command: [a] }', 'workload: { attempts: 2 }\n', /workload\.attempts has no effect/],
    ['{ command: [a] }', 'workload: { poisonEvery: 3 }\n', /workload\.poisonEvery has no effect/],
    ['{ command: [a] }', 'workload: { processing: worker }\n', /workload\.processing has no effect/],
    ['{ command: [a], format: verifiable }', 'workload: { commit: before }\n', /VerifiableConsumer commits after/],
    ['{ command: [a], format: verifiable }', 'workload: { batch: 2 }\n', /workload\.batch has no effect/],
    ['{ command: [a], format: verifiable, consumer: java }', '    consumer: {}\n', /java does not understand/],
  ])('is refused with the reason: %s %s', (client, more, reason) => {
    expect(refusal(client, more)).toMatch(reason)
  })
})

it('the example in Python is a scenario', () => {
  const file = join(import.meta.dirname, '../../../examples/clients/python/scenario.yaml')
  const { trials } = makePlan('s', [new ScenarioSource(file, readFileSync(file, 'utf8'))], { seed: 1, defaultVersions })
  const folders = trials.flatMap(({ lanes }) => lanes.map(({ producer }) => producer.clientSettings['folder']))
  expect(folders).toEqual([dirname(file), dirname(file)])
})

it('the folder of a scenario is that of its file', () => {
  expect(['a/b.yaml', 'b.yaml', '/b.yaml'].map(folderOf)).toEqual(['a', '.', '/'])
})
