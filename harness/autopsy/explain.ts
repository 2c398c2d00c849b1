/**
 * Why a range of messages is gone, from the history alone. A cause is named only when the evidence leaves no other;
 * otherwise the text says what is missing.
 */
import type { Epochs, EpochChange } from '../check/epochs.ts'
import type { LaneResult } from '../check/lane.ts'
import type { Range } from '../check/ranges.ts'
import type { TrialEvent } from '../history/events.ts'
import type { Settings, System } from '../plan/types.ts'
import type { Cause } from './causes.ts'
import { lostWithDisk } from './disk.ts'
import { lostInRocketmq } from './rocketmq.ts'
import { neverReached, sentWithoutLeader } from './unasked.ts'
import { count, span } from './words.ts'

export interface Evidence {
  system: System
  lane: LaneResult
  /** Id of the lane, as its events name it. */
  laneId: string
  epochs: Epochs
  events: readonly TrialEvent[]
  settings: Settings
}

export function explain(range: Range, evidence: Evidence): Cause {
  if (range.outcome === 'clientLost') {
    return {
      code: 'client-error',
      text: `${count(range)} ${range.count === 1 ? 'was' : 'were'} acknowledged at offsets that other messages hold or were told too, in the same leader epoch: the client's acknowledgement was untrue.`,
    }
  }
  if (evidence.system === 'rocketmq') return lostInRocketmq(range, evidence) ?? open(range, evidence)
  return lostWithDisk(range, evidence) ?? truncation(range, evidence) ?? sentWithoutLeader(range, evidence) ?? neverReached(range, evidence) ?? open(range, evidence)
}

/** All were acknowledged in one epoch, and the log of a later one begins at or before the first of their offsets. */
function truncation(range: Range, evidence: Evidence): Cause | undefined {
  const { table, logs } = evidence.lane
  const offsets = span(range, s => table.ackOffset.get(s))
  if (offsets.from < 0) return undefined
  const old = epochOf(range, evidence)
  if (!old) return undefined
  const next = logs.get(range.p)?.firstAfter(old.epoch)
  if (!next || next.offset > offsets.from) return undefined
  const elected = electedIn(evidence.epochs.changes(range.p), next.epoch)
  return {
    code: 'truncated-after-election',
    text:
      `${count(range)} (offsets ${offsets.from}–${offsets.to}) ${range.count === 1 ? 'was' : 'were'} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}; ` +
      `${elected === undefined ? 'the next leader' : `broker ${elected.leader}`} was elected in epoch ${next.epoch} and its log went on at offset ${next.offset}, so it had none of them.` +
      inSync(range, elected, evidence),
  }
}

/**
 * What the in-sync replicas, where the observer knew them, say about acks=all. A replica that has left the ISR comes back
 * only with all that the leader acknowledged; so one that lacks the messages and was seen outside was still outside when
 * it was elected.
 */
function inSync(range: Range, elected: EpochChange | undefined, { lane, laneId, epochs, events, settings }: Evidence): string {
  if (!elected) return ''
  const { table } = lane
  const changes = events.filter(event => event.kind === 'isr' && event.lane === laneId && event.p === range.p && event.t < elected.t)
  const last = changes.at(-1)
  if (last?.kind === 'isr' && !last.isr.includes(elected.leader)) {
    return ` Broker ${elected.leader} was not among the in-sync replicas (${last.isr.join(', ')}): the election was unclean.`
  }
  const sent = span(range, s => table.sentAt.get(s))
  const acked = span(range, s => table.ackedAt.get(s))
  const then = changes.findLast(event => event.t <= sent.from)
  const disturbed = changes.some(event => event.t > sent.from && event.t <= acked.to + epochs.marginMs)
  if (then?.kind !== 'isr' || disturbed || asksAll(settings)) return ''
  return ` Broker ${elected.leader} was an in-sync replica then: acks=all would have waited for it.`
}

function open(range: Range, { lane, epochs }: Evidence): Cause {
  const { table, logs } = lane
  const noOffset = span(range, s => table.ackOffset.get(s)).from < 0
  const log = logs.get(range.p)
  const missing = noOffset
    ? 'their acknowledgements name no offset, and no fault of leader or link is known to have covered all their sends'
    : epochs.changes(range.p).length === 0
      ? 'no leader epochs were observed'
      : log === undefined || log.firstAfter(-1) === undefined
        ? 'the final log tells no leader epochs'
        : 'the leader epoch around their acknowledgements is uncertain, or no later epoch begins at their offsets'
  return { code: 'not-established', text: `${count(range)}: cause not established; ${missing}.` }
}

/** The one epoch in which surely all of them were acknowledged. */
function epochOf(range: Range, { lane, epochs }: Evidence): EpochChange | undefined {
  let common: EpochChange | undefined
  let same = true
  range.each(s => {
    if (!same) return
    const then = epochs.during(range.p, lane.table.sentAt.get(s), lane.table.ackedAt.get(s))
    if (!then || (common && common.epoch !== then.epoch)) same = false
    common = then
  })
  return same ? common : undefined
}

function asksAll(settings: Settings): boolean {
  const acks = settings['producer.acks']
  return acks === 'all' || String(acks) === '-1'
}

function electedIn(changes: readonly EpochChange[], epoch: number): EpochChange | undefined {
  return changes.find(change => change.epoch === epoch && change.leader >= 0)
}
