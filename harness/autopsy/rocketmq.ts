/**
 * Why messages of RocketMQ are gone. Neither its answers nor its messages tell in which master's time they were, so the
 * causes rest on what the observer saw of the broker group and on faults that were proved: who was master when they were
 * acknowledged, what then happened to it, and who serves now.
 */
import type { EpochChange } from '../check/epochs.ts'
import { evidenceOf } from '../check/evidence.ts'
import type { TrialEvent } from '../history/events.ts'
import type { Cause } from './causes.ts'
import type { Evidence } from './evidence.ts'
import { count, span } from './words.ts'
import type { Messages } from './words.ts'

type Fault = Extract<TrialEvent, { kind: 'fault' }>

/** Undefined where the evidence leaves more than one possibility. */
export function lostInRocketmq(p: number, messages: Messages, evidence: Evidence): Cause | undefined {
  const { table } = evidence.lane
  const sent = span(messages, s => table.sentAt.get(s))
  const acked = span(messages, s => table.ackedAt.get(s))
  const changes = evidence.epochs.changes(p)
  const master = changes.findLast(change => change.t <= sent.from && change.leader >= 0)
  if (!master) return undefined
  const next = changes.find(change => change.t > master.t && change.leader >= 0 && change.epoch > master.epoch)
  const told = { p, messages, evidence, master, next, sent, acked }
  return deposed(told) ?? elsewhere(told) ?? behindItsSlave(told) ?? onDisk(told)
}

interface Told {
  p: number
  messages: Messages
  evidence: Evidence
  /** Who led when the first of them was sent, and who led next, itself again or another. */
  master: EpochChange
  next: EpochChange | undefined
  sent: { from: number; to: number }
  acked: { from: number; to: number }
}

/** Answered by a master that had been frozen, after another was elected. */
function deposed({ messages, evidence, master, next, acked }: Told): Cause | undefined {
  if (!next || next.leader === master.leader || acked.from < next.t) return undefined
  const pause = proved(evidence, master, ['pause']).find(fault => fault.t < next.t)
  const woken = evidence.events.find(event => event.kind === 'healed' && event.id === pause?.id)
  if (!pause || !woken || acked.from < woken.t - evidence.epochs.marginMs) return undefined
  return {
    code: 'deposed-master',
    text: `${count(messages)}: sent to broker ${master.leader}, master in epoch ${master.epoch}, which was frozen; acknowledged when it woke, after broker ${next.leader} had been elected in epoch ${next.epoch}, to whose log it then truncated its own.`,
  }
}

/** What serves now is another broker, whose log ends before them; their master could not hand them on. */
function elsewhere({ p, messages, evidence, master, next, sent, acked }: Told): Cause | undefined {
  const cut = proved(evidence, master, ['cut-replication']).find(fault => fault.t <= sent.from)
  const healed = evidence.events.find(event => event.kind === 'healed' && event.id === cut?.id)
  if (!cut || (healed && healed.t < acked.to)) return undefined
  const link = `by broker ${master.leader}, master in epoch ${master.epoch}, while the link on which its slaves copy was cut`
  const gone = proved(evidence, master, ['crash', 'power-loss', 'wipe-disk']).find(fault => hasHeldAt(fault, evidence) >= acked.to)
  if (!gone) return undefined
  const sealed = evidence.events.find(event => event.kind === 'sealed' && event.lane === evidence.cell.lane && event.p === p)
  if (sealed?.kind === 'sealed') {
    return { code: 'not-replicated', text: `${count(messages)}: acknowledged ${link}; then it was lost (${gone.fault}), and what its slave serves ends at offset ${sealed.o}.` }
  }
  if (!next || next.leader === master.leader) return undefined
  return { code: 'not-replicated', text: `${count(messages)}: acknowledged ${link}; then it was lost (${gone.fault}), broker ${next.leader} was elected in epoch ${next.epoch}, and the old master truncated its log to the new one's.` }
}

/** A master that had come back with an empty disk: its slave is ahead of it, so nothing is copied either way, and its word counts as an answer. */
function behindItsSlave({ p, messages, evidence, master, sent, acked }: Told): Cause | undefined {
  const wiped = proved(evidence, master, ['wipe-disk']).find(fault => hasHeldAt(fault, evidence) <= sent.from)
  const gone = proved(evidence, master, ['crash', 'power-loss', 'wipe-disk']).find(fault => hasHeldAt(fault, evidence) >= acked.to)
  const sealed = evidence.events.find(event => event.kind === 'sealed' && event.lane === evidence.cell.lane && event.p === p)
  if (!wiped || !gone || sealed?.kind !== 'sealed') return undefined
  return {
    code: 'not-replicated',
    text: `${count(messages)}: acknowledged by broker ${master.leader} after it had come back with an empty disk, behind its own slave, which then copies nothing; then it was lost (${gone.fault}), and what its slave serves ends at offset ${sealed.o}.`,
  }
}

/** The same broker serves again, and its own log came back without them. */
function onDisk({ messages, evidence, master, next, acked }: Told): Cause | undefined {
  if (!next || next.leader !== master.leader) return undefined
  const hit = proved(evidence, master, ['crash', 'power-loss', 'wipe-disk']).find(fault => hasHeldAt(fault, evidence) >= acked.to && fault.t <= next.t)
  if (!hit) return undefined
  const by = `${count(messages)}: acknowledged by broker ${master.leader}, which`
  if (hit.fault === 'wipe-disk') return { code: 'disk-wiped', text: `${by} came back with an empty disk.` }
  if (hit.fault === 'power-loss') return { code: 'unsynced-pages', text: `${by} lost power before they were synced or written back.` }
  if (String(evidence.cell.settings['broker.transientStorePoolEnable']) !== 'true') return undefined
  return { code: 'uncommitted-pool', text: `${by} was killed while they lay in memory of its own (transientStorePoolEnable), not yet committed to the page cache.` }
}

/** When a fault had surely taken hold: acknowledgements go on until it does. */
function hasHeldAt({ id, t }: Fault, { events }: Evidence): number {
  return events.find(event => event.kind === 'injected' && event.id === id)?.t ?? t
}

/** Faults of these kinds at that broker, of which complete evidence was read, in the order of their times. */
function proved({ events }: Evidence, master: EpochChange, kinds: readonly string[]): Fault[] {
  return events.filter((event): event is Fault =>
    event.kind === 'fault' && kinds.includes(event.fault) && event.node.split(', ').includes(`broker-${master.leader}`) && evidenceOf(event.id, events)?.complete === true)
}
