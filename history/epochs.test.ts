import { expect, test } from 'vitest'
import { Epochs } from './epochs.ts'
import type { TrialEvent } from './events.ts'

/** Elections among these pairs of leader and epoch, one a second. */
const elections = (...seen: readonly (readonly [leader: number, epoch: number])[]) => {
  const events = seen.map(([leader, epoch], at): TrialEvent => ({
    kind: 'leader',
    t: at * 1000,
    lane: 'a',
    p: 0,
    leader,
    epoch,
  }))
  return new Epochs(events, 'a').elections().map(({ leader, epoch, before }) => [leader, epoch, before])
}

test('the first state is no election, each later epoch is one', () => {
  expect(elections([1, 4])).toEqual([])
  expect(elections([1, 4], [-1, 5], [2, 6])).toEqual([
    [-1, 5, 1],
    [2, 6, 1],
  ])
})

test('a leader that is back in its epoch, and an old view that is seen again, are no elections', () => {
  expect(elections([1, 1], [2, 2], [-1, 2], [2, 2])).toEqual([[2, 2, 1]])
  expect(elections([1, 1], [2, 2], [1, 1], [2, 2])).toEqual([[2, 2, 1]])
  expect(elections([-1, 0], [1, 0])).toEqual([])
})

test('another leader in the same epoch is one', () => {
  expect(elections([1, 1], [-1, 2], [2, 2], [3, 2])).toEqual([
    [-1, 2, 1],
    [2, 2, 1],
    [3, 2, 2],
  ])
})
