/** Faults, windows and fences that the harness claims, and that did not happen. */
import type { TrialEvent } from '../../../history/events.ts'
import { lane } from '../literal.ts'
import { cut } from './lie.ts'
import type { Lie } from './lie.ts'

const withoutKind = (events: TrialEvent[], kind: TrialEvent['kind']) => events.filter(event => event.kind !== kind)

export const harnessLies: readonly Lie[] = [
  {
    title: 'injects a fault that does not land',
    part: 'harness',
    lies: () => ({
      events: events => events.map(event => (event.kind === 'evidence' ? { ...event, complete: false } : event)),
    }),
    caught: { verdict: 'inconclusive', says: 'fault cut-replication-1 left no evidence' },
  },
  {
    title: 'does not look whether a fault landed',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(events, 'evidence') }),
    caught: { verdict: 'inconclusive', says: 'no evidence was read for fault' },
  },
  {
    title: 'injects no fault at all',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(withoutKind(events, 'evidence'), 'fault') }),
    caught: { verdict: 'inconclusive', says: 'no fault was injected' },
  },
  {
    title: 'writes no fence',
    part: 'harness',
    lies: () => ({ events: events => withoutKind(events, 'fence') }),
    caught: { verdict: 'inconclusive', counts: { unaccounted: 0 }, says: 'no fence was acknowledged in partition 0' },
  },
  {
    title: 'never opens the window that an expectation names',
    part: 'harness',
    script: cut,
    lies: () => ({ events: events => withoutKind(events, 'window-open') }),
    caught: { verdict: 'inconclusive', says: 'the window never opened' },
  },
  {
    title: 'causes an election that no step asked for',
    part: 'broker',
    script: cut,
    lies: () => ({
      events: events =>
        [...events, { kind: 'leader' as const, t: 7800, lane, p: 0, leader: 3, epoch: 2, after: 7700 }].toSorted(
          (a, b) => a.t - b.t,
        ),
    }),
    caught: { verdict: 'inconclusive', says: 'an election that no step caused' },
  },
]
