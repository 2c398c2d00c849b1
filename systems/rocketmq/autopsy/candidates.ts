/** RocketMQ: what each way to lose messages says of the logs, and its words: with where the messages lay, or by the events alone. */
import type { EpochChange } from '../../../history/epochs.ts'
import type { Cause, CauseCode } from '../../../model/causes.ts'
import { isrBefore } from '../../shared/autopsy/evidence.ts'
import type { Evidence, Fault } from '../../shared/autopsy/evidence.ts'
import type { Group } from '../../shared/autopsy/groups.ts'
import { brokerSetting, isPlace, readOf } from './where-stored.ts'
import type { Lay, Read } from './where-stored.ts'
import { brokers, count, it, offsets, span, was } from '../../shared/autopsy/words.ts'

export interface Told {
  p: number
  group: Group
  evidence: Evidence
  lay: Lay
  /** Who led when the first of them was sent, and who led next, itself again or another. */
  master: EpochChange
  next: EpochChange | undefined
  sent: { from: number; to: number }
  acked: { from: number; to: number }
}

export interface Story {
  code: CauseCode
  /** What a log says against it; undefined: nothing. */
  against: () => string | undefined
  cause: () => Cause
}

interface Copied {
  /** By a fault, or because the slave was ahead. */
  isCut: boolean
  /** What took the master then. */
  gone: Fault
  /** Where what its slaves serve ends, or who was elected. */
  end?: number
  elected?: EpochChange
}

const took: Record<string, string> = {
  crash: 'it was killed',
  'power-loss': 'it lost power',
  'wipe-disk': 'its disk was replaced by an empty one',
}

/** On the master alone, which is gone. */
export function copied(told: Told, how: Copied): Story {
  const { group, master, lay } = told
  const dead = lay.atDeath(master.leader, how.gone)
  return {
    code: 'not-replicated',
    against: () => heldElsewhere(told) ?? without(dead),
    cause: () => {
      const at = lay.offsets
      if (!dead || !isPlace(dead.finding) || !at) return { code: 'not-replicated', text: copiedByEvents(told, how) }
      const only = lay.nobodyElse(master.leader) ? 'only ' : ''
      return {
        code: 'not-replicated',
        text: `${count(group)} (${queueOffsets(at, told)}) lay ${only}on broker ${master.leader}, ${masterOf(told)}, because ${whyAlone(told, how, dead)}; ${took[how.gone.fault] ?? how.gone.fault}, and ${servesNow(told, how)}.${remedyOf(told, how)}`,
      }
    },
  }
}

function copiedByEvents({ group, master }: Told, { isCut, gone, end, elected }: Copied): string {
  const by = isCut
    ? `by broker ${master.leader}, master in epoch ${master.epoch}, while the link on which its slaves copy was cut`
    : `by broker ${master.leader} after it had come back with an empty disk, behind its own slave, which then copies nothing`
  const after = elected
    ? `, broker ${elected.leader} was elected in epoch ${elected.epoch}, and the old master truncated its log to the new one's`
    : `, and what its slave serves ends at offset ${end ?? 'unknown'}`
  return `${count(group)}: acknowledged ${by}; then it was lost (${gone.fault})${after}.`
}

function whyAlone(told: Told, { isCut }: Copied, dead: Read): string {
  const { end = 0, acknowledged = [] } = dead.extract.commitLog ?? {}
  if (!isCut) {
    const slave = slaveRead(told)
    const lengths =
      slave?.commitLog && slave.commitLog.end > end
        ? ` (its log had ${end} bytes, that of broker ${slave.broker} ${slave.commitLog.end})`
        : ''
    return `it had come back with an empty disk, and a slave that is ahead of its master copies nothing from it and counts as in step${lengths}`
  }
  const furthest = Math.max(...acknowledged)
  const behind =
    acknowledged.length > 0 && furthest >= 0 && furthest < end ? `, at byte ${furthest} of its log's ${end},` : ''
  const why = whyAnswered(told)
  return `the HA link was cut${behind}${why === undefined ? '' : ` and ${why}`}`
}

/** Another broker's log when all were acknowledged. */
function slaveRead({ p, lay, evidence, master, acked }: Told) {
  const others = [
    ...new Set(
      evidence.replicas.flatMap(found => (found.p === p && found.broker !== master.leader ? [found.broker] : [])),
    ),
  ]
  return others.length === 1 ? lay.of(others[0] ?? -1, acked.to)[0]?.extract : undefined
}

