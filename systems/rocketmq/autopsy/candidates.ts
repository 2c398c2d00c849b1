/**
 * The ways in which RocketMQ loses messages. Each candidate says what an extract of a log would contradict it, and builds
 * its sentence last: with where the messages were, where extracts show it, else from the events alone.
 */
import type { EpochChange } from '../../../history/epoch-change.ts'
import type { FaultEvent } from '../../../history/events.ts'
import { isPosition } from '../../shared/autopsy/replica-copies.ts'
import { rocketmqShape } from '../shape.ts'
import { acknowledgementRule, remedyFor, ruleText } from './acknowledgement-rule.ts'
import { brokerSetting, readOf } from './group-copies.ts'
import type { CopyReading } from './group-copies.ts'
import type { Candidate, LossFacts } from './loss-facts.ts'
import { brokers, count, it, offsets, span, was } from '../../shared/autopsy/wording.ts'

interface Copied {
  /** Why the slaves lacked them: a fault cut the replication link, or the slave was ahead of its master. */
  isCut: boolean
  /** The fault that then took the master. */
  gone: FaultEvent
  /** Where the log that the slaves serve ends, or the master elected instead. */
  end?: number
  elected?: EpochChange
}

const losses: Record<string, string> = {
  crash: 'it was killed',
  'power-loss': 'it lost power',
  'wipe-disk': 'its disk was replaced by an empty one',
}

/** The messages were on the master alone, and it was lost. */
export function copied(facts: LossFacts, how: Copied): Candidate {
  const { group, master, copies } = facts
  const dead = copies.atDeath(master.leader, how.gone)
  return {
    code: 'not-replicated',
    contradiction: () => heldElsewhere(facts) ?? without(dead),
    cause: () => {
      const at = copies.offsets
      if (!dead || !isPosition(dead.finding) || !at) return { code: 'not-replicated', text: copiedByEvents(facts, how) }
      const only = copies.isOnlyHolder(master.leader) ? 'only ' : ''
      return {
        code: 'not-replicated',
        text:
          `${count(group)} (${queueOffsets(at, facts)}) lay ${only}on broker ${master.leader}, ${masterOf(facts)}, ` +
          `because ${whyAlone(facts, how, dead)}; ${losses[how.gone.fault] ?? how.gone.fault}, and ` +
          `${servesNow(facts, how)}.${remedyOf(facts, how)}`,
      }
    },
  }
}

function copiedByEvents({ group, master }: LossFacts, { isCut, gone, end, elected }: Copied): string {
  const by = isCut
    ? `by broker ${master.leader}, master in epoch ${master.epoch}, while the link on which its slaves copy was cut`
    : `by broker ${master.leader} after it had come back with an empty disk, behind its own slave, which then copies nothing`
  const after = elected
    ? `, broker ${elected.leader} was elected in epoch ${elected.epoch}, and the old master truncated its log to the new one's`
    : `, and what its slave serves ends at offset ${end ?? 'unknown'}`
  return `${count(group)}: acknowledged ${by}; then it was lost (${gone.fault})${after}.`
}

function whyAlone(facts: LossFacts, { isCut }: Copied, dead: CopyReading): string {
  const { end = 0, acknowledged = [] } = dead.extract.commitLog ?? {}
  if (!isCut) {
    const slave = slaveRead(facts)
    const lengths =
      slave?.commitLog && slave.commitLog.end > end
        ? ` (its log had ${end} bytes, that of broker ${slave.broker} ${slave.commitLog.end})`
        : ''
    return (
      'it had come back with an empty disk, and a slave that is ahead of its master copies nothing from it and ' +
      `counts as in step${lengths}`
    )
  }
  const furthest = Math.max(...acknowledged)
  const behind =
    acknowledged.length > 0 && furthest >= 0 && furthest < end ? `, at byte ${furthest} of its log's ${end}` : ''
  const rule = acknowledgementRule(facts)
  const alone = rule === undefined ? '' : `${behind === '' ? '' : ','} and ${ruleText[rule]}`
  return `the HA link was cut${behind}${alone}`
}

/** The only other broker's log after all were acknowledged. */
function slaveRead({ p, copies, input, master, acked }: LossFacts) {
  const others = [
    ...new Set(
      input.replicas.flatMap(found => (found.p === p && found.broker !== master.leader ? [found.broker] : [])),
    ),
  ]
  return others.length === 1 ? copies.of(others[0] ?? -1, acked.to)[0]?.extract : undefined
}

