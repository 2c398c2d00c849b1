/**
 * How long a lane was without service, and what it could not hand over meanwhile. `recoveryFigures` is the definition;
 * docs/outcomes.md is made from it.
 *
 * A partition is affected by a fault when the fault's nodes have its leader among them. Where they have the leader of no
 * partition of the lane (a follower, a client's link, a lane whose leaders nobody saw), all of its partitions are.
 */
import type { TrialEvent } from '../history/events.ts'
import { longestGap } from './longest-gap.ts'
import { pausedBetween, pausesOf } from './pauses.ts'
import type { Pause } from './pauses.ts'
import type { MessageTable } from './table.ts'
import type { Recovery } from './verdict.ts'

export const recoveryFigures = [
  ['firstAckMs', 'From a fault to the first acknowledgement, on a partition that it affected, of a message sent after it. Of several faults the one that took longest counts. Absent when such messages were sent and none was ever acknowledged.'],
  ['unavailableMs', 'The longest gap between two acknowledgements of the lane that ends after the first fault.'],
  ['unackedMessages', 'Messages sent on affected partitions between that fault and that first acknowledgement (where none came: until the end) that were not acknowledged meanwhile. Later they may have been.'],
] as const

type Fault = Extract<TrialEvent, { kind: 'fault' }>

/** The figures of one lane, by its id; empty when no fault was injected. Milliseconds are rounded. */
export function recoveryOf(table: MessageTable, events: readonly TrialEvent[], lane: string): Recovery {
  const faults = events.filter(event => event.kind === 'fault')
  const [first] = faults
  if (!first) return {}
  const pauses = pausesOf(events)
  const outages = faults.flatMap(fault => outageOf(table, fault, affectedBy(fault, events, lane), pauses) ?? [])
  const [longest] = outages.toSorted((a, b) => b.ms - a.ms)
  const gap = longestGap(table, first.t, pauses)
  return {
    ...(longest && Number.isFinite(longest.ms) ? { firstAckMs: Math.round(longest.ms) } : {}),
    ...(gap > 0 ? { unavailableMs: Math.round(gap) } : {}),
    ...(longest ? { unackedMessages: longest.unacked } : {}),
  }
}

/** Whether a fault affects a partition. */
function affectedBy(fault: Fault, events: readonly TrialEvent[], lane: string): (p: number) => boolean {
  const nodes = new Set(fault.node.split(',').map(node => node.trim()))
  const leaders = new Map<number, number>()
  for (const event of events) if (event.kind === 'leader' && event.lane === lane && event.t <= fault.t) leaders.set(event.p, event.leader)
  const hit = new Set([...leaders].filter(([, leader]) => nodes.has(`broker-${leader}`)).map(([p]) => p))
  return p => hit.size === 0 || hit.has(p)
}

/** Infinite when what was sent after the fault was never acknowledged; undefined when nothing was sent. */
function outageOf(table: MessageTable, fault: Fault, affected: (p: number) => boolean, pauses: readonly Pause[]): { ms: number; unacked: number } | undefined {
  const counts = (s: number) => table.sentAt.get(s) > fault.t && affected(table.partition(s))
  let firstAck = Infinity
  table.each(s => {
    if (counts(s) && table.has(s, 'acked')) firstAck = Math.min(firstAck, table.ackedAt.get(s))
  })
  let sent = 0
  let unacked = 0
  table.each(s => {
    if (!counts(s) || table.sentAt.get(s) > firstAck) return
    sent += 1
    if (!table.has(s, 'acked') || table.ackedAt.get(s) > firstAck) unacked += 1
  })
  if (sent === 0) return undefined
  return { ms: Number.isFinite(firstAck) ? firstAck - fault.t - pausedBetween(pauses, fault.t, firstAck) : Infinity, unacked }
}
