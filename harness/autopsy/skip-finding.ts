/**
 * Why one stored message was passed over by its consumers: which process received it, which commit passed it, and when
 * that process died.
 *
 * A commit is recorded after the broker has answered it. A process that dies in between leaves no record, and then the
 * offset at which its successor began shows that the commit was made, provided that neither the reset policy nor a loss of
 * the group's offsets explains that offset.
 */
import { notEstablished } from '../../model/causes.ts'
import { handlingOf } from '../../systems/shared/autopsy/input.ts'
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import type { SystemAutopsy } from '../../systems/shared/autopsy/system-autopsy.ts'
import type { ConsumerTrace, Position, SkippedMessage } from './consumer-traces.ts'
import { byName } from './group-history.ts'
import type { GroupHistory, Started } from './group-history.ts'

/** What is true of a skipped message. */
export interface SkipFinding {
  code: string
  /** The process that received it last. */
  handed?: ConsumerTrace | undefined
  /** The process that committed past it, with that commit. Without `commit` the commit left no record. */
  by?: ConsumerTrace | undefined
  commit?: Position | undefined
  /** The process that began behind it. */
  next?: Started | undefined
  /** How the broker lost the copies for its next delivery. */
  lostCopies?: string
  /** What happened to the offset that the group had committed. */
  lostOffset?: string
  /** The process went from one offset to another without the message. */
  jump?: { trace: ConsumerTrace; from: number; to: number } | undefined
  /** The process was given an older message at its offset. */
  read?: ConsumerTrace
  /** Why the broker or the client filtered it out. */
  filtered?: string
  /** What the evidence leaves open. */
  missing?: string
}

export interface SkipContext {
  group: GroupHistory
  input: AutopsyInput
  autopsy: SystemAutopsy
}

export function findSkip(message: SkippedMessage, context: SkipContext): SkipFinding {
  const { s, p, offset } = message
  const { group, input } = context
  const handed = group.traces
    .filter(trace => trace.delivered.has(s))
    .toSorted((a, b) => (b.delivered.get(s) ?? 0) - (a.delivered.get(s) ?? 0) || byName(a, b))[0]
  if (message.isExpired && !handed) return expiredUnread(message, context)
  const passing = group.firstCommitPast(offset, p)
  const sentAt = input.lane.table.sentAt.get(s)
  if (passing && !handed && passing.commit.t < sentAt) return passedBeforeSent(message, passing, context)
  const read = group.traces.find(trace => hadOlder(trace, message, input))
  if (read && !handed) return { code: 'position-beyond-log', read }
  const first = handed ? undefined : group.firstOfGroup(p)
  if (first && first.began.o > offset && context.autopsy.resetPolicy(input) === 'latest')
    return { code: 'reset-to-latest', next: first }
  const jumped = handed ? undefined : jumpOver(message, context)
  if (jumped) return jumped
  if (handed && passing?.by === handed) return handedAndPassed(message, handed, passing.commit, context)
  if (passing && !handed && wasBuffered(message, passing, group))
    return { code: 'committed-before-delivery', ...passing }
  const filtered = handed ? undefined : context.autopsy.explainFiltered?.(s, input)
  if (passing && filtered !== undefined) return { code: 'filtered-out', ...passing, filtered }
  return successorBehind(message, handed, passing?.by, context)
}

/** No process received it, and retention or compaction removed its record; unless a commit had passed it before. */
function expiredUnread({ p, offset }: SkippedMessage, { group }: SkipContext): SkipFinding {
  const passing = group.firstCommitPast(offset, p)
  if (passing && wasBuffered({ p, offset }, passing, group)) return { code: 'committed-before-delivery', ...passing }
  const next = group.startedBehind(offset, p, undefined)
  const hadPredecessor = group.traces.some(
    trace => trace !== next?.trace && (trace.began.get(p)?.t ?? Infinity) < (next?.began.t ?? -Infinity),
  )
  return next && hadPredecessor && group.isCommitPossible(p, next)
    ? {
        code: notEstablished,
        missing:
          `${next.trace.process} began behind it at offset ${next.began.o}, because of a commit that left no record or ` +
          'because what was before it had been removed',
      }
    : { code: 'expired-unread' }
}