/** Why no slave was waited for; undefined where the settings do not tell. */
function whyAnswered(told: Told): string | undefined {
  const { p, evidence, master, next } = told
  if (evidence.trial.system !== 'rocketmq') return undefined
  const { mode, version } = evidence.trial.cluster
  if (mode === 'classic' && setting(told, 'brokerRole') !== 'SYNC_MASTER') return 'an ASYNC_MASTER waits for no slave'
  if (version.startsWith('4.')) return undefined
  if (setting(told, 'allAckInSyncStateSet') === 'true') {
    const inStep = next && isrBefore(p, next, evidence)
    return inStep?.length === 1 && inStep[0] === master.leader
      ? 'allAckInSyncStateSet waits for the SyncStateSet alone, which was that broker by itself'
      : undefined
  }
  return Number(setting(told, 'inSyncReplicas') ?? 1) === 1 ? 'inSyncReplicas is 1' : undefined
}

function servesNow(told: Told, { end, elected }: Copied): string {
  const { lay, master } = told
  if (!elected) return `what its slave serves ends at queue offset ${end ?? 'unknown'}`
  const began = beganAt(lay.of(elected.leader), elected.epoch)
  const truncated = lay
    .of(master.leader)
    .some(
      ({ extract, finding }) =>
        extract.at === 'end' && finding === 'absent' && extract.epochs.some(([epoch]) => epoch === elected.epoch),
    )
  return `broker ${elected.leader} was elected in epoch ${elected.epoch}${began === undefined ? '' : ` at queue offset ${began}`}${truncated ? `, to whose log broker ${master.leader} truncated its own when it came back` : ''}`
}

function remedyOf(told: Told, { isCut, elected }: Copied): string {
  if (!isCut || whyAnswered(told) === undefined || setting(told, 'allAckInSyncStateSet') === 'true') return ''
  const { p, evidence, group } = told
  const asynchronous = whyAnswered(told)?.includes('ASYNC_MASTER') === true
  const isOf4 = evidence.trial.system === 'rocketmq' && evidence.trial.cluster.version.startsWith('4.')
  const role = asynchronous ? `brokerRole=SYNC_MASTER${isOf4 ? '' : ' with inSyncReplicas=2'}` : 'inSyncReplicas=2'
  const waited =
    elected && isrBefore(p, elected, evidence)?.includes(elected.leader) === true ? ' or allAckInSyncStateSet=true' : ''
  return ` ${role}${waited}, which acknowledges nothing that no slave has, would have kept ${it(group)}.`
}

/** Power or the disk took them, and the same broker serves again. */
export function onDiskOf(told: Told, hit: Fault): Story {
  const { group, master, lay } = told
  const [dead, kept] = [lay.atDeath(master.leader, hit), lay.onDisk(master.leader, hit)]
  const code = hit.fault === 'power-loss' ? 'unsynced-pages' : 'disk-wiped'
  const still =
    kept && isPlace(kept.finding) ? `${readOf(kept.extract)} when the power was back, has ${it(group)}` : undefined
  return {
    code,
    against: () => without(dead) ?? (code === 'unsynced-pages' ? still : undefined),
    cause: () => {
      const at = lay.offsets
      const by = `${count(group)}: acknowledged by broker ${master.leader}, which`
      const isHeld = dead && isPlace(dead.finding) && at
      if (code === 'disk-wiped') {
        return {
          code,
          text: isHeld
            ? `${count(group)} (${queueOffsets(at, told)}) lay ${lay.nobodyElse(master.leader) ? 'only ' : ''}on broker ${master.leader}, ${masterOf(told)}, whose disk was replaced by an empty one${andSlaves(told)}.`
            : `${by} came back with an empty disk.`,
        }
      }
      if (!isHeld || kept?.finding !== 'absent')
        return { code, text: `${by} lost power before they were synced or written back.` }
      return {
        code,
        text: `${count(group)} (${queueOffsets(at, told)}) lay in the page cache of broker ${master.leader}, ${masterOf(told)}, which lost power before ${group.count === 1 ? 'it was' : 'they were'} synced or written back: ${onDiskThen(dead, kept)}${andSlaves(told)}.${flushRemedy(told)}`,
      }
    },
  }
}

/** How far the log went in the page cache, and on the disk. */
function onDiskThen({ extract: dark }: Read, { extract: kept }: Read): string {
  const synced =
    dark.commitLog && dark.commitLog.flushed < dark.commitLog.end
      ? ` (of its log's ${dark.commitLog.end} bytes ${dark.commitLog.flushed} were surely synced)`
      : ''
  return `the queue ended at offset ${dark.end}${synced}, and when the power was back at ${kept.end}`
}

