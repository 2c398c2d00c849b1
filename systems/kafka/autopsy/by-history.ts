/**
 * Explains losses without extracts of replica logs: from acknowledged offsets, leader epochs, in-sync replicas and faults.
 *
 * All messages were acknowledged by one leader in one epoch, and the log of a later epoch continues at or before their
 * offsets. So the leader of that later epoch lacked them when it began. It lacked them because it never had them (then the
 * election removed them) or because its disk was hit (then the disk did). Only where the history rules one of the two
 * out is the other named.
 */
import type { EpochChange } from '../../../history/epoch-change.ts'
import { evidenceOf } from '../../../history/fault-evidence.ts'
import type { FaultEvent, TrialEvent } from '../../../history/events.ts'
import type { Cause } from '../../../model/causes.ts'
import { dataFaultAt, hits, isrBefore, isrDuring } from '../../shared/autopsy/input.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import { isPosition, ReplicaCopies } from '../../shared/autopsy/replica-copies.ts'
import type { Explanation } from '../../shared/autopsy/system-autopsy.ts'
import { count, it, offsets, seconds, span, was } from '../../shared/autopsy/wording.ts'
import type { Messages } from '../../shared/autopsy/wording.ts'
import { acks, isUncleanAllowed } from './settings.ts'
import { handedOver, transferBehind, transferred } from './transfer.ts'

interface Span {
  from: number
  to: number
}

/** A lost range, who acknowledged it, and the later leader whose log continues without it. */
interface Continued {
  p: number
  messages: Messages
  input: AutopsyInput
  at: Span
  sent: Span
  acked: Span
  old: EpochChange
  next: { offset: number; epoch: number }
  elected: EpochChange
  /** Leaders of the epochs in between. Nothing was written in those. */
  between: readonly EpochChange[]
}

export function explainByElectionOrDisk(p: number, messages: Messages, input: AutopsyInput): Explanation {
  const continued = continuedWithout(p, messages, input)
  if (!continued) return undefined
  const { old, elected, between } = continued
  const others = [...between, elected].filter(({ leader }) => leader !== old.leader)
  if (others.length === 0) return lostOnOwnDisk(continued)
  const hit = others.find(({ leader }) => dataFaultOf(leader, continued) !== undefined)
  if (hit) return lostOnDiskOfElected(continued, hit)
  const holder = others.find(({ leader }) => isHeldBy(leader, continued))
  if (holder) return { undecided: `an extract of broker ${holder.leader}, elected in epoch ${holder.epoch}, has them` }
  if (elected.leader !== old.leader) return truncated(continued)
  return dataFaultOf(old.leader, continued) === undefined
    ? truncatedByLeaderBetween(continued, others)
    : {
        undecided:
          `broker ${others[0]?.leader ?? ''} led in epoch ${others[0]?.epoch ?? ''} in between, and no extract shows ` +
          'whether it had them',
      }
}

function continuedWithout(p: number, messages: Messages, input: AutopsyInput): Continued | undefined {
  const { table, logs } = input.lane
  const at = span(messages, s => table.ackOffset.get(s))
  const sent = span(messages, s => table.sentAt.get(s))
  const acked = span(messages, s => table.ackedAt.get(s))
  const old = at.from < 0 ? undefined : epochOf(p, messages, input, sent, acked)
  const next = old && logs.get(p)?.firstAfter(old.epoch)
  if (!old || !next || next.offset > at.from) return undefined
  const changes = input.epochs.changes(p)
  const elected = changes.find(change => change.epoch === next.epoch && change.leader >= 0)
  if (!elected) return undefined
  const between = changes.filter(({ epoch, leader }) => epoch > old.epoch && epoch < next.epoch && leader >= 0)
  return { p, messages, input, at, sent, acked, old, next, elected, between }
}

/**
 * The one epoch in which surely all were acknowledged. The leader's own death ends an epoch more sharply than its
 * successor's election does, so `seenAround` is enough where a fault killed that leader.
 */