function servesNow(facts: LossFacts, { end, elected }: Copied): string {
  const { copies, master } = facts
  if (!elected) return `what its slave serves ends at queue offset ${end ?? 'unknown'}`
  const began = beganAt(copies.of(elected.leader), elected.epoch)
  const truncated = copies
    .of(master.leader)
    .some(
      ({ extract, finding }) =>
        extract.at === 'end' && finding === 'absent' && extract.epochs.some(([epoch]) => epoch === elected.epoch),
    )
  return (
    `broker ${elected.leader} was elected in epoch ${elected.epoch}` +
    (began === undefined ? '' : ` at queue offset ${began}`) +
    (truncated ? `, to whose log broker ${master.leader} truncated its own when it came back` : '')
  )
}

function remedyOf(facts: LossFacts, { isCut, elected }: Copied): string {
  const remedy = isCut ? remedyFor(facts, elected) : undefined
  return remedy === undefined
    ? ''
    : ` ${remedy}, which acknowledges nothing that no slave has, would have kept ${it(facts.group)}.`
}

/** A power loss, a failing disk or an empty one removed them, and the same broker serves again. */
export function onDiskOf(facts: LossFacts, hit: FaultEvent): Candidate {
  const { group, master, copies } = facts
  const [dead, kept] = [copies.atDeath(master.leader, hit), copies.onDisk(master.leader, hit)]
  const code = hit.fault === 'wipe-disk' ? 'disk-wiped' : 'unsynced-pages'
  const failed = hit.fault === 'disk-error'
  const still =
    kept && isPosition(kept.finding)
      ? `${readOf(kept.extract)} when ${failed ? 'the disk was repaired' : 'the power was back'}, has ${it(group)}`
      : undefined
  const onFailed =
    dead && isPosition(dead.finding) ? `${readOf(dead.extract)} after its disk had failed, has ${it(group)}` : undefined
  return {
    code,
    // After the failure of a disk its log is read as it is on the disk, without what was in the page cache.
    contradiction: () => (failed ? onFailed : without(dead)) ?? (code === 'unsynced-pages' ? still : undefined),
    cause: () => {
      const at = copies.offsets
      const by = `${count(group)}: acknowledged by broker ${master.leader}, which`
      const isHeld = dead && isPosition(dead.finding) && at
      if (code === 'disk-wiped') {
        return {
          code,
          text: isHeld
            ? `${count(group)} (${queueOffsets(at, facts)}) lay ${copies.isOnlyHolder(master.leader) ? 'only ' : ''}on ` +
              `broker ${master.leader}, ${masterOf(facts)}, whose disk was replaced by an empty one${andSlaves(facts)}.`
            : `${by} came back with an empty disk.`,
        }
      }
      if (failed)
        return {
          code,
          text:
            `${by} met I/O errors of its disk (${hit.id}) before ${group.count === 1 ? 'it was' : 'they were'} synced or ` +
            `written back.${flushRemedy(facts)}`,
        }
      if (!isHeld || kept?.finding !== 'absent')
        return { code, text: `${by} lost power before they were synced or written back.` }
      return {
        code,
        text:
          `${count(group)} (${queueOffsets(at, facts)}) lay in the page cache of broker ${master.leader}, ` +
          `${masterOf(facts)}, which lost power before ${group.count === 1 ? 'it was' : 'they were'} synced or written ` +
          `back: ${onDiskThen(dead, kept)}${andSlaves(facts)}.${flushRemedy(facts)}`,
      }
    },
  }
}

/** How far the log reached in the page cache and on the disk. */
function onDiskThen({ extract: dark }: CopyReading, { extract: kept }: CopyReading): string {
  const synced =
    dark.commitLog && dark.commitLog.flushed < dark.commitLog.end
      ? ` (of its log's ${dark.commitLog.end} bytes ${dark.commitLog.flushed} were surely synced)`
      : ''
  return `the queue ended at offset ${dark.end}${synced}, and when the power was back at ${kept.end}`
}

function andSlaves(facts: LossFacts): string {
  const { copies, master, group } = facts
  const ids = copies.elsewhere(master.leader).map(({ extract }) => extract.broker)
  return ids.length === 0
    ? ''
    : `; ${brokers(ids)}, ${ids.length === 1 ? 'its slave' : 'its slaves'}, had ${it(group)} as well, but broker ` +
        `${master.leader} is the master again`
}

