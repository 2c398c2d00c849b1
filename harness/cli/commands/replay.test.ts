import { expect, test } from 'vitest'
import { tally } from './replay.ts'

test('the tally counts each verdict, the worst first', () => {
  expect(tally(['held', 'inconclusive', 'held'])).toBe('inconclusive 1 of 3, held 2 of 3')
  expect(tally(['held', 'held'])).toBe('held 2 of 2')
})