function epochOf(
  p: number,
  messages: Messages,
  { lane, epochs, events }: AutopsyInput,
  sent: Span,
  acked: Span,
): EpochChange | undefined {
  const around = epochs.seenAround(p, sent.from, acked.to)
  if (
    around &&
    events.some(event => isProvedDataFault(event, events) && hits(event, around.leader) && event.t >= acked.to)
  )
    return around
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

/** A fault between the sends and the last election that may have removed data of this broker. */
const dataFaultOf = (broker: number, { sent, elected, input }: Continued): FaultEvent | undefined =>
  dataFaultAt(broker, { from: sent.from, to: elected.t }, input.events)

/** Whether an extract of this broker's log has any of them. */
function isHeldBy(broker: number, { p, messages, input }: Continued): boolean {
  const copies = new ReplicaCopies(input.replicas, p)
  let held = false
  messages.each(s => {
    held ||= copies.of(broker).some(index => isPosition(copies.find(index, s, -1)))
  })
  return held
}

const effects: Record<string, { code: string; how: string }> = {
  'power-loss': { code: 'unsynced-pages', how: 'lost power before they were synced or written back' },
  'disk-error': { code: 'unsynced-pages', how: 'met I/O errors of its disk before they were synced or written back' },
  'wipe-disk': { code: 'disk-wiped', how: 'came back with an empty disk' },
}

function isProvedDataFault(event: TrialEvent, events: readonly TrialEvent[]): event is FaultEvent {
  return event.kind === 'fault' && effects[event.fault] !== undefined && evidenceOf(event.id, events)?.complete === true
}

/** Proved, after all were acknowledged and before the election. */
function provedHit(broker: number, { acked, elected, input: { events } }: Continued): FaultEvent | undefined {
  return events.find(
    (event): event is FaultEvent =>
      isProvedDataFault(event, events) && hits(event, broker) && event.t >= acked.to && event.t <= elected.t,
  )
}

/** The same broker leads again, and nobody else led in between. */
function lostOnOwnDisk(continued: Continued): Explanation {
  const { messages, at, old, next } = continued
  const hit = provedHit(old.leader, continued)
  const effect = hit && effects[hit.fault]
  if (!effect) return undefined
  return {
    code: effect.code,
    text:
      `${subject(messages, at)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}, which ` +
      `${effect.how}; its log went on at offset ${next.offset}.`,
  }
}

/** The broker that led next was hit. Whether it had them is known where acks=all waited for it. */
function lostOnDiskOfElected(continued: Continued, hit: EpochChange): Explanation {
  const { p, messages, input, at, sent, acked, old, next } = continued
  const fault = provedHit(hit.leader, continued)
  const effect = fault && effects[fault.fault]
  const inSync = isrDuring(p, { from: sent.from, to: acked.to }, input)
  const had = acks(input) === 'all' && (inSync?.includes(hit.leader) ?? !isUncleanAllowed(input))
  if (!effect || !had)
    return {
      undecided:
        `the disk of broker ${hit.leader}, elected in epoch ${hit.epoch}, was hit after they were sent, and no ` +
        'extract shows whether it had them before',
    }
  const both = hits(fault, old.leader)
  const text = both
    ? `${subject(messages, at)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}, which ` +
      `${effect.how}, as did broker ${hit.leader}, elected in epoch ${hit.epoch}; its log went on at offset ` +
      `${next.offset}.`
    : `${subject(messages, at)} acknowledged with acks=all while broker ${hit.leader} was in sync, so it had ` +
      `${it(messages)}; it ${effect.how} (${fault.id}, ${seconds(fault.t)}), was elected in epoch ${hit.epoch}, and ` +
      `the log went on at offset ${next.offset}.`
  return { code: effect.code, text }
}

/** The elected broker never had them. */
function truncated(continued: Continued): Cause {
  const { p, messages, input, at, old, next, elected } = continued
  const isr = isrBefore(p, elected, input)
  const outside = isr !== undefined && !isr.includes(elected.leader)
  const unclean = outside && isUncleanAllowed(input)
  const transfer =
    outside || acks(input) === 'all'
      ? undefined
      : transferBehind(p, { leader: old.leader, since: continued.sent.from }, elected, input)
  const remark = unclean
    ? ` Broker ${elected.leader} was not among the in-sync replicas (${isr.join(', ')}): the election was unclean.`
    : outside
      ? ` Broker ${elected.leader} was not among the in-sync replicas (${isr.join(', ')}).`
      : ackRemedy(continued)
  return {
    code: unclean ? 'unclean-election' : transfer ? transferred : 'truncated-after-election',
    text:
      `${subject(messages, at)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}; broker ` +
      `${elected.leader} was elected in epoch ${elected.epoch}${transfer ? `, ${handedOver(transfer)},` : ''} ` +
      `and its log went on at offset ${next.offset}, so it ` +
      `had none of them.${remark}`,
  }
}

function ackRemedy({ p, sent, acked, elected, input }: Continued): string {
  const waited = isrDuring(p, { from: sent.from, to: acked.to }, input)
  if (waited === undefined || acks(input) === 'all') return ''
  return ` Broker ${elected.leader} was an in-sync replica then: acks=all would have waited for it.`
}

/** The first leader leads again, no disk was hit, and another led in between: that one lacked them. */
function truncatedByLeaderBetween(
  { messages, at, old, next, elected }: Continued,
  others: readonly EpochChange[],
): Cause {
  const led = others.map(({ leader, epoch }) => `broker ${leader} in epoch ${epoch}`).join(', ')
  return {
    code: 'truncated-after-election',
    text:
      `${subject(messages, at)} acknowledged by broker ${old.leader}, leader in epoch ${old.epoch}; then ${led} ` +
      `led, and when broker ${old.leader} led again in epoch ${elected.epoch} its log went on at offset ` +
      `${next.offset}. No disk was hit, so its log was truncated to that of the leader in between.`,
  }
}

const subject = (messages: Messages, at: Span) => `${count(messages)} (${offsets(at, messages)}) ${was(messages)}`
