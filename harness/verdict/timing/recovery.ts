/**
 * How long a lane was without service, and how many messages it could not hand over in that time. `recoveryFigures` defines
 * the figures; docs/outcomes.md is made from it.
 *
 * A fault affects the partitions whose leader is among its nodes. Where no leader of the lane is (the fault hit a follower
 * or a client's link, or no leaders were observed), it affects all partitions.
 */
import type { FaultEvent, TrialEvent } from '../../../history/events.ts'
import { longestGap } from './longest-gap.ts'
import { pausedBetween, pausesOf } from './pauses.ts'
import { flag } from '../../check/table/table.ts'
import type { MessageTable } from '../../check/table/table.ts'
import type { Recovery } from '../../../model/verdict.ts'

export const recoveryFigures = [
  [
    'firstAckMs',
    'From a fault to the first acknowledgement, on a partition that it affected, of a message sent after it. Of ' +
      'several faults the one that took longest counts. Absent when such messages were sent and none was ever ' +
      'acknowledged.',
  ],
  ['unavailableMs', 'The longest gap between two acknowledgements of the lane that ends after the first fault.'],
  [
    'unackedMessages',
    'Messages sent on affected partitions between that fault and that first acknowledgement (where none came: ' +
      'until the end) that were not acknowledged in that time. Some may have been acknowledged later.',
  ],
] as const

/** The figures of one lane, by its id; empty when no fault was injected. Milliseconds are rounded. */
export function recoveryOf(table: MessageTable, events: readonly TrialEvent[], lane: string): Recovery {
  const faults = events.filter(event => event.kind === 'fault')
  const [first] = faults
  if (!first) return {}
  const pauses = pausesOf(events)
  const outages = faults.map(fault => ({
    at: fault.t,
    affects: affectedBy(fault, events, lane),
    firstAck: Infinity,
    sent: 0,
    unacked: 0,
  }))
  measure(table, outages)
  const lasting = outages
    .filter(({ sent }) => sent > 0)
    .map(({ at, firstAck, unacked }) => ({
      unacked,
      ms: firstAck - at - (Number.isFinite(firstAck) ? pausedBetween(pauses, at, firstAck) : 0),
    }))
  const [longest] = lasting.toSorted((a, b) => b.ms - a.ms)
  const gap = longestGap(table, first.t, pauses)
  return {
    ...(longest && Number.isFinite(longest.ms) ? { firstAckMs: Math.round(longest.ms) } : {}),
    ...(gap > 0 ? { unavailableMs: Math.round(gap) } : {}),
    ...(longest ? { unackedMessages: longest.unacked } : {}),
  }
}

/** Whether a fault affects a partition. */
function affectedBy(fault: FaultEvent, events: readonly TrialEvent[], lane: string): (p: number) => boolean {
  const nodes = new Set(fault.nodes)
  const leaders = new Map<number, number>()
  for (const event of events)
    if (event.kind === 'leader' && event.lane === lane && event.t <= fault.t) leaders.set(event.p, event.leader)
  const hit = new Set([...leaders].filter(([, leader]) => nodes.has(`broker-${leader}`)).map(([p]) => p))
  return p => hit.size === 0 || hit.has(p)
}

interface Outage {
  /** When the fault was injected. */
  readonly at: number
  readonly affects: (p: number) => boolean
  /** Infinity when none came. */
  firstAck: number
  sent: number
  unacked: number
}

/** For each outage: sets the first acknowledgement, and counts the messages sent, and sent without answer, until then. */
function measure(table: MessageTable, outages: readonly Outage[]): void {
  // The cheap test comes first: there are millions of messages, and few of them are near an outage.
  const first = Math.min(...outages.map(({ at }) => at))
  for (let row = 0, { rows } = table; row < rows; row++) {
    const sentAt = table.sentAt.get(row)
    if (sentAt <= first || !table.has(row, flag.acked)) continue
    const ackedAt = table.ackedAt.get(row)
    for (const outage of outages)
      if (ackedAt < outage.firstAck && sentAt > outage.at && outage.affects(table.partition(row)))
        outage.firstAck = ackedAt
  }
  const last = Math.max(...outages.map(({ firstAck }) => firstAck))
  for (let row = 0, { rows } = table; row < rows; row++) {
    const sentAt = table.sentAt.get(row)
    if (sentAt <= first || sentAt > last) continue
    for (const outage of outages) {
      if (sentAt <= outage.at || sentAt > outage.firstAck || !outage.affects(table.partition(row))) continue
      outage.sent += 1
      if (!table.has(row, flag.acked) || table.ackedAt.get(row) > outage.firstAck) outage.unacked += 1
    }
  }
}
