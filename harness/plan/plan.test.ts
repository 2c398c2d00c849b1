import { kafkaShape } from '../../systems/kafka/shape.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LossproofError } from '../../model/errors.ts'
import { expandMatrix, matches, parseSelector, slugOf } from './matrix.ts'
import { distance, nearest } from '../../model/nearest.ts'
import { makePlan } from './plan.ts'
import type { PlanOptions } from './plan.ts'
import { ScenarioSource } from './scenario/source.ts'
import { triggerWords } from '../../model/trigger-words.ts'
import type { Plan } from '../../model/plan.ts'
import { Plan as PlanSchema } from '../../model/plan.ts'
import { parseDuration, parseRate, parseSize } from './scenario/units.ts'

const text = `name: demo
system: kafka
cluster: { brokers: 3, broker: { replica.lag.time.max.ms: 60000 } }
lanes:
  defaults:
    topic: { replication.factor: 3, min.insync.replicas: 1 }
    client: kafkajs
  matrix:
    producer.acks: [1, all]
workload: { rate: 200/s, size: 100B }
schedule:
  - after: { acked: 200 }
    inject: { fault: cut-replication, target: leader, window: cut }
  - after: { acked: 50, in: cut, lane: acks=1 }
    inject: { fault: crash, target: leader }
  - after: { leader-changed: true }
    heal: all
expect:
  - when: { producer.acks: 1 }
    lost: acked-in(cut)
  - when: { producer.acks: all }
    lost: 0
claim: An acknowledgement by the leader alone does not survive the leader.
`

const options: PlanOptions = { seed: 7, defaultVersions: { kafka: '4.3.1' } }
const plan = (yaml: string, extra: Partial<PlanOptions> = {}): Plan =>
  makePlan('demo', [new ScenarioSource('demo.yaml', yaml)], { ...options, ...extra })

function refusal(yaml: string): { message: string; hint: string | undefined } {
  try {
    plan(yaml)
  } catch (error) {
    if (error instanceof LossproofError && error.code === 'scenario')
      return { message: error.message, hint: error.hint }
    throw error
  }
  throw new Error('it was accepted')
}

test('flushed is asked of brokers that can tell it', () => {
  expect(refusal(text.replace('acked: 50, in: cut,', 'flushed: true,')).message).toContain('only brokers of RocketMQ')
})

describe('composites', () => {
  const repeated = text
    .replace(
      /schedule:[\s\S]*expect:/,
      `schedule:
  - repeat: 2
    steps:
      - after: { acked: 20, since: last-step }
        inject: { fault: crash, target: next, window: round }
      - after: { acked: 10, in: round }
        heal: [crash]
expect:`,
    )
    .replace('acked-in(cut)', 'acked-in(round-2)')

  test('a repeat is written out, each round with windows and faults of its own', () => {
    const [trial] = plan(repeated).trials
    expect(
      trial?.schedule.map(step => [triggerWords(step.after), step.inject.map(call => call.id), step.window, step.heal]),
    ).toEqual([
      ['20 acked since the last step', ['crash-1'], 'round-1', undefined],
      ['10 acked in round-1', [], undefined, ['crash-1']],
      ['20 acked since the last step', ['crash-2'], 'round-2', undefined],
      ['10 acked in round-2', [], undefined, ['crash-2']],
    ])
  })

  test('mistakes in a repeat are told with their line', () => {
    expect(refusal(repeated.replace('in: round ', 'in: rond ')).message).toMatch(/demo\.yaml:16:\d+: no window "rond"/)
    expect(refusal(repeated.replace('target: next', 'target: nxt'))).toMatchObject({
      hint: expect.stringContaining('did you mean "next"'),
    })
    expect(refusal(repeated.replace('repeat: 2', 'repeat: 0')).message).toContain('demo.yaml:12:')
  })

  test('a target that no node of this cluster can be is refused', () => {
    expect(
      refusal(text.replace('fault: crash, target: leader', 'fault: leader-transfer, to: broker-9')).message,
    ).toContain('there is no broker-9 among 3 brokers')
    expect(refusal(text.replace('fault: crash, target: leader', 'fault: partition-ring')).message).toContain(
      'it takes four brokers',
    )
    expect(
      refusal(text.replace('fault: crash, target: leader', 'fault: crash-client, target: consumer')).message,
    ).toContain('no lane has a consumer')
    expect(
      refusal(
        text
          .replace('brokers: 3', 'brokers: 2')
          .replace('replication.factor: 3', 'replication.factor: 2')
          .replace('fault: crash, target: leader', 'fault: crash, target: minority'),
      ).message,
    ).toContain('none is a minority')
  })
})

