import { expect, test } from 'vitest'
import { mostBehind, replicasMoved } from './follower-lag.ts'

const ends = (leader: number, follower: number) => [
  { lane: 'a', partition: 0, leader: 1, ends: { 1: leader, 2: follower } },
]

test('a cut shows as a leader that grew and followers that stood still', () => {
  expect(replicasMoved(ends(10, 10), ends(60, 10), 1)).toEqual({
    leaderGrew: true,
    leaderRecords: 50,
    followersMoved: [],
  })
})

test('a follower that moved is named with how far it moved', () => {
  expect(replicasMoved(ends(10, 10), ends(60, 12), 1).followersMoved).toEqual(['a-0 on broker 2: 2'])
})

test('a leader that did not grow, and partitions of other leaders, count as no growth', () => {
  expect(replicasMoved(ends(10, 10), ends(10, 10), 1).leaderGrew).toBe(false)
  expect(replicasMoved(ends(10, 10), ends(60, 10), 2)).toEqual({
    leaderGrew: false,
    leaderRecords: 0,
    followersMoved: [],
  })
})

test('the slowest follower decides how far followers are behind', () => {
  expect(mostBehind([{ lane: 'a', partition: 0, leader: 1, ends: { 1: 50, 2: 48, 3: 30 } }], 1)).toBe(20)
  expect(mostBehind(ends(50, 30), 2)).toBe(0)
})
