import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import type { LaneRecord } from '../../../history/records.ts'
import { acked, check, closed, failover, fence, lane, sent, stored, unknown } from '../../testing/literal.ts'
import { pausedBetween, pausesOf } from './pauses.ts'

const fault = (t: number, id: string, ...nodes: string[]): TrialEvent => ({
  kind: 'fault',
  t,
  id,
  fault: 'crash',
  target: 'leader',
  nodes: nodes.length > 0 ? nodes : ['broker-1'],
})
const leader = (t: number, p: number, id: number, epoch = 0): TrialEvent => ({
  kind: 'leader',
  t,
  lane,
  p,
  leader: id,
  epoch,
})
const producers = (t: number, paused: boolean): TrialEvent => ({ kind: 'producers', t, paused })
const recovery = (records: LaneRecord[], events: TrialEvent[]) =>
  check({ files: [records, closed(99)], events, partitions: 2 }).recovery
/** Acknowledged 10 ms after it was sent. */
const answered = (s: number, t: number, p = 0): LaneRecord[] => [sent(s, t, p), acked(s, t + 10, s, p)]

describe('figures', () => {
  test('no fault, no figures', () => {
    expect(recovery([...answered(0, 100), ...answered(1, 5000)], [leader(0, 0, 1)])).toEqual({})
  })

  test('from the fault to the first acknowledgement of what was sent after it; what waited meanwhile', () => {
    const records = [
      ...answered(0, 900),
      sent(1, 990),
      sent(2, 1100),
      sent(3, 1200),
      acked(1, 1300, 1),
      acked(3, 4000, 3),
      acked(2, 4100, 2),
      ...answered(4, 4200),
    ]
    // Message 1 was sent before the fault: its answer says nothing of the time after. 2 was answered later than 3.
    expect(recovery(records, [leader(0, 0, 1), fault(1000, 'a')])).toEqual({
      firstAckMs: 3000,
      unavailableMs: 2700,
      unackedMessages: 1,
    })
  })

  test('only partitions whose leader the fault hit are affected', () => {
    const records = [
      ...answered(0, 900),
      ...answered(1, 900, 1),
      sent(2, 1100),
      ...answered(3, 1200, 1),
      acked(2, 3000, 2),
    ]
    const hit = [leader(0, 0, 1), leader(0, 1, 2), fault(1000, 'a')]
    expect(recovery(records, hit)).toMatchObject({ firstAckMs: 2000, unackedMessages: 0 })
    expect(recovery(records, [...hit.slice(0, 2), fault(1000, 'a', 'broker-2')])).toMatchObject({ firstAckMs: 210 })
    // Aimed at a follower, or at a link: all partitions count.
    expect(recovery(records, [...hit.slice(0, 2), fault(1000, 'a', 'broker-3')])).toMatchObject({
      firstAckMs: 210,
      unackedMessages: 1,
    })
  })

  test('who leads is taken from when the fault was injected, of this lane', () => {
    const records = [sent(0, 1100), ...answered(1, 1200, 1), acked(0, 3000, 0)]
    const moved = [
      leader(0, 0, 1),
      leader(0, 1, 2),
      leader(500, 0, 2, 1),
      leader(500, 1, 1, 1),
      fault(1000, 'a'),
      leader(1100, 0, 1, 2),
    ]
    expect(recovery(records, moved)).toMatchObject({ firstAckMs: 210 })
    expect(
      recovery(records, [
        ...moved.slice(0, 2),
        { kind: 'leader', t: 500, lane: 'b', p: 0, leader: 3, epoch: 1 },
        fault(1000, 'a'),
      ]),
    ).toMatchObject({ firstAckMs: 2000 })
  })

  test('of several faults the one that took longest counts', () => {
    const records = [...answered(0, 900), sent(1, 1100), acked(1, 3000, 1), ...answered(2, 5100), ...answered(3, 9000)]
    expect(recovery(records, [leader(0, 0, 1), fault(1000, 'a'), fault(5000, 'b')])).toMatchObject({ firstAckMs: 2000 })
  })

  test('what was sent and never acknowledged leaves no first acknowledgement, and is counted', () => {
    const records = [...answered(0, 900), sent(1, 1100), unknown(1, 1500), sent(2, 1200)]
    expect(recovery(records, [leader(0, 0, 1), fault(1000, 'a')])).toEqual({ unackedMessages: 2 })
  })

  test('a fault behind the last send says nothing', () => {
    expect(recovery([...answered(0, 900)], [leader(0, 0, 1), fault(1000, 'a')])).toEqual({})
  })

  test('the longest gap is one that ends after the first fault', () => {
    const records = [...answered(0, 100), ...answered(1, 5000), ...answered(2, 6100), ...answered(3, 6900)]
    expect(recovery(records, [leader(0, 0, 1), fault(6000, 'a')])).toMatchObject({ unavailableMs: 1100 })
  })
})

