/**
 * Why messages of RocketMQ are gone. Neither answers nor records carry the master epoch, so what happened is derived from
 * what the observer saw of the broker group and from proved faults: which broker was master when the messages were
 * acknowledged, what became of it, and which broker serves now. Extracts of commit logs show where the messages were in the
 * meantime. An extract that contradicts the events leaves the cause open; where there are no extracts the events decide.
 */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { ReplicaCopies } from '../../shared/autopsy/replica-copies.ts'
import type { AutopsyInput } from '../../shared/autopsy/input.ts'
import type { MessageGroup } from '../../shared/autopsy/groups.ts'
import { brokerSetting, GroupCopies } from './group-copies.ts'
import type { Explanation } from '../../shared/autopsy/system-autopsy.ts'
import { hasHeldAt, healedAt, lostAfter, proved, sealedAt, slavesCutOff } from './events-of-master.ts'
import {
  acknowledgedCutOff,
  acknowledgedOnFullDisk,
  deposedWhileCutOff,
  killedBeforeCopying,
} from './more-candidates.ts'
import { neverReachedMaster } from './one-way.ts'
import { electedFromOutside } from './unclean-election.ts'
import { isPosition } from '../../shared/autopsy/replica-copies.ts'
import { copied, deposedAt, heldElsewhere, inPool, onDiskOf } from './candidates.ts'
import type { Candidate, LossFacts } from './loss-facts.ts'
import { servedWithoutTopic } from './topic-unknown.ts'
import { span } from '../../shared/autopsy/wording.ts'

/** Faults that can remove messages from a master. */
const harmful = ['pause', 'cut-replication', 'crash', 'power-loss', 'wipe-disk']
/** A running master that was deposed learns of it with its next heartbeat to a controller, within this time. */
const learnsMs = 5000

/** Undefined where the events leave more than one explanation. */
export function explainLossByEvents(
  p: number,
  group: MessageGroup,
  copies: ReplicaCopies,
  input: AutopsyInput,
): Explanation {
  const { table } = input.lane
  const sent = span(group, s => table.sentAt.get(s))
  const acked = span(group, s => table.ackedAt.get(s))
  const changes = input.epochs.changes(p)
  const unheard = group.findings.some(isPosition) ? undefined : neverReachedMaster(p, group, input)
  if (unheard) return unheard
  const master = changes.findLast(change => change.t <= sent.from && change.leader >= 0)
  if (!master) return undefined
  const next = changes.find(change => change.t > master.t && change.leader >= 0 && change.epoch > master.epoch)
  const facts: LossFacts = {
    p,
    group,
    input,
    copies: new GroupCopies(p, group, copies, input),
    master,
    next,
    sent,
    acked,
  }
  const candidate =
    outside(facts) ??
    deposed(facts) ??
    acknowledgedCutOff(facts) ??
    deposedWhileCutOff(facts) ??
    elsewhere(facts) ??
    behindItsSlave(facts) ??
    onDisk(facts) ??
    acknowledgedOnFullDisk(facts) ??
    withoutTopic(facts) ??
    killedBeforeCopying(facts)
  if (!candidate) return undefined
  const contradiction = candidate.contradiction()
  return contradiction === undefined
    ? candidate.cause()
    : { undecided: `by what was observed it would be ${candidate.code}, but ${contradiction}` }
}

/** A broker outside the SyncStateSet was elected. */
function outside(facts: LossFacts): Candidate | undefined {
  const cause = electedFromOutside(facts.p, facts.group, facts.input, facts)
  return cause && { code: cause.code, contradiction: () => heldElsewhere(facts), cause: () => cause }
}

/** The brokers that serve now may hold them but do not know their topic. */
function withoutTopic({ p, group, input, master }: LossFacts): Candidate | undefined {
  const cause = servedWithoutTopic(p, group, input, master)
  return cause && { code: cause.code, contradiction: () => undefined, cause: () => cause }
}

