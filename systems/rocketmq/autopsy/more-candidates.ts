/** Losses without a cut link: asynchronous replication, a master cut off from the others, a full disk. */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { FaultEvent } from '../../../history/events.ts'
import { dataFaultAt, hits } from '../../shared/autopsy/input.ts'
import { isPosition } from '../../shared/autopsy/replica-copies.ts'
import { count, it, was } from '../../shared/autopsy/wording.ts'
import { acknowledgementRule, remedyFor, ruleText } from './acknowledgement-rule.ts'
import { heldElsewhere } from './candidates.ts'
import type { Candidate, LossFacts } from './loss-facts.ts'
import { hasHeldAt, healedAt, lostAfter, proved, sealedAt } from './events-of-master.ts'
import { brokerSetting } from './group-copies.ts'

/**
 * The master acknowledged alone and was killed before its slave had copied them; another broker serves now. Established by
 * extracts: the dead master's log has the messages, and the log of every other broker of the group was read and does not.
 * Excluded: the master waits for slaves, and a disk fault of the broker that serves now, which may have had them.
 */
export function killedBeforeCopying(facts: LossFacts): Candidate | undefined {
  const { group, input, copies, master, next, sent } = facts
  const gone = lostAfter(facts)
  const rule = acknowledgementRule(facts)
  const end = sealedAt(facts)
  const elected = next && next.leader !== master.leader ? next : undefined
  if (gone?.fault !== 'crash' || rule === undefined || (end === undefined && elected === undefined)) return undefined
  const dead = copies.atDeath(master.leader, gone)
  if (!dead || !isPosition(dead.finding) || !copies.isOnlyHolder(master.leader)) return undefined
  if (elected && dataFaultAt(elected.leader, { from: sent.from, to: elected.t }, input.events)) return undefined
  const serves = elected
    ? `broker ${elected.leader} was elected in epoch ${elected.epoch} without ${it(group)}`
    : `what its slave serves ends at queue offset ${end ?? 'unknown'}`
  const remedy = remedyFor(facts, elected)
  return {
    code: 'not-replicated',
    contradiction: () => heldElsewhere(facts),
    cause: () => ({
      code: 'not-replicated',
      text:
        `${count(group)} lay only on broker ${master.leader}, which acknowledged alone because ${ruleText[rule]}; it was ` +
        `killed before a slave had copied ${it(group)}, and ${serves}.` +
        (remedy === undefined
          ? ''
          : ` ${remedy}, which acknowledges nothing that no slave has, would have kept ${it(group)}.`),
    }),
  }
}

/** What helps against a master that is cut off. */
const onlyNumbers = (group: Parameters<typeof it>[0]): string =>
  'inSyncReplicas=2 with minInSyncReplicas=2, with which a master that is alone acknowledges nothing, would have kept ' +
  `${it(group)}.`

/** Acknowledged by a master that was cut off from the others, while another was elected. */
export function deposedWhileCutOff(facts: LossFacts): Candidate | undefined {
  return cutOff(facts) ?? cutOffBefore(facts)
}

/**
 * Sent when another master was already elected, by a producer that still reached the old one. The new master met no fault
 * and leads until the end, so what is gone was not acknowledged by it.
 */
function cutOffBefore(facts: LossFacts): Candidate | undefined {
  const { p, input, master, next } = facts
  const before = input.epochs.changes(p).findLast(change => change.t < master.t && change.leader >= 0)
  const isDisturbed = input.events.some(event => event.kind === 'fault' && hits(event, master.leader))
  if (!before || isDisturbed || (next && next.leader !== master.leader)) return undefined
  return cutOff({ ...facts, master: before, next: master })
}

/**
 * The fault that cut the master off before the first of the messages was sent, and still did when another master was elected.
 * Undefined where no fault did, and where a fault may have removed data of the new master, which may have had the messages.
 */
function cutUntilElection({ input, master, sent, acked }: LossFacts, next: EpochChange): FaultEvent | undefined {
  if (dataFaultAt(next.leader, { from: sent.from, to: next.t }, input.events)) return undefined
  return proved(input, master, ['partition', 'isolate']).find(
    fault => hasHeldAt(fault, input) <= sent.from && healedAt(fault, input) >= Math.max(acked.to, next.t),
  )
}

