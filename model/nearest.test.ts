import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distance, nearest, suggestion } from './nearest.ts'

test('nearest finds a misspelt word, and nothing for a word that is far from all', () => {
  expect(nearest('crahs', ['crash', 'cut'])).toBe('crash')
  expect(nearest('earthquake', ['crash', 'cut'])).toBeUndefined()
})

test('the suggestion falls back to the given text', () => {
  expect(suggestion('crahs', ['crash', 'cut'], 'one of crash, cut')).toBe('did you mean "crash"?')
  expect(suggestion('earthquake', ['crash', 'cut'], 'one of crash, cut')).toBe('one of crash, cut')
})

test('the distance is symmetric, and 0 only for equal words', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
      expect(distance(a, b)).toBe(distance(b, a))
      expect(distance(a, b) === 0).toBe(a === b)
    }),
  )
})
