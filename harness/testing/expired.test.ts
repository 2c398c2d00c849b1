/** Messages below the log start: removed by retention, or cut off before retention came. */
import { describe, expect, test } from 'vitest'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, sent, stored, unknown } from './literal.ts'
import type { Literal } from './literal.ts'

const start = (o: number): LaneRecord => ({ op: 'start', p: 0, o, t: 8990 })
const expiring = (files: LaneRecord[][], more: Partial<Literal> = {}) =>
  check({ files, topicSettings: { 'retention.bytes': 1000 }, events: [...failover, fence(9)], ...more })

/** Broker 1 acknowledges two before the cut and two alone; broker 2 takes over behind the first two. */
const before = [sent(0, 500), acked(0, 510, 0), sent(1, 600), acked(1, 610, 1), sent(2, 1100), acked(2, 1110, 2)]
const alone = [sent(3, 1200), acked(3, 1210, 3)]

describe('a message below the log start', () => {
  test('has expired where the log was never cut back below it', () => {
    const { counts, verdict } = expiring([
      [...before, ...alone, sent(4, 6000), acked(4, 6010, 8)],
      [start(8), stored(4, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ expired: 4, lost: 0, stored: 1 })
    expect(verdict).toBe('held')
  })

  test('was lost where a later message got its offset', () => {
    const { counts, verdict } = expiring([
      [
        ...before,
        ...alone,
        sent(4, 6000),
        acked(4, 6010, 2),
        sent(5, 6100),
        acked(5, 6110, 3),
        sent(6, 6200),
        acked(6, 6210, 8),
      ],
      [start(8), stored(6, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ expired: 4, lost: 2, stored: 1 })
    expect(verdict).toBe('violated')
  })

  test('was lost where a later message got a lower offset, whatever became of its own', () => {
    const { counts } = expiring([
      [...before, ...alone, sent(4, 6000), acked(4, 6010, 2), sent(6, 6200), acked(6, 6210, 8)],
      [start(8), stored(6, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ expired: 3, lost: 2 })
  })

  test('has expired where only a repeated attempt came later: its answer names where the first one was stored', () => {
    const { counts } = expiring([
      [
        sent(0, 500),
        unknown(0, 550),
        sent(1, 600),
        acked(1, 610, 1),
        { op: 'sent', s: 0, p: 0, t: 700, n: 2 },
        { op: 'acked', s: 0, p: 0, o: 0, t: 710, n: 2 },
        sent(2, 6000),
        acked(2, 6010, 8),
      ],
      [start(8), stored(2, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ expired: 2, lost: 0 })
  })

  test('another partition says nothing about it', () => {
    const { counts } = expiring(
      [
        [...before, sent(4, 6000, 1), acked(4, 6010, 0, 1)],
        [start(8), ...closed(9), stored(4, 0, 0, 1), ...closed(1, 1)],
      ],
      { partitions: 2, events: [...failover, fence(9), fence(1, 1)] },
    )
    expect(counts).toMatchObject({ expired: 3, lost: 0 })
  })

  test('was never true where two acknowledgements name one offset in one epoch', () => {
    const { counts } = expiring([
      [sent(0, 6000), sent(1, 6001), acked(0, 6010, 2), acked(1, 6011, 2), sent(2, 6200), acked(2, 6210, 8)],
      [start(8), stored(2, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ expired: 0, clientLost: 2 })
  })

  test('cannot be judged where its acknowledgement names no offset', () => {
    const { counts, verdict, reasons } = expiring([
      [sent(0, 500), acked(0, 510), sent(1, 6000), acked(1, 6010)],
      [start(8), stored(1, 8, 1), ...closed(9)],
    ])
    expect(counts).toMatchObject({ unaccounted: 1, lost: 0, expired: 0 })
    expect(verdict).toBe('inconclusive')
    expect(reasons.join()).toContain('their acknowledgements name no offset: they may have expired')
  })
})
