/** Messages that an application handed to its client, without looking at the answers, and that no broker stored. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, sent, stored } from './literal.ts'

/** The messages of a final log, in its order. */
const log = (...numbers: number[]): LaneRecord[] => [...numbers.map((s, o) => stored(s, o)), ...closed(numbers.length)]

describe('unsent', () => {
  const lonely = [sent(0, 100), acked(0, 101), sent(1, 110)]
  const verdict = (awaits: boolean, expected: Record<string, string | number> = {}) =>
    check({
      files: [lonely, log(0)],
      events: [...failover, fence(1)],
      expect: expected,
      ...(awaits ? {} : { awaits: false }),
    })

  test('are absent messages without an acknowledgement, of an application that looks at no answer', () => {
    expect(verdict(true).counts).toMatchObject({ unsent: 0, givenUp: 1 })
    expect(verdict(false).counts).toMatchObject({ unsent: 1, givenUp: 0, sent: 2, stored: 1 })
  })

  test('break a promise unless the cell expects them', () => {
    expect(verdict(true).verdict).toBe('held')
    expect(verdict(false).verdict).toBe('violated')
    expect(verdict(false, { unsent: 1 }).verdict).toBe('held')
  })

  test('the cause is the end of the process after the send, an error nobody saw, or open', () => {
    const killed = (t: number, node: string): TrialEvent[] => [
      { kind: 'fault', t, id: 'c', fault: 'crash-client', target: 'producer', nodes: [node] },
      { kind: 'injected', t: t + 1, id: 'c' },
      { kind: 'evidence', t: t + 2, id: 'c', complete: true, evidence: {} },
    ]
    const caused = (producer: LaneRecord[], ended?: number, node = 'process-1') =>
      check({
        files: [producer, log(0)],
        events: [...failover, fence(1), ...(ended === undefined ? [] : killed(ended, node))],
        expect: { unsent: 1 },
        awaits: false,
      }).unsent?.map(({ from, to, count, cause }) => [from, to, count, cause.code])
    expect(caused(lonely, 150)).toEqual([[1, 1, 1, 'ended-before-send']])
    expect(caused(lonely)).toEqual([[1, 1, 1, 'not-established']])
    expect(caused(lonely, 105)).toEqual([[1, 1, 1, 'not-established']])
    expect(caused(lonely, 150, 'process-2')).toEqual([[1, 1, 1, 'not-established']])
    const refused: LaneRecord[] = [...lonely, { op: 'rejected', s: 1, t: 111, c: 'MESSAGE_TOO_LARGE' }]
    expect(caused(refused, 150)).toEqual([[1, 1, 1, 'error-unseen']])
  })

  test('an incomplete log leaves them open', () => {
    const found = check({ files: [lonely, [stored(0, 0)]], events: [...failover, fence(1)], awaits: false })
    expect(found.counts).toMatchObject({ unsent: 0, unaccounted: 1 })
    expect(found.verdict).toBe('inconclusive')
  })
})
