import { expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import { laneTrouble } from './lane-trouble.ts'

const differs = (where: string, inForce?: string, lane?: string): TrialEvent => ({
  kind: 'setting-differs',
  t: 1,
  setting: 'broker.flushDiskType',
  where,
  requested: 'SYNC',
  ...(inForce === undefined ? {} : { inForce }),
  ...(lane === undefined ? {} : { lane }),
})

test('a setting that is not in force makes one reason, which names the brokers', () => {
  const events = [differs('broker-1', 'ASYNC_FLUSH'), differs('broker-2', 'ASYNC_FLUSH'), differs('broker-3')]
  expect(laneTrouble(events, 'a')).toEqual([
    'broker.flushDiskType: SYNC was requested, but ASYNC_FLUSH is in force (broker-1, broker-2)',
    'broker.flushDiskType: SYNC was requested, but the broker does not know it (broker-3)',
  ])
})

test('what happened to another lane is no reason', () => {
  const events: TrialEvent[] = [
    differs('broker-1', 'ASYNC_FLUSH', 'b'),
    { kind: 'lane-failed', t: 1, lane: 'b', why: 'its topic was refused: INVALID_CONFIG' },
  ]
  expect(laneTrouble(events, 'a')).toEqual([])
  expect(laneTrouble(events, 'b')).toHaveLength(2)
  expect(laneTrouble(events, 'b')[0]).toBe('the lane could not take part: its topic was refused: INVALID_CONFIG')
})