describe('what applications do', () => {
  const consuming = text.replace(
    '    client: kafkajs',
    '    client: kafkajs\n    consumer: { enable.auto.commit: false }',
  )

  test('a consumer that commits by itself does it after processing unless told otherwise, and the client does not', () => {
    expect(plan(consuming).trials[0]?.lanes[0]?.consumer?.handling).toMatchObject({
      commit: 'after',
      unit: 'message',
      processing: 'inline',
    })
    const before = plan(
      consuming.replace('{ enable.auto.commit: false }', '{}').replace('size: 100B', 'size: 100B, commit: before'),
    ).trials[0]?.lanes[0]?.consumer
    expect(before).toMatchObject({ handling: { commit: 'before' }, settings: { 'enable.auto.commit': false } })
  })

  test.each([
    ['a word that is none', 'commit: befor', 'workload.commit: expected one of library, before, after, got "befor"'],
    ['two wills at once', 'commit: after', 'exclude each other', 'enable.auto.commit: true'],
    ['a setting that is none', 'comit: after', 'unknown key "comit" in workload'],
  ])('%s is refused with its line', (_, setting, message, consumer = 'enable.auto.commit: false') => {
    const found = refusal(
      consuming.replace('enable.auto.commit: false', consumer).replace('size: 100B', `size: 100B, ${setting}`),
    )
    expect(found.message).toMatch(/^demo\.yaml:11:/)
    expect(found.message).toContain(message)
  })
})

test('a file may hold several scenarios, and mistakes in each are told with their line', () => {
  const two = `${text}---\n${text.replace('name: demo', 'name: other')}`
  expect(ScenarioSource.all('two.yaml', two).map(source => source.scenario.name)).toEqual(['demo', 'other'])
  expect(() => ScenarioSource.all('two.yaml', `${text}---\n${text.replace('schedule:', 'shedule:')}`)).toThrow(
    /two\.yaml:35:1: unknown key "shedule"/,
  )
})

