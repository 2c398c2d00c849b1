import fc from 'fast-check'
import { expect, test } from 'vitest'
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
