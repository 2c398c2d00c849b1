/** For tests of skipped messages: one partition with six messages, a consumer that was killed, and the judge's answer. */
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import { acked, check, closed, failover, fence, groupOffset, sent, stored } from './literal.ts'

export const messages = 6
export const producer: LaneRecord[] = Array.from({ length: messages }, (_, s) => [
  sent(s, 100 + s),
  acked(s, 200 + s, s),
])
  .flat()
  .toSorted((a, b) => a.t - b.t)
export const log = [...Array.from({ length: messages }, (_, s) => stored(s, s)), ...closed(messages)]
export const delivered = (s: number, t: number): LaneRecord => ({ op: 'delivered', s, p: 0, o: s, t })
export const processed = (s: number, t: number): LaneRecord => ({ op: 'processed', s, p: 0, o: s, t })
export const failed = (s: number, t: number): LaneRecord => ({ op: 'failed', s, p: 0, o: s, t, c: 'poison' })
export const committed = (o: number, t: number): LaneRecord => ({ op: 'committed', p: 0, o, t })

export const crash: TrialEvent[] = [
  { kind: 'fault', t: 2000, id: 'crash-client-1', fault: 'crash-client', target: 'consumer', nodes: ['consumer-1'] },
  { kind: 'injected', t: 2100, id: 'crash-client-1' },
  { kind: 'evidence', t: 2200, id: 'crash-client-1', complete: true, evidence: {} },
]
export const events = (...more: TrialEvent[]) =>
  [...failover.filter(({ kind }) => kind === 'leader' || kind === 'observer'), fence(messages), ...more].toSorted(
    (a, b) => a.t - b.t,
  )

/** Why consumers skipped messages, in a history with these consumers. */
export function skips(
  consumers: LaneRecord[][],
  more: Partial<Parameters<typeof check>[0]> = {},
  happened = events(...crash),
) {
  return check({
    files: [producer, ...consumers, log],
    observer: [groupOffset(messages)],
    events: happened,
    consumer: true,
    ...more,
  }).skipped.map(({ cause, ...range }) => ({ ...range, ...cause }))
}

/** Handed all, 0 and 1 done. */
export const handed = [0, 1, 2, 3, 4, 5].map(s => delivered(s, 1000 + s))
export const done = [processed(0, 1010), processed(1, 1020)]