/** The group's offset had passed it before it was sent. Either the log was cut back below that offset, or nothing explains it. */
function passedBeforeSent(
  message: SkippedMessage,
  passing: { by: ConsumerTrace; commit: Position },
  { group, input }: SkipContext,
): SkipFinding {
  const { p, offset } = message
  const { by, commit } = passing
  const seen = group.traces.some(trace => {
    const last = trace.furthest.get(p)
    return last !== undefined && last.o >= offset && last.t <= commit.t
  })
  return seen || group.acks.reached(p, offset, commit.t) || group.traces.some(trace => hadOlder(trace, message, input))
    ? { code: 'position-beyond-log', ...passing }
    : {
        code: notEstablished,
        missing: `${by.process} committed offset ${commit.o} before it was sent, and nothing shows that the log had ever reached it`,
      }
}

/**
 * Whether the process was given an older message at the offset of this one, so the log was cut and grew again. A client hands
 * over late what it fetched before the cut. Where several brokers led, it may also have fetched it from another log.
 */
function hadOlder({ replaced }: ConsumerTrace, { s, p }: SkippedMessage, input: AutopsyInput): boolean {
  const { sentAt } = input.lane.table
  const [other, sent] = [replaced.get(s), sentAt.get(s)]
  if (other === undefined) return false
  if (other.t < sent) return true
  const otherSent = sentAt.get(other.s)
  return otherSent >= 0 && otherSent < sent && hasOneLeader(p, input)
}

function hasOneLeader(p: number, { events, cell }: AutopsyInput): boolean {
  const seen = events.flatMap(event =>
    event.kind === 'leader' && event.lane === cell.lane && event.p === p && event.leader >= 0 ? [event.leader] : [],
  )
  return new Set(seen).size === 1
}

/** The process that received the message committed past it. */
function handedAndPassed(
  { s, p, offset }: SkippedMessage,
  handed: ConsumerTrace,
  commit: Position,
  { group, input, autopsy }: SkipContext,
): SkipFinding {
  const found = { handed, by: handed, commit }
  const open = (missing: string): SkipFinding => ({ code: notEstablished, handed, missing })
  const failedAt = handed.failed.get(s)
  const handling = handlingOf(input)
  if (failedAt !== undefined) {
    const times = { committed: commit.t, delivered: handed.delivered.get(s) ?? Infinity }
    const lostCopies = autopsy.explainLostRetry(p, times, input)
    if (lostCopies !== undefined) return { code: 'retry-lost', ...found, lostCopies }
    const gaveUp = (handed.failures.get(s) ?? 0) >= (handling?.attempts ?? 1) && handling?.onPoison !== 'park'
    if (failedAt <= commit.t && gaveUp) return { code: 'failure-swallowed', ...found }
  }
  const overtakenAt = failedAt === undefined ? handed.overtaken.get(s) : undefined
  const died = group.diedAt(handed.process)
  if (overtakenAt !== undefined && (died === undefined || overtakenAt <= died)) {
    if (handling?.processing === 'inline') return { code: 'dropped-by-handler', ...found }
    const { workers = 1, commitPoint } = handling ?? {}
    const wasHeld = died !== undefined && commit.t <= died && handed.overtaken.size <= workers
    if (wasHeld && commitPoint === 'highest') return { code: 'committed-past-worker', ...found }
    return open(
      `${handed.process} processed messages behind offset ${offset} and not this one, with no failure recorded`,
    )
  }
  if (died !== undefined && commit.t <= died) return { code: 'committed-before-processing', ...found }
  return open('the process that received it committed past it and is not known to have died')
}

/**
 * Whether the message was in the client library of the process that committed past it: that process had begun at or before
 * it, was given nothing behind it, and died after the commit.
 */
