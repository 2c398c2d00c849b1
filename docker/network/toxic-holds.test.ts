import { expect, test } from 'vitest'
import { ToxicHolds } from './toxic-holds.ts'

const cut = { name: 'cut', type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } } as const
const latency = (ms: number) =>
  ({ name: 'latency', type: 'latency', stream: 'upstream', attributes: { latency: ms } }) as const

test('two faults that need one toxic: the first adds it, the last one to be healed removes it', () => {
  const holds = new ToxicHolds()
  expect([holds.take('replication-1', cut), holds.take('replication-1', cut)]).toEqual([true, false])
  expect(holds.take('replication-2', cut)).toBe(true)
  expect([holds.release('replication-1', 'cut'), holds.release('replication-1', 'cut')]).toEqual([false, true])
  expect(holds.take('replication-1', cut)).toBe(true)
})

test('a toxic that is not there can be removed again', () => {
  expect(new ToxicHolds().release('replication-1', 'cut')).toBe(true)
})

test('two faults that set one toxic differently are an error that names both', () => {
  const holds = new ToxicHolds()
  holds.take('producer-1', latency(100))
  expect(() => holds.take('producer-1', latency(300))).toThrow(
    'link producer-1 already has the toxic latency with {"latency":100}; another fault wants it with {"latency":300}',
  )
})
