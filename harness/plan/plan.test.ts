import { describe, expect, test } from 'vitest'
import { Plan as PlanSchema } from '../../model/plan.ts'
import { kafkaShape } from '../../systems/kafka/shape.ts'
import { jsonSchemas, schemaOf } from './schemas.ts'
import { ScenarioSource } from './scenario/source.ts'
import { changed, demo, planOf, refusalOf } from './testing/demo.ts'

describe('a scenario becomes cells, lanes and trials', () => {
  test('cells that differ in producer settings are lanes of one trial, each with its expectation', () => {
    const { cells, trials, claims } = planOf(demo)
    expect(trials).toHaveLength(1)
    expect(trials[0]?.lanes.map(lane => lane.id)).toEqual(['acks-1', 'acks-all'])
    expect(cells.map(cell => [cell.id, cell.expect.map(({ what, text }) => `${what}: ${text}`)])).toEqual([
      ['demo/producer.acks=1', ['lost: acked-in(cut)']],
      ['demo/producer.acks=all', ['lost: 0']],
    ])
    expect(cells[0]?.settings).toMatchObject({
      'producer.acks': 1,
      'topic.min.insync.replicas': 1,
      'broker.replica.lag.time.max.ms': 60_000,
      client: 'kafkajs',
    })
    expect(claims).toEqual([
      { id: 'demo', text: expect.stringContaining('leader alone'), cells: cells.map(cell => cell.id) },
    ])
  })

  test('cells that differ in broker settings of Kafka have trials of their own', () => {
    const { trials } = planOf(
      changed(
        demo,
        'producer.acks: [1, all]',
        'producer.acks: [1, all]\n    broker.log.flush.interval.messages: [1, 10]',
      ),
    )
    expect(
      trials.map(trial => [trial.id, trial.lanes.length, kafkaShape(trial).broker['log.flush.interval.messages']]),
    ).toEqual([
      ['demo-1', 2, 1],
      ['demo-2', 2, 10],
    ])
  })

  test('--only keeps the cells with the given settings, --set gives a setting to every cell', () => {
    expect(planOf(demo, { only: 'acks=1' }).cells.map(cell => cell.id)).toEqual(['demo/producer.acks=1'])
    expect(planOf(demo, { set: { 'producer.retries': 0 } }).trials[0]?.lanes[0]?.producer.settings).toEqual({
      acks: 1,
      retries: 0,
    })
    expect(refusalOf(demo, { only: 'acks=7' }).message).toBe('--only acks=7: no cell has these settings')
  })

  test('a plan survives a round trip through JSON', () => {
    const made = planOf(demo)
    expect(PlanSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made)
  })

  test('a file can hold several scenarios, and errors in each name their line', () => {
    const other = changed(demo, 'name: demo', 'name: other')
    expect(planOf(`${demo}---\n${other}`).trials.map(trial => trial.id)).toEqual(['demo', 'other'])
    expect(() => ScenarioSource.all('two.yaml', `${demo}---\n${changed(other, 'schedule:', 'shedule:')}`)).toThrow(
      /two\.yaml:35:1: unknown key "shedule"/,
    )
  })

  test('two scenarios with one name are refused', () => {
    expect(refusalOf(`${demo}---\n${demo}`).message).toBe(
      'demo.yaml:25:7: two scenarios are called "demo"; the other one is in demo.yaml',
    )
  })
})

describe('what applications do', () => {
  const consuming = changed(
    demo,
    '    client: kafkajs',
    '    client: kafkajs\n    consumer: { enable.auto.commit: false }',
  )

  test('an application commits after processing where the client does not commit', () => {
    expect(planOf(consuming).trials[0]?.lanes[0]?.consumer?.handling).toMatchObject({
      commit: 'after',
      unit: 'message',
      processing: 'inline',
    })
  })

  test('an application that commits switches the commits of the client off', () => {
    const before = changed(changed(consuming, '{ enable.auto.commit: false }', '{}'), '100B', '100B, commit: before')
    expect(planOf(before).trials[0]?.lanes[0]?.consumer).toMatchObject({
      handling: { commit: 'before' },
      settings: { 'enable.auto.commit': false },
    })
  })

  test.each([
    ['commit: befor', 'demo.yaml:11:', 'workload.commit: expected one of library, before, after, got "befor"'],
    ['comit: after', 'demo.yaml:11:', 'unknown key "comit" in workload'],
    ['consumers: 0', 'demo.yaml:11:', 'workload.consumers: expected a whole number from 1 to 100, got 0'],
    ['size: 10B', 'demo.yaml:11:', 'workload.size: expected at least 64B'],
    ['idempotent: yes please', 'demo.yaml:11:', 'workload.idempotent: expected true or false, got "yes please"'],
  ])('the workload setting %s is refused', (setting, at, message) => {
    const found = refusalOf(changed(consuming, 'size: 100B', setting))
    expect(found.message).toContain(at)
    expect(found.message).toContain(message)
  })

  test.each(['tags: A', 'subscriptions: A'])('messages of Kafka have no tags: %s is refused', setting => {
    expect(refusalOf(changed(consuming, 'size: 100B', setting)).message).toContain(
      `workload.${setting.split(':')[0]} has no effect on Kafka: messages of Kafka have no tags`,
    )
  })

  test('a commit by the application and auto commit contradict each other', () => {
    const both = changed(changed(consuming, 'commit: false', 'commit: true'), '100B', '100B, commit: after')
    expect(refusalOf(both).message).toMatch(
      /^demo\.yaml:11:\d+: workload\.commit: after contradicts consumer\.enable\.auto\.commit: true/,
    )
  })
})

describe('JSON Schemas', () => {
  test('every file that users write or tools read has one', () => {
    expect(Object.keys(jsonSchemas)).toEqual([
      'scenario',
      'plan',
      'lane-header',
      'producer-record',
      'consumer-record',
      'reader-record',
      'output-record',
      'trial-event',
      'run',
      'verdict',
      'audit',
      'stress',
    ])
    for (const name of Object.keys(jsonSchemas)) expect(schemaOf(name)).toHaveProperty('$schema')
  })

  test('the schema of scenarios describes cluster and workload settings', () => {
    const schema = JSON.stringify(schemaOf('scenario'))
    expect(schema).toContain('messages per second of each lane')
    expect(schema).toContain('slaves of each broker group')
  })

  test('an unknown name is refused with the nearest one', () => {
    expect(() => schemaOf('verdikt')).toThrow('unknown schema "verdikt"')
  })
})
