import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changed, demo, planOf, refusalOf } from '../testing/demo.ts'
import { expandMatrix, matches, parseSelector, slugOf } from './matrix.ts'

test('the matrix is the product of its values without the excluded points', () => {
  const values = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('topic.a', 'topic.b', 'producer.c'), values),
      fc.integer({ min: 0, max: 9 }),
      (matrix, excluded) => {
        const all = expandMatrix(matrix, [])
        expect(all).toHaveLength(Object.values(matrix).reduce((product, list) => product * list.length, 1))
        expect(new Set(all.map(point => JSON.stringify(point))).size).toBe(all.length)
        const some = expandMatrix(matrix, [{ 'topic.a': excluded }])
        expect(some).toEqual(all.filter(point => !matches(point, { 'topic.a': excluded })))
      },
    ),
  )
})

test('a selector can leave out the place of a setting', () => {
  expect(matches({ 'producer.acks': 1 }, parseSelector('acks=1') ?? {})).toBe(true)
  expect(matches({ 'producer.acks': 'all' }, parseSelector('acks=1') ?? {})).toBe(false)
  expect(parseSelector('acks')).toBeUndefined()
})

test('a slug is a legal folder name for any values', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), point => {
      expect(slugOf(point)).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
    }),
  )
})

describe('cells given one by one', () => {
  const listed = (cells: string) =>
    changed(demo, 'matrix:\n    producer.acks: [1, all]', `cells:\n${cells}`).replace(/expect:[\s\S]*claim:.*/, '')

  test('are the cells of the scenario, and the first one has the name of the scenario', () => {
    const { cells } = planOf(
      listed('    - { producer.acks: 1 }\n    - { producer.acks: all, topic.min.insync.replicas: 2 }\n    - {}'),
    )
    expect(cells.map(({ id }) => id)).toEqual([
      'demo/producer.acks=1',
      'demo/producer.acks=all,topic.min.insync.replicas=2',
      'demo',
    ])
    expect(cells[1]?.settings).toMatchObject({ 'producer.acks': 'all', 'topic.min.insync.replicas': 2 })
  })

  test('cannot occur twice, also not in another order', () => {
    const twice = listed('    - { producer.acks: 1, topic.x: 2 }\n    - { topic.x: 2, producer.acks: 1 }')
    expect(refusalOf(twice).message).toBe('demo.yaml:10:7: lanes.cells has this cell twice: producer.acks=1,topic.x=2')
  })

  test('exclude a matrix', () => {
    const both = changed(
      listed('    - { producer.acks: 1 }'),
      '  cells:',
      '  matrix: { producer.retries: [0, 1] }\n  cells:',
    )
    expect(refusalOf(both).message).toBe('demo.yaml:8:3: lanes.cells and lanes.matrix exclude each other')
  })

  test('an unknown setting is refused at its line', () => {
    expect(refusalOf(listed('    - { producer.acks: 1 }\n    - { topic.retention.mss: 2 }')).message).toMatch(
      /^demo\.yaml:10:9: topic\.retention\.mss/,
    )
  })
})
