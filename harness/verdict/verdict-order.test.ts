/** Which verdict a cell gets when several reasons apply. */
import { describe, expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, lane, sent, stored, unknown } from '../testing/literal.ts'
import { producer, lossy, safe, safeProducer } from './testing/failover-records.ts'

describe('the verdict, in its order', () => {
  const events = [...failover, fence(4)]
  test('held: nothing lost as promised', () => {
    expect(check({ files: [safeProducer, safe], events, expect: { lost: 0 } })).toMatchObject({
      verdict: 'held',
      reasons: [],
    })
  })

  test('violated even when a fault left no evidence', () => {
    const unproved = [...failover.filter(event => event.kind !== 'evidence'), fence(2)]
    expect(check({ files: [producer, lossy], events: unproved, expect: { lost: 0 } }).verdict).toBe('violated')
  })

  test('inconclusive when a fault left no evidence', () => {
    const sabotaged = events.map(event =>
      event.kind === 'evidence' && event.id === 'crash-1' ? { ...event, complete: false } : event,
    )
    const verdict = check({ files: [safeProducer, safe], events: sabotaged, expect: { lost: 0 } })
    expect(verdict.verdict).toBe('inconclusive')
    expect(verdict.reasons[0]).toContain('crash-1')
  })

  test("inconclusive when one of the schedule's faults was not injected", () => {
    const crashOnly = events.filter(event => !('id' in event) || event.id !== 'cut-replication-1')
    expect(check({ files: [safeProducer, safe], events: crashOnly, expect: { lost: 0 } })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['fault cut-replication-1 was not injected'],
    })
  })

  test('evidence that was found in the end is evidence', () => {
    const early: TrialEvent = { kind: 'evidence', t: 1500, id: 'crash-1', complete: false, evidence: { running: true } }
    const verdict = check({ files: [safeProducer, safe], events: [early, ...events] })
    expect(verdict.verdict).toBe('held')
    expect(verdict.faults.map(fault => fault.evidence)).toEqual([{ toxic: 'cut-replication' }, { exitCode: 137 }])
  })

  test.each([
    ['the trial failed', { kind: 'trial-failed' as const, t: 1, why: 'x' }],
    ['a client of this lane died', { kind: 'client-died' as const, t: 1, lane, process: 'p', how: 'exit code 1' }],
  ])('inconclusive when %s', (_, event) => {
    expect(check({ files: [safeProducer, safe], events: [...events, event] }).verdict).toBe('inconclusive')
  })

  test('inconclusive when a wait ran out, of this lane or of all, but not of another', () => {
    const expired = (id?: string) => ({
      kind: 'wait-expired' as const,
      t: 1,
      what: 'x',
      limitMs: 1000,
      seen: 'y',
      ...(id === undefined ? {} : { lane: id }),
    })
    expect(check({ files: [safeProducer, safe], events: [...events, expired()] }).verdict).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...events, expired(lane)] }).verdict).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...events, expired('b')] }).verdict).toBe('held')
  })

  test('inconclusive when no fault was injected, or nothing was acknowledged', () => {
    const quiet = events.filter(event => event.kind !== 'fault' && event.kind !== 'evidence')
    expect(check({ files: [safeProducer, safe], events: quiet }).reasons).toContain('no fault was injected')
    expect(check({ files: [[sent(0, 1)], closed(4)], events }).reasons).toContain(
      'nothing was acknowledged in this lane',
    )
  })

  test('inconclusive when the window that an expectation names has nothing in it, or never opened', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [stored(0, 0), ...closed(4)],
    ]
    expect(check({ files, events, expect: { lost: 'acked-in(cut)' } }).verdict).toBe('inconclusive')
    expect(check({ files, events, expect: { lost: 'acked-in(nowhere)' } }).verdict).toBe('inconclusive')
  })

  test('violated by a loss outside a window, even when nothing was acknowledged inside it', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0), sent(1, 3), acked(1, 4, 1)],
      [stored(0, 0), ...closed(1)],
    ]
    expect(check({ files, events: [...failover, fence(1)], expect: { lost: 'acked-in(cut)' } }).verdict).toBe(
      'violated',
    )
    expect(check({ files, events: [...failover, fence(1)], expect: { lost: 'acked-in(nowhere)' } }).verdict).toBe(
      'inconclusive',
    )
  })

  test('not shown when an expected loss did not happen', () => {
    expect(check({ files: [safeProducer, safe], events, expect: { lost: 'acked-in(cut)' } }).verdict).toBe('not-shown')
    expect(check({ files: [safeProducer, safe], events, expect: { lost: '>= 1' } }).verdict).toBe('not-shown')
  })

  test('violated when more was lost than the set, although the count is the same', () => {
    // Message 0, acked before the cut, is gone instead of message 2.
    const files = [producer, [stored(2, 2, 0), stored(3, 3, 1), ...closed(4)]]
    const verdict = check({ files, events: [...failover, fence(4)], expect: { lost: 'acked-in(cut)' } })
    expect(verdict).toMatchObject({ verdict: 'violated', counts: { lost: 2 } })
    expect(verdict.expect[0]?.expected).toBe('acked-in(cut) = 2 (1 of them not, 1 others too)')
  })

  test("a message open at the window's close and acked later may be lost with it", () => {
    const files = [[...producer.slice(0, 6), sent(4, 1800), acked(4, 1950, 3), ...producer.slice(6)], lossy]
    expect(check({ files, events: [...failover, fence(2)], expect: { lost: 'acked-in(cut)' } }).verdict).toBe('held')
  })

  test('under continued load, only messages in flight at the edge of a window may be lost with it', () => {
    const unquiesced = failover.map(event => ('quiesced' in event ? { ...event, quiesced: false } : event))
    const found = [...unquiesced, { kind: 'injected' as const, t: 2150, id: 'crash-1' }, fence(4)]
    const edges = [sent(4, 950), acked(4, 995, 3), sent(5, 2100), acked(5, 2110, 4)]
    expect(
      check({
        files: [
          [...producer.slice(0, 6), ...edges, ...producer.slice(6)],
          [stored(0, 0, 0), stored(3, 1, 1), ...closed(4)],
        ],
        events: found,
        expect: { lost: 'acked-in(cut)' },
      }).verdict,
    ).toBe('held')
    const late = [sent(4, 2300), acked(4, 2310, 3)]
    expect(
      check({
        files: [
          [...producer.slice(0, 6), ...late, ...producer.slice(6)],
          [stored(0, 0, 0), stored(3, 1, 1), ...closed(4)],
        ],
        events: found,
        expect: { lost: 'acked-in(cut)' },
      }).verdict,
    ).toBe('violated')
  })

  test('under continued load, what was acknowledged right before the fault may not have been copied yet', () => {
    const later = <T extends { t: number }>(found: readonly T[]) => found.map(one => ({ ...one, t: one.t + 5000 }))
    const unquiesced = failover.map(event => ('quiesced' in event ? { ...event, quiesced: false } : event))
    const inWindow = [sent(1, 1100), acked(1, 1110, 3), sent(2, 1200), acked(2, 1210, 4)]
    const judged = (before: readonly LaneRecord[], kept: readonly LaneRecord[] = [], end = 1) =>
      check({
        files: [
          later([sent(0, -4500), acked(0, -4490, 0), ...before, ...inWindow, sent(3, 6000), acked(3, 6010, end)]),
          later([stored(0, 0, 0), ...kept, stored(3, end, 1), ...closed(end + 1)]),
        ],
        events: later([...unquiesced, fence(end + 1)]),
        expect: { lost: 'acked-in(cut)' },
      }).expect[0]?.expected
    const both = [sent(4, 940), acked(4, 950, 1), sent(5, 941), acked(5, 951, 2)]
    expect(judged(both)).toBe('acked-in(cut) = 2 (and 2 of those open at its edges)')
    // A message that was stored behind it is there, so the followers had both.
    expect(judged(both, [stored(5, 2, 0)], 3)).toBe('acked-in(cut) = 2 (1 others too)')
    expect(judged([sent(4, -200), acked(4, -190, 1)])).toBe('acked-in(cut) = 2 (1 others too)')
  })

  test('an election that no step caused makes an exact expectation inconclusive, not lost: 0', () => {
    const restless = [...failover, { kind: 'leader' as const, t: 7500, lane, p: 0, leader: 3, epoch: 2 }]
    expect(
      check({ files: [producer, lossy], events: [...restless, fence(2)], expect: { lost: 'acked-in(cut)' } }).verdict,
    ).toBe('inconclusive')
    expect(check({ files: [safeProducer, safe], events: [...restless, fence(4)], expect: { lost: 0 } }).verdict).toBe(
      'held',
    )
  })

  test('what is lost besides an exact expectation is a violation, and such an election is named with it', () => {
    const restless = [...failover, { kind: 'leader' as const, t: 7500, lane, p: 0, leader: 3, epoch: 2 }]
    const more = [...producer, sent(9, 7000), acked(9, 7010, 9)]
    const judged = check({ files: [more, lossy], events: [...restless, fence(2)], expect: { lost: 'acked-in(cut)' } })
    expect(judged.verdict).toBe('violated')
    expect(judged.reasons).toContain('an election that no step caused: leader 3 in epoch 2 at 7500 ms')
  })

  test('an election long after the heal, between brokers that no fault has hit, was caused by no step either', () => {
    const late = (t: number, leader: number): TrialEvent[] =>
      [
        ...failover.filter(({ kind }) => !['recovered', 'observer'].includes(kind)),
        { kind: 'healed' as const, t: 5300, id: 'cut-replication-1' },
        { kind: 'leader' as const, t, lane, p: 0, leader, epoch: 2 },
        { kind: 'recovered' as const, t: 18_000, seen: 'all' },
        { kind: 'observer' as const, t: 19_900, intervalMs: 100, longestGapMs: 100 },
        fence(2),
      ].toSorted((a, b) => a.t - b.t)
    const verdictOf = (happened: TrialEvent[]) =>
      check({ files: [producer, lossy], events: happened, expect: { lost: 'acked-in(cut)' } }).verdict
    expect(verdictOf(late(17_000, 3))).toBe('inconclusive')
    // The broker that was killed leads again, or the fault was just healed.
    expect(verdictOf(late(17_000, 1))).toBe('held')
    expect(verdictOf(late(12_000, 3))).toBe('held')
  })

  test('a change between a recovery and the next fault has no cause, a change after a fault has', () => {
    const files = [producer, lossy]
    const expected = { lost: 'acked-in(cut)' }
    const again = (t: number): TrialEvent[] => [
      { kind: 'fault', t: 8500, id: 'crash-2', fault: 'crash', target: 'follower', nodes: ['broker-3'] },
      { kind: 'evidence', t: 8900, id: 'crash-2', complete: true, evidence: {} },
      { kind: 'broker', t: 100, broker: 'broker-3', up: false },
      { kind: 'broker', t: 200, broker: 'broker-3', up: true },
      { kind: 'broker', t, broker: 'broker-3', up: false },
    ]
    const ordered = (t: number) => [...failover, ...again(t), fence(2)].toSorted((a, b) => a.t - b.t)
    expect(check({ files, events: ordered(8600), expect: expected }).verdict).toBe('held')
    expect(check({ files, events: ordered(8000), expect: expected })).toMatchObject({
      verdict: 'inconclusive',
      reasons: ['broker-3 went away at 8000 ms, which no step caused'],
    })
  })

  test('a change seen after a recovery belongs to the fault when the old state was last seen before the recovery', () => {
    const recovered = failover.findLast(event => event.kind === 'recovered')?.t ?? NaN
    const reasons = (after: number) => {
      const gone: TrialEvent[] = [
        { kind: 'broker', t: 100, broker: 'broker-3', up: true },
        { kind: 'broker', t: recovered + 2000, broker: 'broker-3', up: false, after },
      ]
      return check({
        files: [producer, lossy],
        events: [...failover, ...gone, fence(2)].toSorted((a, b) => a.t - b.t),
        expect: { lost: 'acked-in(cut)' },
      }).reasons
    }
    expect(reasons(recovered - 1)).toEqual([])
    expect(reasons(recovered + 1000)).toEqual([`broker-3 went away at ${recovered + 2000} ms, which no step caused`])
  })

  test('a broker that is back without a restart was only not heard of by the observer', () => {
    const reasons = (restarted: boolean | undefined) => {
      const back = restarted === undefined ? {} : { restarted }
      const unheard: TrialEvent[] = [
        { kind: 'broker', t: 100, broker: 'broker-3', up: true },
        { kind: 'broker', t: 200, broker: 'broker-3', up: false, after: 150 },
        { kind: 'broker', t: 210, broker: 'broker-2', up: true, restarted: false },
        { kind: 'broker', t: 300, broker: 'broker-3', up: true, ...back, after: 250 },
      ]
      return check({
        files: [producer, lossy],
        events: [...failover, ...unheard, fence(2)].toSorted((a, b) => a.t - b.t),
        expect: { lost: 'acked-in(cut)' },
      }).reasons
    }
    const gone = ['broker-3 went away at 200 ms, which no step caused']
    expect(reasons(false)).toEqual([])
    expect(reasons(true)).toEqual(gone)
    expect(reasons(undefined)).toEqual(gone)
  })

  test('sets: acked-before, unacked-in, sent-in, all, and at least or at most of them', () => {
    const all = [producer, closed(4)]
    const complete = [...failover, fence(4)]
    const verdictOf = (files: LaneRecord[][], expected: Record<string, string>) =>
      check({ files, events: complete, expect: expected }).verdict
    expect(verdictOf(all, { lost: 'all' })).toBe('held')
    expect(verdictOf(all, { lost: '>= acked-in(cut)' })).toBe('held')
    expect(verdictOf(all, { lost: '<= acked-in(cut)' })).toBe('violated')
    expect(verdictOf(all, { lost: '>= 1' })).toBe('held')
    expect(verdictOf(all, { lost: '<= 3' })).toBe('violated')
    const before = [producer, [stored(1, 1), stored(2, 2), stored(3, 3, 1), ...closed(4)]]
    expect(verdictOf(before, { lost: 'acked-before(cut)' })).toBe('held')
    expect(verdictOf(before, { lost: 'sent-in(cut)' })).toBe('violated')
    const refused = [
      [sent(0, 500), acked(0, 510, 0), sent(1, 1100), unknown(1, 1500), sent(2, 1200)],
      [stored(0, 0), ...closed(4)],
    ]
    expect(verdictOf(refused, { givenUp: 'unacked-in(cut)' })).toBe('held')
    expect(verdictOf(refused, { givenUp: 'sent-in(cut)' })).toBe('held')
  })

  test('marks that are always violations are added to the expectations, unless the scenario names them', () => {
    const files = [
      [sent(0, 1), acked(0, 2, 0)],
      [stored(0, 0), stored(7, 1), ...closed(2)],
    ]
    const silent = check({ files, events: [...failover, fence(2)] })
    expect(silent.expect).toContainEqual({ what: 'unexpected', expected: '0', actual: 1, ok: false })
    expect(check({ files, events: [...failover, fence(2)], expect: { unexpected: 1 } }).verdict).toBe('held')
  })

  test('a cell without an expectation of loss must lose nothing', () => {
    expect(
      check({ files: [producer, lossy], events: [...failover, fence(2)], expect: { duplicates: 0 } }).verdict,
    ).toBe('violated')
  })
})

describe('messages that were unanswered when the harness stopped waiting', () => {
  const verdictOf = (open: number) =>
    check({
      files: [
        [sent(0, 500), acked(0, 510, 0), sent(1, 1100)],
        [stored(0, 0), ...closed(1)],
      ],
      events: [
        ...failover,
        { kind: 'client-stats', t: 8000, lane, process: 'producer-1', overflow: 0, ...(open > 0 ? { open } : {}) },
        fence(1),
      ],
      expect: { givenUp: 0 },
    })

  test('do not count as given up against a promise', () => {
    const open = verdictOf(1)
    expect(open.verdict).toBe('inconclusive')
    expect(open.reasons.join()).toContain('the harness stopped waiting for the answers to 1 messages')
  })

  test('and do where the producer itself had stopped trying', () => {
    expect(verdictOf(0)).toMatchObject({ verdict: 'violated', counts: { givenUp: 1 } })
  })
})