function wasBuffered(
  { p, offset }: Pick<SkippedMessage, 'p' | 'offset'>,
  { by, commit }: { by: ConsumerTrace; commit: Position },
  group: GroupHistory,
): boolean {
  const began = by.began.get(p)
  const last = by.lastSeen.get(p)
  const died = group.diedAt(by.process)
  return (
    began !== undefined &&
    began !== commit &&
    began.o <= offset &&
    (last === undefined || last.o < offset) &&
    died !== undefined &&
    commit.t <= died
  )
}

/** No recorded commit of a dead process passed it. A successor that began behind it shows that one was made. */
function successorBehind(
  { s, p, offset }: SkippedMessage,
  handed: ConsumerTrace | undefined,
  passedBy: ConsumerTrace | undefined,
  { group, input, autopsy }: SkipContext,
): SkipFinding {
  const open = (missing: string): SkipFinding => ({ code: notEstablished, handed, missing })
  const policy = autopsy.resetPolicy(input)
  const unproved = () => open('no recorded commit of a process that then died has passed it')
  if (!autopsy.startProvesCommit && policy !== 'latest') return unproved()
  const next = group.startedBehind(offset, p, handed)
  if (!next || (passedBy && passedBy !== next.trace))
    return open('no process is known to have committed past it and died, and none to have begun behind it')
  const dead = handed ?? group.lastDeadBefore(p, next.began.t)
  const sentAt = input.lane.table.sentAt.get(s)
  const died = dead && group.diedAt(dead.process)
  if (!dead || died === undefined || died > next.began.t)
    return open(`${next.trace.process} began behind it, and no process before it is known to have died`)
  if (sentAt < 0 && !handed) return open('no record says when the message was sent')
  const found = { handed, by: dead, next }
  // What was sent after its death the dead process can have neither fetched nor committed.
  const couldCommit = sentAt <= died && group.isCommitPossible(p, next) && !group.startIsYoungerThanOthers(p, next)
  if (!autopsy.startProvesCommit && couldCommit) return unproved()
  const couldReset = policy === 'other' || (policy === 'latest' && !group.refutesLatest(p, next.began.o, died))
  const committedBefore = group.hasCommitBefore(p, next.began.t)
  if (couldCommit && !(couldReset && !committedBefore))
    return { code: handed ? 'committed-before-processing' : 'committed-before-delivery', ...found }
  if (policy === 'latest' && couldReset && !committedBefore && !couldCommit)
    return { code: 'reset-to-latest', ...found }
  if (policy === 'latest' && couldReset && committedBefore && !couldCommit) {
    const committedAt = group.lastCommitBefore(p, next.began.t)
    const emptySince = Math.max(committedAt, group.emptySince(next))
    const lostOffset = autopsy.explainLostOffsets(p, { from: committedAt, emptySince, to: next.began.t }, input)
    if (lostOffset !== undefined) return { code: 'reset-to-latest', ...found, lostOffset }
  }
  const start = `${next.trace.process} began behind it at offset ${next.began.o}`
  return open(
    couldCommit
      ? `${start}, because of a commit that left no record or because of the reset policy`
      : `${start} although no process before it had received messages up to there`,
  )
}

/**
 * A living process that had the partition for itself went on behind the message. With the reset policy latest, and no older
 * message behind where it went on, its position was reset to the end of the log.
 */
function jumpOver({ p, offset }: SkippedMessage, { group, input, autopsy }: SkipContext): SkipFinding | undefined {
  if (autopsy.resetPolicy(input) !== 'latest') return undefined
  const holders = group.traces.filter(trace => trace.began.has(p))
  const [trace] = holders
  if (!trace || holders.length > 1) return undefined
  const jump = trace.jumps.get(p)?.find(({ before, after }) => before.o < offset && offset < after.o)
  if (!jump || group.refutesLatest(p, jump.after.o, jump.before.t)) return undefined
  return { code: 'reset-to-latest', jump: { trace, from: jump.before.o, to: jump.after.o } }
}