describe('a scenario becomes cells, lanes and trials', () => {
  test('cells that differ in producer settings are lanes of one trial, each with its expectation', () => {
    const { cells, trials, claims } = plan(text)
    expect(trials).toHaveLength(1)
    expect(trials[0]?.lanes.map(lane => lane.id)).toEqual(['acks-1', 'acks-all'])
    expect(cells.map(cell => [cell.id, cell.expect.map(({ what, text: as }) => `${what}: ${as}`)])).toEqual([
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

  test('cells that differ in broker settings are trials', () => {
    const { trials } = plan(
      text.replace(
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

  test('the schedule names its lanes, windows and faults', () => {
    const [trial] = plan(text).trials
    expect(
      trial?.schedule.map(step => [
        step.window,
        step.quiesce,
        step.after.lanes,
        step.inject.map(call => call.id),
        step.heal,
      ]),
    ).toEqual([
      ['cut', true, ['acks-1', 'acks-all'], ['cut-replication-1'], undefined],
      [undefined, true, ['acks-1'], ['crash-1'], undefined],
      [undefined, false, ['acks-1', 'acks-all'], [], 'all'],
    ])
  })

  test('a lane with one replica has no new leader to wait for', () => {
    const { trials } = plan(
      text.replace('producer.acks: [1, all]', 'producer.acks: [1, all]\n    topic.replication.factor: [1, 3]'),
    )
    expect(trials[0]?.schedule[2]?.after.lanes).toEqual([
      'acks-1.replication.factor-3',
      'acks-all.replication.factor-3',
    ])
  })

  test('--only and --set', () => {
    expect(plan(text, { only: 'acks=1' }).cells.map(cell => cell.id)).toEqual(['demo/producer.acks=1'])
    expect(plan(text, { set: { 'producer.retries': 0 } }).trials[0]?.lanes[0]?.producer.settings).toEqual({
      acks: 1,
      retries: 0,
    })
    expect(() => plan(text, { only: 'acks=7' })).toThrow('no cell has acks=7')
  })

  test('a plan survives its own JSON', () => {
    const made = plan(text)
    expect(PlanSchema.parse(JSON.parse(JSON.stringify(made)))).toEqual(made)
  })
})

describe('bad input is refused with file, line and the nearest right word', () => {
  test.each([
    ['an unknown key', ['schedule:', 'shedule:'], 'demo.yaml:11:1: unknown key "shedule"', 'schedule'],
    [
      'an unknown key further in',
      ['brokers: 3', 'brokrs: 3'],
      'demo.yaml:3:12: unknown key "brokrs" in cluster',
      'brokers',
    ],
    [
      'an unknown trigger',
      ['acked: 200', 'aked: 200'],
      'demo.yaml:12:14: unknown key "aked" in schedule.0.after',
      'acked',
    ],
    ['an unknown system', ['system: kafka', 'system: kafak'], 'demo.yaml:2:9: system: unknown word "kafak"', 'kafka'],
    ['an unknown fault', ['fault: crash', 'fault: crsh'], 'demo.yaml:15:22: unknown fault "crsh"', 'crash'],
    [
      'a role that the fault cannot hit',
      ['cut-replication, target: leader', 'cut-replication, target: leadr'],
      'demo.yaml:13:47: fault cut-replication has no target "leadr"',
      'leader',
    ],
    [
      'a parameter that the fault does not have',
      ['window: cut', 'windw: cut'],
      'demo.yaml:13:55: fault cut-replication has no parameter "windw"',
      'window',
    ],
    ['a window that was not opened', ['in: cut', 'in: kut'], 'demo.yaml:14:29: no window "kut"', 'cut'],
    ['an expectation about no window', ['acked-in(cut)', 'acked-in(cat)'], 'demo.yaml:20:11: no window "cat"', 'cut'],
    [
      'an unknown cause',
      ['    lost: 0', '    cause: unsynced-page'],
      'demo.yaml:22:5: cause: "unsynced-page" is no expectation',
      'unsynced-pages',
    ],
    [
      'a cause that says nothing',
      ['    lost: 0', '    cause: [disk-wiped, not-established]'],
      'demo.yaml:22:5: cause: ["disk-wiped","not-established"] is no expectation',
      'cannot be expected',
    ],
    ['an unknown outcome', ['    lost: 0', '    losd: 0'], 'demo.yaml:22:5: nothing can be expected of "losd"', 'lost'],
    [
      'an unknown set',
      ['acked-in(cut)', 'aked-in(cut)'],
      'demo.yaml:20:5: lost: "aked-in(cut)" is no expectation',
      'acked-in',
    ],
    [
      'a setting that the client cannot honour',
      ['producer.acks: [1', 'producer.akcs: [1'],
      'producer.akcs: the client cannot honour this setting',
      'acks',
    ],
    ['an unknown client', ['client: kafkajs', 'client: kafkjs'], 'no producer client "kafkjs" for kafka', 'kafkajs'],
    [
      'an unknown place',
      ['producer.acks: [1', 'produser.acks: [1'],
      'demo.yaml:9:5: "produser.acks" does not begin with a place',
      'producer',
    ],
    ['a rate without unit', ['200/s', '200'], undefined, undefined],
  ])('%s', (_, [from, to], message, word) => {
    const yaml = text.replace(from ?? '', to ?? '')
    if (message === undefined) return expect(plan(yaml).trials).toHaveLength(1)
    const refused = refusal(yaml)
    expect(refused.message).toContain(message)
    expect(refused.hint).toContain(word)
  })

  test.each([
    ['a lane selector that names none', ['lane: acks=1', 'lane: acks=2'], 'demo.yaml:14:40: no lane has acks=2'],
    [
      'a bad value',
      ['producer.acks: [1, all]', 'producer.acks: [1, two]'],
      'producer.acks: expected one of 0, 1, all, -1, got two',
    ],
    ['a role without a target', ['fault: crash, target: leader', 'fault: crash, target: follower'], undefined],
    [
      'a tie between expectations',
      ['  - when: { producer.acks: all }', '  - when: { topic.min.insync.replicas: 1 }'],
      'equally specific',
    ],
    ['a step that does nothing', ['    heal: all\n', ''], 'demo.yaml:16:5: a step that does nothing'],
    [
      'more replicas than brokers',
      ['replication.factor: 3', 'replication.factor: 5'],
      'replication.factor 5 needs more than 3 brokers',
    ],
    ['broken YAML', ['name: demo', 'name: [demo'], 'demo.yaml:'],
    [
      'a duration where a rate belongs',
      ['200/s', '200s'],
      'demo.yaml:10:19: workload.rate: expected a quantity such as 200/s',
    ],
  ])('%s', (_, [from, to], message) => {
    const yaml = text.replace(from ?? '', to ?? '')
    if (message !== undefined) expect(refusal(yaml).message).toContain(message)
  })

  test('a role that no node can have is refused before anything starts', () => {
    const yaml = text
      .replace('replication.factor: 3', 'replication.factor: 1')
      .replace('fault: crash, target: leader', 'fault: crash, target: follower')
      .replace('leader-changed: true', 'offline: true')
    expect(refusal(yaml).message).toContain('target "follower" resolves to no node')
  })
})

describe('small parts', () => {
  test('units', () => {
    expect([parseRate('200/s'), parseRate('60/min'), parseRate('fast')]).toEqual([200, 1, undefined])
    expect([parseSize('100B'), parseSize('2KiB'), parseSize('2 bytes')]).toEqual([100, 2048, undefined])
    expect([parseDuration('500ms'), parseDuration('2min'), parseDuration(5)]).toEqual([500, 120_000, undefined])
  })

  test('the matrix is the product of its values without the excluded points', () => {
    const values = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('topic.a', 'topic.b', 'producer.c'), values),
        fc.integer({ min: 0, max: 9 }),
        (matrix, out) => {
          const all = expandMatrix(matrix, [])
          expect(all).toHaveLength(Object.values(matrix).reduce((product, list) => product * list.length, 1))
          expect(new Set(all.map(point => JSON.stringify(point))).size).toBe(all.length)
          const some = expandMatrix(matrix, [{ 'topic.a': out }])
          expect(some).toEqual(all.filter(point => !matches(point, { 'topic.a': out })))
        },
      ),
    )
  })

  test('a selector may leave the place out', () => {
    expect(matches({ 'producer.acks': 1 }, parseSelector('acks=1') ?? {})).toBe(true)
    expect(matches({ 'producer.acks': 'all' }, parseSelector('acks=1') ?? {})).toBe(false)
    expect(parseSelector('acks')).toBeUndefined()
  })

  test('a slug is a folder name whatever the values are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), point => {
        expect(slugOf(point)).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
      }),
    )
  })

  test('nearest finds a slip of the finger, and nothing far off', () => {
    expect(nearest('crahs', ['crash', 'cut'])).toBe('crash')
    expect(nearest('earthquake', ['crash', 'cut'])).toBeUndefined()
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a))
        expect(distance(a, b) === 0).toBe(a === b)
      }),
    )
  })
})
