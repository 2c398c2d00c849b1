/**
 * Why a range of messages is gone. First by the extracts of replica logs, which tell where each message lay; then, where
 * they do not decide it or none were taken, by the history alone. A cause is named only when the evidence leaves no other;
 * otherwise the text says what is missing.
 */
import type { EpochChange } from '../../history/epochs.ts'
import type { LostRange } from '../../systems/shared/autopsy/lane-facts.ts'
import type { Cause } from '../../model/causes.ts'
import { Copies } from '../../systems/shared/autopsy/copies.ts'
import { lostWithDisk } from '../../systems/kafka/autopsy/disk.ts'
import { acks, isrBefore, topicSetting } from '../../systems/shared/autopsy/evidence.ts'
import type { Evidence } from '../../systems/shared/autopsy/evidence.ts'
import { groupsOf } from '../../systems/shared/autopsy/groups.ts'
import type { Group } from '../../systems/shared/autopsy/groups.ts'
import { droppedByClient, explainNeverHeld, namesNoOffset } from '../../systems/kafka/autopsy/never-held.ts'
import { lostInRocketmq } from '../../systems/rocketmq/autopsy/explain-loss.ts'
import { neverReached, sentWithoutLeader } from '../../systems/kafka/autopsy/unasked.ts'
import { explainVanished } from '../../systems/kafka/autopsy/vanished.ts'
import { count, it, offsets, span, was } from '../../systems/shared/autopsy/words.ts'
import type { Messages } from '../../systems/shared/autopsy/words.ts'

/** Part of a lost range, with why it is gone. */
export interface Explained {
  from: number
  to: number
  count: number
  cause: Cause
}

/** The parts of a range that fared alike, in order; together all of it. */
export function explain(range: LostRange, evidence: Evidence): Explained[] {
  const { p, from, to } = range
  if (range.outcome === 'clientLost') return [{ from, to, count: range.count, cause: clientError(range, evidence) }]
  const copies = new Copies(evidence.replicas, p)
  const groups = groupsOf(range, copies, evidence.lane.table)
  if (!groups)
    return [
      {
        from,
        to,
        count: range.count,
        cause:
          byHistory(p, range, evidence) ??
          open(p, range, evidence, 'the messages of this range fared too differently to be told apart'),
      },
    ]
  return groups.map(group => ({
    from: group.from,
    to: group.to,
    count: group.count,
    cause: explainGroup(p, group, copies, evidence),
  }))
}

function explainGroup(p: number, group: Group, copies: Copies, evidence: Evidence): Cause {
  if (evidence.trial.system === 'rocketmq') {
    const found = lostInRocketmq(p, group, copies, evidence)
    return found && 'code' in found ? found : open(p, group, evidence, found?.undecided)
  }
  const vanished = explainVanished(p, group, copies, evidence)
  if (vanished && 'code' in vanished) {
    // An election among replicas in sync takes nothing that acks=all has acknowledged: no broker has acknowledged these.
    const untold =
      vanished.code === 'truncated-after-election' && acks(evidence) === 'all' && namesNoOffset(group, evidence)
    return untold ? droppedByClient(vanished.text, group, evidence) : vanished
  }
  return (
    explainNeverHeld(p, group, copies, evidence) ??
    byHistory(p, group, evidence) ??
    open(p, group, evidence, vanished?.undecided)
  )
}

function clientError(range: LostRange, { lane }: Evidence): Cause {
  const offset = lane.table.ackOffset.get(range.from)
  const standing = range.count === 1 ? lane.logs.get(range.p)?.at(offset) : undefined
  const where =
    standing && standing.s >= 0
      ? `at offset ${offset}, which holds message ${standing.s}`
      : 'at offsets that other messages hold or were told too'
  return {
    code: 'client-error',
    text: `${count(range)} ${was(range)} acknowledged ${where}, in the same leader epoch: the client's acknowledgement was untrue. No setting of the brokers would have kept ${it(range)}; a client that numbers its sends rightly, or one send at a time, would.`,
  }
}

/** Without regard to where the messages lay. */
function byHistory(p: number, messages: Messages, evidence: Evidence): Cause | undefined {
  if (evidence.trial.system === 'rocketmq') return undefined
  return (
    lostWithDisk(p, messages, evidence) ??
    truncation(p, messages, evidence) ??
    sentWithoutLeader(p, messages, evidence) ??
    neverReached(messages, evidence)
  )
}

