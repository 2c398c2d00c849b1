import { expect, test } from 'vitest'
import { outputWidth } from './width.ts'

test.each([
  [undefined, 100],
  [0, 100],
  [40, 60],
  [77, 77],
  [500, 200],
])('a terminal of %s columns gets lines of at most %i', (columns, width) => {
  expect(outputWidth(columns === undefined ? {} : { columns })).toBe(width)
})