function andSlaves(told: Told): string {
  const { lay, master, group } = told
  const ids = lay.elsewhere(master.leader).map(({ extract }) => extract.broker)
  return ids.length === 0
    ? ''
    : `; ${brokers(ids)}, ${ids.length === 1 ? 'its slave' : 'its slaves'}, had ${it(group)} as well, but broker ${master.leader} is the master again`
}

function flushRemedy(told: Told): string {
  return setting(told, 'flushDiskType') === 'SYNC_FLUSH'
    ? ''
    : ` flushDiskType=SYNC_FLUSH, which syncs before it acknowledges, would have kept ${it(told.group)}.`
}

/** In the broker's own memory when it was killed. */
export function inPool(told: Told, hit: Fault): Story {
  const { group, master, lay, evidence } = told
  const dead = lay.atDeath(master.leader, hit)
  const code = 'uncommitted-pool'
  return {
    code,
    against: () =>
      heldElsewhere(told) ??
      (dead && isPlace(dead.finding) ? `${readOf(dead.extract)} when it was down, has ${it(group)}` : undefined),
    cause: () => {
      if (dead?.finding !== 'absent')
        return {
          code,
          text: `${count(group)}: acknowledged by broker ${master.leader}, which was killed while they lay in memory of its own (transientStorePoolEnable), not yet committed to the page cache.`,
        }
      const at = span(group, s => evidence.lane.table.ackOffset.get(s))
      const named = at.from < 0 ? '' : ` (${queueOffsets(at, told)})`
      return {
        code,
        text: `${count(group)}${named} ${was(group)} acknowledged by broker ${master.leader}, ${masterOf(told)}, and lay in memory of its own (transientStorePoolEnable) when it was killed: in its files, read then, the queue ends at offset ${dead.extract.end}. transientStorePoolEnable=false, which writes to the page cache, would have kept ${it(group)}.`,
      }
    },
  }
}

/** Acknowledged by a frozen master when it woke, after another was elected. */
export function deposedAt(told: Told, next: EpochChange): Story {
  const { group, master, lay, acked } = told
  const end = lay.of(master.leader, acked.to).findLast(({ extract }) => extract.at === 'end')
  return {
    code: 'deposed-master',
    against: () =>
      heldElsewhere(told) ??
      (end && isPlace(end.finding) ? `${readOf(end.extract)}, still has ${it(group)}` : undefined),
    cause: () => {
      const began = end && beganAt([end], next.epoch)
      const read =
        end?.finding === 'absent' && lay.nobodyElse(master.leader)
          ? ` No log of the group had ${it(group)} afterwards${began === undefined ? '' : `; that of broker ${master.leader} goes on at queue offset ${began} in epoch ${next.epoch}`}.`
          : ''
      return {
        code: 'deposed-master',
        text: `${count(group)}: sent to broker ${master.leader}, master in epoch ${master.epoch}, which was frozen; acknowledged when it woke, after broker ${next.leader} had been elected in epoch ${next.epoch}, to whose log it then truncated its own.${read}`,
      }
    },
  }
}

/** What an extract of another broker says against it. */
export function heldElsewhere({ lay, master, group }: Told): string | undefined {
  const [other] = lay.elsewhere(master.leader)
  return other && `${readOf(other.extract)}, has ${it(group)}`
}

function without(dead: Read | undefined): string | undefined {
  return dead?.finding === 'absent'
    ? `${readOf(dead.extract)} when its process or power was gone, does not have the messages`
    : undefined
}

/** The queue offset with which a master epoch begins in one of these logs. */
function beganAt(reads: readonly Read[], epoch: number): number | undefined {
  return reads.flatMap(({ extract }) => extract.epochs.filter(([began]) => began === epoch)).at(-1)?.[1]
}

/** Classic masters are so for good. */
const masterOf = ({ master, evidence: { trial } }: Told) =>
  trial.system === 'rocketmq' && trial.cluster.mode === 'controller'
    ? `the master in epoch ${master.epoch}`
    : 'the master'
const setting = ({ p, evidence }: Told, name: string) => brokerSetting(p, name, evidence)
const queueOffsets = (at: { from: number; to: number }, { group }: Told) =>
  offsets(at, group).replace('offset', 'queue offset')
