import { expect, test } from 'vitest'
import { pairsAcrossRing } from './partition-ring.ts'

test('a ring cuts every node off from all nodes but its two neighbours', () => {
  expect(pairsAcrossRing([1, 2, 3])).toEqual([])
  expect(pairsAcrossRing([1, 2, 3, 4])).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(pairsAcrossRing([1, 2, 3, 4, 5])).toEqual([
    [1, 3],
    [1, 4],
    [2, 4],
    [2, 5],
    [3, 5],
  ])
})