function flushRemedy(facts: LossFacts): string {
  return setting(facts, 'flushDiskType') === 'SYNC_FLUSH'
    ? ''
    : ` flushDiskType=SYNC_FLUSH, which syncs before it acknowledges, would have kept ${it(facts.group)}.`
}

/** They were in the broker's own memory when it was killed. */
export function inPool(facts: LossFacts, hit: FaultEvent): Candidate {
  const { group, master, copies, input } = facts
  const dead = copies.atDeath(master.leader, hit)
  const code = 'uncommitted-pool'
  return {
    code,
    contradiction: () =>
      heldElsewhere(facts) ??
      (dead && isPosition(dead.finding) ? `${readOf(dead.extract)} when it was down, has ${it(group)}` : undefined),
    cause: () => {
      if (dead?.finding !== 'absent')
        return {
          code,
          text:
            `${count(group)}: acknowledged by broker ${master.leader}, which was killed while they lay in memory of its ` +
            'own (transientStorePoolEnable), not yet committed to the page cache.',
        }
      const at = span(group, s => input.lane.table.ackOffset.get(s))
      const named = at.from < 0 ? '' : ` (${queueOffsets(at, facts)})`
      return {
        code,
        text:
          `${count(group)}${named} ${was(group)} acknowledged by broker ${master.leader}, ${masterOf(facts)}, and lay ` +
          'in memory of its own (transientStorePoolEnable) when it was killed: in its files, read then, the queue ends ' +
          `at offset ${dead.extract.end}. transientStorePoolEnable=false, which writes to the page cache, would have ` +
          `kept ${it(group)}.`,
      }
    },
  }
}

/** A frozen master acknowledged them when it resumed, after another had been elected. */
export function deposedAt(facts: LossFacts, next: EpochChange): Candidate {
  const { group, master, copies, acked } = facts
  const end = copies.of(master.leader, acked.to).findLast(({ extract }) => extract.at === 'end')
  return {
    code: 'deposed-master',
    contradiction: () =>
      heldElsewhere(facts) ??
      (end && isPosition(end.finding) ? `${readOf(end.extract)}, still has ${it(group)}` : undefined),
    cause: () => {
      const began = end && beganAt([end], next.epoch)
      const read =
        end?.finding === 'absent' && copies.isOnlyHolder(master.leader)
          ? ` No log of the group had ${it(group)} ` +
            'afterwards' +
            (began === undefined
              ? '.'
              : `; that of broker ${master.leader} goes on at queue offset ${began} in epoch ${next.epoch}.`)
          : ''
      return {
        code: 'deposed-master',
        text:
          `${count(group)}: sent to broker ${master.leader}, master in epoch ${master.epoch}, which was frozen; ` +
          `acknowledged when it woke, after broker ${next.leader} had been elected in epoch ${next.epoch}, to whose log ` +
          `it then truncated its own.${read}`,
      }
    },
  }
}

/** An extract of another broker that has them contradicts a loss of the master alone. */
export function heldElsewhere({ copies, master, group }: LossFacts): string | undefined {
  const [other] = copies.elsewhere(master.leader)
  return other && `${readOf(other.extract)}, has ${it(group)}`
}

function without(dead: CopyReading | undefined): string | undefined {
  return dead?.finding === 'absent'
    ? `${readOf(dead.extract)} when its process or power was gone, does not have the messages`
    : undefined
}

/** The queue offset at which a master epoch begins in one of these logs. */
function beganAt(reads: readonly CopyReading[], epoch: number): number | undefined {
  return reads.flatMap(({ extract }) => extract.epochs.filter(([began]) => began === epoch)).at(-1)?.[1]
}

/** Masters of classic mode are fixed, so their epoch says nothing. */
const masterOf = ({ master, input: { trial } }: LossFacts) =>
  rocketmqShape(trial).mode === 'controller' ? `the master in epoch ${master.epoch}` : 'the master'
const setting = ({ p, input }: LossFacts, name: string) => brokerSetting(p, name, input)
const queueOffsets = (at: { from: number; to: number }, { group }: LossFacts) =>
  offsets(at, group).replace('offset', 'queue offset')
