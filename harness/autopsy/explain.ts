/**
 * Why a range of messages is gone, from the history alone. A cause is named only when the evidence leaves no other;
 * otherwise the text says what is missing.
 */
import type { Epochs, EpochChange } from '../check/epochs.ts'
import type { LaneResult } from '../check/lane.ts'
import type { Range } from '../check/ranges.ts'
import type { TrialEvent } from '../history/events.ts'
import type { Settings } from '../plan/types.ts'
import type { Cause } from './causes.ts'

export interface Evidence {
  lane: LaneResult
  epochs: Epochs
  events: readonly TrialEvent[]
  settings: Settings
}

export function explain(range: Range, evidence: Evidence): Cause {
  if (range.outcome === 'clientLost') {
    return { code: 'client-error', text: `${messages(range)} were acknowledged, but other messages stand at their offsets in the same leader epoch: the client's acknowledgement was untrue.` }
  }
  return truncation(range, evidence) ?? leaderless(range, evidence) ?? open(range, evidence)
}

/** All were acknowledged in one epoch, and the log of a later one begins at or before the first of their offsets. */
function truncation(range: Range, { lane, epochs, settings }: Evidence): Cause | undefined {
  const { table } = lane
  const offsets = range.messages.map(s => table.ackOffset[s] ?? -1)
  if (offsets.some(offset => offset < 0)) return undefined
  const then = range.messages.map(s => epochs.during(range.p, table.sentAt[s] ?? 0, table.ackedAt[s] ?? 0))
  const [old] = then
  if (!old || then.some(change => change?.epoch !== old.epoch)) return undefined
  const next = lane.logs.get(range.p)?.firstAfter(old.epoch)
  const first = Math.min(...offsets)
  if (!next || next.offset > first) return undefined
  const elected = electedIn(epochs.changes(range.p), next.epoch)
  const acks = settings['producer.acks']
  const kept = acks === 'all' || acks === -1 ? '' : ' acks=all would have kept them.'
  return {
    code: 'truncated-after-election',
    text:
      `${messages(range)} (offsets ${first}–${Math.max(...offsets)}) were acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}, ` +
      `and had reached no replica that came to lead: ${elected === undefined ? 'the next leader' : `broker ${elected}`} was elected in epoch ${next.epoch} and its log went on at offset ${next.offset}; ` +
      `broker ${old.leader} truncated to it when it came back.${kept}`,
  }
}

/** Sent without waiting for an answer, surely after the leader was dead and before the next was elected. */
function leaderless(range: Range, { lane, epochs, events, settings }: Evidence): Cause | undefined {
  if (String(settings['producer.acks']) !== '0') return undefined
  const { table } = lane
  const times = range.messages.map(s => table.sentAt[s] ?? 0)
  const from = Math.min(...times)
  const to = Math.max(...times)
  const dead = events.find(event => event.kind === 'fault' && event.fault === 'crash' && event.t <= from)
  if (!dead) return undefined
  const elected = epochs.changes(range.p).find(change => change.t > dead.t && change.leader >= 0)
  if (!elected || to > elected.t - epochs.marginMs) return undefined
  return {
    code: 'sent-without-leader',
    text: `${messages(range)} were sent after the leader was killed and before broker ${elected.leader} was elected in epoch ${elected.epoch}; nobody could take them, and acks=0 does not ask.`,
  }
}

function open(range: Range, { lane, epochs }: Evidence): Cause {
  const noOffset = range.messages.some(s => (lane.table.ackOffset[s] ?? -1) < 0)
  const missing = noOffset
    ? 'their acknowledgements name no offset (acks=0)'
    : epochs.changes(range.p).length === 0
      ? 'no leader epochs were observed'
      : 'the leader epoch around their acknowledgements is uncertain, or no later epoch begins at their offsets'
  return { code: 'not-established', text: `${messages(range)}: cause not established; ${missing}.` }
}

function electedIn(changes: readonly EpochChange[], epoch: number): number | undefined {
  return changes.find(change => change.epoch === epoch && change.leader >= 0)?.leader
}

function messages({ count }: Range): string {
  return count === 1 ? '1 message' : `${count} messages`
}