describe("the harness's own pauses are left out", () => {
  const records = [...answered(0, 900), ...answered(1, 3500), ...answered(2, 5500)]
  const base = [leader(0, 0, 1), fault(1000, 'a')]

  test('as the history tells them', () => {
    expect(recovery(records, base)).toEqual({ firstAckMs: 2510, unavailableMs: 2600, unackedMessages: 0 })
    expect(recovery(records, [...base, producers(1000, true), producers(3000, false)])).toEqual({
      firstAckMs: 510,
      unavailableMs: 2000,
      unackedMessages: 0,
    })
  })

  test('a gap that is longest without them wins over one that is longest with them', () => {
    expect(recovery(records, [...base, producers(950, true), producers(3400, false)])).toMatchObject({
      unavailableMs: 2000,
    })
  })

  test('as quiesced windows imply them, where it tells none', () => {
    const opened: TrialEvent[] = [
      { kind: 'step', t: 940, step: 0, seen: '' },
      fault(1000, 'a'),
      { kind: 'window-open', t: 3000, window: 'w', quiesced: true },
    ]
    expect(recovery(records, [leader(0, 0, 1), ...opened])).toMatchObject({ firstAckMs: 510, unavailableMs: 2000 })
    expect(
      recovery(records, [
        leader(0, 0, 1),
        ...opened.map(event => (event.kind === 'window-open' ? { ...event, quiesced: false } : event)),
      ]),
    ).toMatchObject({ firstAckMs: 2510 })
  })

  test('a step pauses until it has closed, injected, healed and opened; replicas come back under load', () => {
    const events: TrialEvent[] = [
      { kind: 'step', t: 100, step: 0, seen: '' },
      fault(120, 'a'),
      { kind: 'injected', t: 130, id: 'a' },
      { kind: 'window-open', t: 140, window: 'v', quiesced: true },
      { kind: 'step', t: 300, step: 1, seen: '' },
      { kind: 'window-close', t: 350, window: 'v', quiesced: true },
      fault(360, 'b'),
      { kind: 'injected', t: 370, id: 'b' },
      { kind: 'step', t: 600, step: 2, seen: '' },
      { kind: 'healed', t: 650, id: 'a' },
      { kind: 'recovered', t: 800, seen: '' },
    ]
    expect(pausesOf(events)).toEqual([
      { from: 100, to: 140 },
      { from: 300, to: 370 },
    ])
  })

  test('the last window closes without a step; an open pause lasts', () => {
    const events: TrialEvent[] = [
      { kind: 'step', t: 100, step: 0, seen: '' },
      { kind: 'window-open', t: 140, window: 'v', quiesced: true },
      { kind: 'window-close', t: 500, window: 'v', quiesced: true },
      { kind: 'healed', t: 550, id: 'a' },
      { kind: 'recovered', t: 900, seen: '' },
    ]
    expect(pausesOf(events)).toEqual([
      { from: 100, to: 140 },
      { from: 500, to: 550 },
    ])
    const told = pausesOf([
      ...events,
      producers(1000, true),
      producers(1010, true),
      producers(1100, false),
      producers(1200, true),
    ])
    expect(told).toEqual([
      { from: 1000, to: 1100 },
      { from: 1200, to: Infinity },
    ])
    expect(pausedBetween(told, 1050, 1250)).toBe(100)
  })
})

test('in the failover of every other test', () => {
  const files = [
    [sent(0, 500), acked(0, 510, 0), sent(3, 6000), acked(3, 6010, 3)],
    [stored(0, 0), stored(3, 3, 1), ...closed(4)],
  ]
  // From the cut at 990, less the pause around it. That of the crash ends at a time which this history does not tell.
  expect(check({ files, events: [...failover, fence(4)] }).recovery).toEqual({
    firstAckMs: 5000,
    unavailableMs: 5470,
    unackedMessages: 0,
  })
})
