import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allocate } from './allocate.ts'

const queues = (count: number) =>
  Array.from({ length: count }, (_, queueId) => ({ topic: 't', brokerName: 'b', queueId }))
const ids = (count: number) => Array.from({ length: count }, (_, at) => `client-${at}`)

describe('allocation of queues', () => {
  test('gives the same shares as the Java client', () => {
    const shares = (members: number, count: number) =>
      ids(members).map(id => allocate(id, queues(count), ids(members)).map(queue => queue.queueId))
    expect(shares(3, 8)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ])
    expect(shares(2, 4)).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(shares(3, 2)).toEqual([[0], [1], []])
  })

  test('gives every queue to one member, in shares that differ by at most one', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 12 }), (count, members) => {
        const shares = ids(members).map(id => allocate(id, queues(count), ids(members)))
        expect(shares.flat()).toEqual(queues(count))
        const sizes = shares.map(share => share.length)
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
    )
  })

  test('gives nothing to a client that is not a member', () => {
    expect(allocate('stranger', queues(4), ids(2))).toEqual([])
  })
})