/** Acknowledged by a master that had been frozen, after another was elected. */
function deposed(facts: LossFacts): Candidate | undefined {
  const { master, next } = facts
  if (!next || next.leader === master.leader) return deposedBefore(facts)
  return wokenAfter(facts, next) === undefined ? undefined : deposedAt(facts, next)
}

/**
 * Sent when another master was already elected, by a producer that still had the older route; and the new master lost
 * nothing.
 */
function deposedBefore(facts: LossFacts): Candidate | undefined {
  const { p, input, master, acked } = facts
  const before = input.epochs.changes(p).findLast(change => change.t < master.t && change.leader >= 0)
  if (!before || before.leader === master.leader || proved(input, master, harmful).length > 0) return undefined
  const ofBefore = { ...facts, master: before, next: master }
  const woken = wokenAfter(ofBefore, master)
  return woken === undefined || acked.to > woken + learnsMs ? undefined : deposedAt(ofBefore, master)
}

/**
 * When the master that was frozen before the election of `next` resumed. Undefined unless all messages were acknowledged
 * after that.
 */
function wokenAfter({ input, master, acked }: LossFacts, next: EpochChange): number | undefined {
  const pause = proved(input, master, ['pause']).find(fault => fault.t < next.t)
  const woken = input.events.find(event => event.kind === 'healed' && event.id === pause?.id)
  return pause && woken && acked.from >= next.t && acked.from >= woken.t - input.epochs.marginMs ? woken.t : undefined
}

/** Another broker serves now, its log ends before them, and the link on which slaves copy was cut. */
function elsewhere(facts: LossFacts): Candidate | undefined {
  const { input, master, next, sent, acked } = facts
  const cut =
    proved(input, master, ['cut-replication']).find(fault => fault.t <= sent.from) ??
    slavesCutOff(facts).find(fault => hasHeldAt(fault, input) <= sent.from)
  const healed = input.events.find(event => event.kind === 'healed' && event.id === cut?.id)
  if (!cut || (healed && healed.t < acked.to)) return undefined
  const gone = lostAfter(facts)
  if (!gone) return undefined
  const end = sealedAt(facts)
  if (end !== undefined) return copied(facts, { isCut: true, gone, end })
  return next && next.leader !== master.leader ? copied(facts, { isCut: true, gone, elected: next }) : undefined
}

/**
 * The master had come back with an empty disk. Its slave is ahead of it, so the slave copies nothing, and the master still
 * counts it as in sync.
 */
function behindItsSlave(facts: LossFacts): Candidate | undefined {
  const { input, master, sent } = facts
  const wiped = proved(input, master, ['wipe-disk']).find(fault => hasHeldAt(fault, input) <= sent.from)
  const gone = lostAfter(facts)
  const end = sealedAt(facts)
  return wiped && gone && end !== undefined ? copied(facts, { isCut: false, gone, end }) : undefined
}

/** The same broker serves again, and its log lacks them. */
function onDisk(facts: LossFacts): Candidate | undefined {
  const { p, input, master, next, acked } = facts
  if (!next || next.leader !== master.leader) return undefined
  const hit = proved(input, master, ['crash', 'power-loss', 'wipe-disk', 'disk-error']).find(
    // A broker goes on acknowledging what it writes into the page cache of a disk that fails.
    fault =>
      (fault.fault === 'disk-error' ? healedAt(fault, input) : hasHeldAt(fault, input)) >= acked.to &&
      fault.t <= next.t,
  )
  if (!hit) return undefined
  const pooled = brokerSetting(p, 'transientStorePoolEnable', input) === 'true'
  if (hit.fault === 'crash') return pooled ? inPool(facts, hit) : undefined
  // The repair of a failing disk kills the broker, and what it held in memory of its own goes with it.
  return hit.fault === 'disk-error' && pooled ? undefined : onDiskOf(facts, hit)
}
