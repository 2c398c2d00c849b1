/** Leaders that were moved on purpose: what establishes the cause, and what must be excluded. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../../history/events.ts'
import { acked, check, closed, fence, lane, sent, stored } from '../../../harness/testing/literal.ts'

const transfer: TrialEvent[] = [
  { kind: 'fault', t: 1500, id: 'move-1', fault: 'leader-transfer', target: 'leader', nodes: ['broker-1'] },
  { kind: 'evidence', t: 1900, id: 'move-1', complete: true, evidence: {} },
]
const events = (...more: TrialEvent[]): TrialEvent[] =>
  [
    { kind: 'leader' as const, t: 0, lane, p: 0, leader: 1, epoch: 0 },
    { kind: 'isr' as const, t: 0, lane, p: 0, isr: [1, 2, 3] },
    { kind: 'leader' as const, t: 1800, lane, p: 0, leader: 2, epoch: 1, after: 1700 },
    { kind: 'observer' as const, t: 9900, intervalMs: 100, longestGapMs: 100 },
    fence(1),
    ...more,
  ].toSorted((a, b) => a.t - b.t)

/** Messages 1 and 2 were acknowledged by broker 1; the log of broker 2 goes on at their offsets. */
const causeOf = (seen: TrialEvent[], acks: string | number = 1) =>
  check({
    files: [
      [sent(0, 500), acked(0, 510, 0), sent(1, 1100), acked(1, 1110, 1), sent(2, 1200), acked(2, 1210, 2)],
      [stored(0, 0), ...closed(1)],
    ],
    events: seen,
    settings: { 'producer.acks': acks },
  }).lost[0]?.cause

describe('leadership was handed over on purpose', () => {
  test('the next election after a proved transfer removed what acks=1 had acknowledged', () => {
    expect(causeOf(events(...transfer))).toEqual({
      code: 'truncated-after-transfer',
      text: expect.stringMatching(
        /broker 2 was elected .*, because leadership was handed over on purpose \(move-1, 1\.5 s\), and its log went on at offset 1/,
      ),
    })
  })

  test('another fault of the old leader may have caused the election', () => {
    const crash: TrialEvent = { kind: 'fault', t: 1550, id: 'c', fault: 'crash', target: 'leader', nodes: ['broker-1'] }
    expect(causeOf(events(...transfer, crash))?.code).toBe('truncated-after-election')
  })

  test('the election came before the transfer', () => {
    const late = transfer.map(event => ({ ...event, t: event.t + 1000 }))
    expect(causeOf(events(...late))?.code).toBe('truncated-after-election')
  })

  test('another election came in between', () => {
    const between: TrialEvent = { kind: 'leader', t: 1600, lane, p: 0, leader: 3, epoch: 1 }
    const later = events(...transfer, between).map(event =>
      event.kind === 'leader' && event.t === 1800 ? { ...event, epoch: 2 } : event,
    )
    expect(causeOf(later)?.code).not.toBe('truncated-after-transfer')
  })

  test('the transfer has no evidence', () => {
    expect(causeOf(events(...transfer.filter(({ kind }) => kind !== 'evidence')))?.code).toBe(
      'truncated-after-election',
    )
  })

  test('with acks=all the replica that took over had what was acknowledged', () => {
    expect(causeOf(events(...transfer), 'all')?.code).not.toBe('truncated-after-transfer')
  })
})
