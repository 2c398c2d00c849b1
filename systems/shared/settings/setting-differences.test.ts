import { expect, test } from 'vitest'
import { differences, isSameValue } from './setting-differences.ts'

test('a setting in force is no difference, however the broker spells its value', () => {
  const inForce = new Map([
    ['flush.messages', '1'],
    ['unclean.leader.election.enable', 'true'],
    ['min.cleanable.dirty.ratio', '0.50'],
    ['cleanup.policy', 'compact, delete'],
    ['flushDiskType', 'SYNC_FLUSH'],
  ])
  const requested = {
    'flush.messages': '1',
    'unclean.leader.election.enable': true,
    'min.cleanable.dirty.ratio': 0.5,
    'cleanup.policy': 'compact,delete',
    flushDiskType: 'SYNC_FLUSH',
  }
  expect(differences('topic', 't', requested, inForce)).toEqual([])
})

test('another value, and a setting that the broker does not know, are named with what was requested', () => {
  expect(differences('broker', 'broker-1', { a: 2, b: 'x', c: null }, new Map([['a', '1']]))).toEqual([
    { setting: 'broker.a', where: 'broker-1', requested: '2', inForce: '1' },
    { setting: 'broker.b', where: 'broker-1', requested: 'x' },
  ])
})

test.each([
  ['SYNC', 'SYNC_FLUSH', false],
  ['', '', true],
  ['a,b', 'b,a', false],
  [1, '1.0', true],
  [10, '1', false],
  [false, 'FALSE', true],
] as const)('%j and %j: %j', (requested, reported, same) => {
  expect(isSameValue(requested, reported)).toBe(same)
})
