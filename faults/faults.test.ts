import { expect, test } from 'vitest'
import { compare } from './cut-replication.ts'
import { acrossRing } from './partition.ts'

const ends = (leader: number, follower: number) => [
  { lane: 'a', partition: 0, leader: 1, ends: { 1: leader, 2: follower } },
]

test('a cut shows as a leader that grew and followers that stood still', () => {
  expect(compare(ends(10, 10), ends(60, 10), 1)).toEqual({ leaderGrew: true, leaderRecords: 50, followersMoved: [] })
})

test('a follower that moved, or a leader that did not, is no evidence', () => {
  expect(compare(ends(10, 10), ends(60, 12), 1).followersMoved).toEqual(['a-0 on broker 2: 2'])
  expect(compare(ends(10, 10), ends(10, 10), 1).leaderGrew).toBe(false)
})

test('a ring parts every node from all but its neighbours', () => {
  expect(acrossRing([1, 2, 3])).toEqual([])
  expect(acrossRing([1, 2, 3, 4])).toEqual([
    [1, 3],
    [2, 4],
  ])
  expect(acrossRing([1, 2, 3, 4, 5])).toEqual([
    [1, 3],
    [1, 4],
    [2, 4],
    [2, 5],
    [3, 5],
  ])
})
