/**
 * Why messages of RocketMQ are gone. Neither its answers nor its messages tell in which master's time they were, so what
 * happened is told by what the observer saw of the broker group and by faults that were proved: who was master when they
 * were acknowledged, what then became of it, and who serves now. Extracts of commit logs tell where the messages lay
 * meanwhile; what speaks against the story of the events leaves the cause open, and where there are none the events stand alone.
 */
import type { EpochChange } from '../../../history/epochs.ts'
import type { TrialEvent } from '../../../history/events.ts'
import type { Cause } from '../../../model/causes.ts'
import type { Copies } from '../../shared/autopsy/copies.ts'
import { hits, provedFaults } from '../../shared/autopsy/evidence.ts'
import type { Evidence, Fault } from '../../shared/autopsy/evidence.ts'
import type { Group } from '../../shared/autopsy/groups.ts'
import { brokerSetting, Lay } from './where-stored.ts'
import { electedFromOutside } from './outside-the-set.ts'
import { copied, deposedAt, heldElsewhere, inPool, onDiskOf } from './candidates.ts'
import type { Story, Told } from './candidates.ts'
import { servedWithoutTopic } from './unknown-topic.ts'
import { span } from '../../shared/autopsy/words.ts'

/** What could have taken messages from a master. */
const harmful = ['pause', 'cut-replication', 'crash', 'power-loss', 'wipe-disk']
/** A deposed master that runs learns of it with its next word to a controller, ms. */
const learnsMs = 5000

/** `undecided`: what speaks against it. Undefined where the events leave more than one possibility. */
export function lostInRocketmq(
  p: number,
  group: Group,
  copies: Copies,
  evidence: Evidence,
): Cause | { undecided: string } | undefined {
  const { table } = evidence.lane
  const sent = span(group, s => table.sentAt.get(s))
  const acked = span(group, s => table.ackedAt.get(s))
  const changes = evidence.epochs.changes(p)
  const master = changes.findLast(change => change.t <= sent.from && change.leader >= 0)
  if (!master) return undefined
  const next = changes.find(change => change.t > master.t && change.leader >= 0 && change.epoch > master.epoch)
  const told: Told = { p, group, evidence, lay: new Lay(p, group, copies, evidence), master, next, sent, acked }
  const story =
    outside(told) ?? deposed(told) ?? elsewhere(told) ?? behindItsSlave(told) ?? onDisk(told) ?? withoutTopic(told)
  if (!story) return undefined
  const against = story.against()
  return against === undefined
    ? story.cause()
    : { undecided: `by what was observed it would be ${story.code}, but ${against}` }
}

/** Another was elected that had left the SyncStateSet. */
function outside(told: Told): Story | undefined {
  const cause = electedFromOutside(told.p, told.group, told.evidence, told)
  return cause && { code: cause.code, against: () => heldElsewhere(told), cause: () => cause }
}

/** What serves now may hold them, and does not know their topic. */
function withoutTopic({ p, group, evidence, master }: Told): Story | undefined {
  const cause = servedWithoutTopic(p, group, evidence, master)
  return cause && { code: cause.code, against: () => undefined, cause: () => cause }
}

/** Answered by a master that had been frozen, after another was elected. */
function deposed(told: Told): Story | undefined {
  const { master, next } = told
  if (!next || next.leader === master.leader) return deposedBefore(told)
  return wokenAfter(told, next) === undefined ? undefined : deposedAt(told, next)
}

/** Sent when another was elected already, of which whoever had the older route knew nothing; and that one lost nothing. */
function deposedBefore(told: Told): Story | undefined {
  const { p, evidence, master, acked } = told
  const before = evidence.epochs.changes(p).findLast(change => change.t < master.t && change.leader >= 0)
  if (!before || before.leader === master.leader || proved(evidence, master, harmful).length > 0) return undefined
  const sentToIt = { ...told, master: before, next: master }
  const woken = wokenAfter(sentToIt, master)
  return woken === undefined || acked.to > woken + learnsMs ? undefined : deposedAt(sentToIt, master)
}

/** When the master that was frozen before `next` was elected woke; undefined unless all that was acknowledged was so after that. */
function wokenAfter({ evidence, master, acked }: Told, next: EpochChange): number | undefined {
  const pause = proved(evidence, master, ['pause']).find(fault => fault.t < next.t)
  const woken = evidence.events.find(event => event.kind === 'healed' && event.id === pause?.id)
  return pause && woken && acked.from >= next.t && acked.from >= woken.t - evidence.epochs.marginMs
    ? woken.t
    : undefined
}

/** What serves now is another broker, whose log ends before them; their master could not hand them on. */
function elsewhere(told: Told): Story | undefined {
  const { evidence, master, next, sent, acked } = told
  const cut = proved(evidence, master, ['cut-replication']).find(fault => fault.t <= sent.from)
  const healed = evidence.events.find(event => event.kind === 'healed' && event.id === cut?.id)
  if (!cut || (healed && healed.t < acked.to)) return undefined
  const gone = lostAfter(told)
  if (!gone) return undefined
  const end = sealedAt(told)
  if (end !== undefined) return copied(told, { isCut: true, gone, end })
  return next && next.leader !== master.leader ? copied(told, { isCut: true, gone, elected: next }) : undefined
}

/** A master that had come back with an empty disk: its slave is ahead of it, so nothing is copied either way, and its word counts as an answer. */
function behindItsSlave(told: Told): Story | undefined {
  const { evidence, master, sent } = told
  const wiped = proved(evidence, master, ['wipe-disk']).find(fault => hasHeldAt(fault, evidence) <= sent.from)
  const gone = lostAfter(told)
  const end = sealedAt(told)
  return wiped && gone && end !== undefined ? copied(told, { isCut: false, gone, end }) : undefined
}

/** The same broker serves again, and its own log came back without them. */
function onDisk(told: Told): Story | undefined {
  const { p, evidence, master, next, acked } = told
  if (!next || next.leader !== master.leader) return undefined
  const hit = proved(evidence, master, ['crash', 'power-loss', 'wipe-disk']).find(
    fault => hasHeldAt(fault, evidence) >= acked.to && fault.t <= next.t,
  )
  if (!hit) return undefined
  if (hit.fault !== 'crash') return onDiskOf(told, hit)
  return brokerSetting(p, 'transientStorePoolEnable', evidence) === 'true' ? inPool(told, hit) : undefined
}

/** The first fault that took the master, or its disk, after all were acknowledged. */
function lostAfter({ evidence, master, acked }: Told): Fault | undefined {
  return proved(evidence, master, ['crash', 'power-loss', 'wipe-disk']).find(
    fault => hasHeldAt(fault, evidence) >= acked.to,
  )
}

/** Where masters were given up: the queue offset behind the last message that slaves serve. */
function sealedAt({ p, evidence }: Told): number | undefined {
  const sealed = evidence.events.find(
    (event): event is Extract<TrialEvent, { kind: 'sealed' }> =>
      event.kind === 'sealed' && event.lane === evidence.cell.lane && event.p === p,
  )
  return sealed?.o
}

/** When a fault had surely taken hold: acknowledgements go on until it does. */
function hasHeldAt({ id, t }: Fault, { events }: Evidence): number {
  return events.find(event => event.kind === 'injected' && event.id === id)?.t ?? t
}

/** Faults of these kinds at that broker, of which complete evidence was read, in the order of their times. */
function proved({ events }: Evidence, master: EpochChange, kinds: readonly string[]): Fault[] {
  return provedFaults(events, kinds).flatMap(({ fault }) => (hits(fault, master.leader) ? [fault] : []))
}