/** All were acknowledged in one epoch, and the log of a later one begins at or before the first of their offsets. */
function truncation(p: number, messages: Messages, evidence: Evidence): Cause | undefined {
  const { table, logs } = evidence.lane
  const at = span(messages, s => table.ackOffset.get(s))
  if (at.from < 0) return undefined
  const old = epochOf(p, messages, evidence)
  if (!old) return undefined
  const next = logs.get(p)?.firstAfter(old.epoch)
  if (!next || next.offset > at.from) return undefined
  const elected = electedIn(evidence.epochs.changes(p), next.epoch)
  // One that leads again has truncated nothing: its log came back shorter.
  if (elected?.leader === old.leader) return undefined
  const isr = elected && isrBefore(p, elected, evidence)
  const unclean =
    isr !== undefined &&
    elected !== undefined &&
    !isr.includes(elected.leader) &&
    String(topicSetting(evidence, 'unclean.leader.election.enable')) === 'true'
  return {
    code: unclean ? 'unclean-election' : 'truncated-after-election',
    text:
      `${count(messages)} (${offsets(at, messages)}) ${was(messages)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}; ` +
      `${elected === undefined ? 'the next leader' : `broker ${elected.leader}`} was elected in epoch ${next.epoch} and its log went on at offset ${next.offset}, so it had none of them.` +
      (unclean
        ? ` Broker ${elected.leader} was not among the in-sync replicas (${isr.join(', ')}): the election was unclean.`
        : inSync(p, messages, elected, evidence)),
  }
}

/** What the in-sync replicas, where the observer knew them, say about acks=all. */
function inSync(p: number, messages: Messages, elected: EpochChange | undefined, evidence: Evidence): string {
  if (!elected) return ''
  const { lane, cell, epochs, events } = evidence
  const { table } = lane
  const changes = events.filter(
    event => event.kind === 'isr' && event.lane === cell.lane && event.p === p && event.t < elected.t,
  )
  const last = isrBefore(p, elected, evidence)
  if (last && !last.includes(elected.leader))
    return ` Broker ${elected.leader} was not among the in-sync replicas (${last.join(', ')}).`
  const sent = span(messages, s => table.sentAt.get(s))
  const acked = span(messages, s => table.ackedAt.get(s))
  const then = changes.findLast(event => event.t <= sent.from)
  const disturbed = changes.some(event => event.t > sent.from && event.t <= acked.to + epochs.marginMs)
  if (then?.kind !== 'isr' || disturbed || acks(evidence) === 'all') return ''
  return ` Broker ${elected.leader} was an in-sync replica then: acks=all would have waited for it.`
}

function open(
  p: number,
  messages: Messages,
  { lane, epochs, replicas, trial }: Evidence,
  undecided: string | undefined,
): Cause {
  const { table, logs } = lane
  const noOffset = span(messages, s => table.ackOffset.get(s)).from < 0
  const log = logs.get(p)
  const missing =
    undecided ??
    (noOffset
      ? 'their acknowledgements name no offset, and no fault of leader or link is known to have covered all their sends'
      : epochs.changes(p).length === 0
        ? 'no leader epochs were observed'
        : trial.system === 'rocketmq'
          ? 'what was seen of their master and of proved faults leaves more than one possibility'
          : log === undefined || log.firstAfter(-1) === undefined
            ? 'the final log tells no leader epochs'
            : 'the leader epoch around their acknowledgements is uncertain, or no later epoch begins at their offsets')
  const extracts = replicas.length === 0 ? '; there are no extracts of replica logs' : ''
  return { code: 'not-established', text: `${count(messages)}: cause not established; ${missing}${extracts}.` }
}

/** The one epoch in which surely all of them were acknowledged. */
function epochOf(p: number, messages: Messages, { lane, epochs }: Evidence): EpochChange | undefined {
  let common: EpochChange | undefined
  let same = true
  messages.each(s => {
    if (!same) return
    const then = epochs.during(p, lane.table.sentAt.get(s), lane.table.ackedAt.get(s))
    if (!then || (common && common.epoch !== then.epoch)) same = false
    common = then
  })
  return same ? common : undefined
}

function electedIn(changes: readonly EpochChange[], epoch: number): EpochChange | undefined {
  return changes.find(change => change.epoch === epoch && change.leader >= 0)
}