/**
 * No other broker can have the messages: the master was cut off when it acknowledged them, and another master was elected
 * while it was still cut off. Whether the election came before or after the acknowledgements makes no difference.
 */
function cutOff(facts: LossFacts): Candidate | undefined {
  const { group, master, next } = facts
  if (!next || next.leader === master.leader) return undefined
  const cut = cutUntilElection(facts, next)
  if (!cut) return undefined
  return {
    code: 'deposed-master',
    contradiction: () => heldElsewhere(facts),
    cause: () => ({
      code: 'deposed-master',
      text:
        `${count(group)} ${was(group)} acknowledged by broker ${master.leader}, master in epoch ${master.epoch}, while it was ` +
        `cut off from the others (${cut.id}); broker ${next.leader} was elected in epoch ${next.epoch} without ${it(group)}, ` +
        `and the old master then truncated its log to the new one's. ${onlyNumbers(group)}`,
    }),
  }
}

/**
 * Acknowledged by a master that was cut off from its slaves and controllers, before another was elected. Excluded: the
 * master waits for a number of slaves; it was cut off only after the first send or not until the last acknowledgement.
 *
 * With allAckInSyncStateSet a master takes a slave out of its set when it closes the slave's connection. Logs of 5.5.0
 * show this while the controllers, who have to agree, could not be reached.
 */
export function acknowledgedCutOff(facts: LossFacts): Candidate | undefined {
  const { p, group, input, master, next, acked } = facts
  const rule = acknowledgementRule(facts)
  const isSetOwn = rule === undefined && brokerSetting(p, 'allAckInSyncStateSet', input) === 'true'
  if (!next || next.leader === master.leader || (rule === undefined && !isSetOwn)) return undefined
  if (acked.to > next.earliest) return undefined
  const cut = cutUntilElection(facts, next)
  if (!cut) return undefined
  const why =
    rule === undefined
      ? 'although allAckInSyncStateSet is on, because a master takes a silent slave out of its set by itself'
      : `because ${ruleText[rule]}`
  return {
    code: 'not-replicated',
    contradiction: () => heldElsewhere(facts),
    cause: () => ({
      code: 'not-replicated',
      text:
        `${count(group)} ${was(group)} acknowledged by broker ${master.leader}, master in epoch ${master.epoch}, which was cut ` +
        `off from its slaves and controllers (${cut.id}) and acknowledged alone, ${why}; broker ${next.leader} was elected in ` +
        `epoch ${next.epoch} without ${it(group)}, and the old master truncated its log to the new one's. ${onlyNumbers(group)}`,
    }),
  }
}

/**
 * Acknowledged while the master's disk was full, and the same broker serves again without them; or another one, although
 * the master waits for slaves: a slave copies the bytes of the log, and these were never written. Excluded: a fault that
 * removes data from the disk or the page cache, and a pool in the broker's memory.
 */
export function acknowledgedOnFullDisk(facts: LossFacts): Candidate | undefined {
  const { p, group, input, master, next, sent, acked } = facts
  const elected = next && next.leader !== master.leader ? next : undefined
  if (elected && acknowledgementRule(facts) !== undefined) return undefined
  // Where slaves serve what the master had, its disk explains nothing.
  if (sealedAt(facts) !== undefined) return undefined
  const full = proved(input, master, ['disk-full']).find(
    fault => fault.t <= acked.from && healedAt(fault, input) >= acked.to,
  )
  const since = { from: sent.from, to: Infinity }
  if (!full || [master, elected].some(one => one && dataFaultAt(one.leader, since, input.events))) return undefined
  if (brokerSetting(p, 'transientStorePoolEnable', input) === 'true') return undefined
  const flush = brokerSetting(p, 'flushDiskType', input) ?? 'ASYNC_FLUSH'
  return {
    code: 'disk-full',
    contradiction: () => heldElsewhere(facts),
    cause: () => ({
      code: 'disk-full',
      text:
        `${count(group)} ${was(group)} acknowledged by broker ${master.leader} with flushDiskType=${flush} while its disk was ` +
        `full (${full.id}): the broker reported success although nothing could be written. ` +
        (elected
          ? `Its slaves confirmed them too, but had copied bytes of the log that hold no message, and broker ` +
            `${elected.leader} was elected in epoch ${elected.epoch}. `
          : '') +
        `Free space on the disk would have kept ${it(group)}.`,
    }),
  }
}
