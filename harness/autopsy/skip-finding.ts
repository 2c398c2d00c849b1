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
  /** What the evidence leaves open. */
  missing?: string
}

export interface Started {
  trace: ConsumerTrace
  began: Position
}

export interface SkipContext {
  traces: readonly ConsumerTrace[]
  input: AutopsyInput
  autopsy: SystemAutopsy
}

export function findSkip(message: SkippedMessage, context: SkipContext): SkipFinding {
  const { s, p, offset } = message
  const { traces, input } = context
  if (message.isExpired) return { code: 'expired-unread' }
  const handed = traces
    .filter(trace => trace.delivered.has(s))
    .toSorted((a, b) => (b.delivered.get(s) ?? 0) - (a.delivered.get(s) ?? 0) || byName(a, b))[0]
  const passing = firstCommitPast(offset, p, traces)
  if (passing && !handed && passing.commit.t < input.lane.table.sentAt.get(s))
    return { code: 'position-beyond-log', ...passing }
  const first = handed ? undefined : firstOfGroup(p, traces)
  if (first && first.began.o > offset && context.autopsy.resetPolicy(input) === 'latest')
    return { code: 'reset-to-latest', next: first }
  const jumped = handed ? undefined : jumpOver(message, context)
  if (jumped) return jumped
  if (handed && passing?.by === handed) return handedAndPassed(message, handed, passing.commit, context)
  if (passing && !handed && wasBuffered(message, passing, input))
    return { code: 'committed-before-delivery', ...passing }
  return successorBehind(message, handed, passing?.by, context)
}

function firstCommitPast(
  offset: number,
  p: number,
  traces: readonly ConsumerTrace[],
): { by: ConsumerTrace; commit: Position } | undefined {
  return traces
    .flatMap(by => {
      const commit = by.commits.get(p)?.find(({ o }) => o > offset)
      return commit ? [{ by, commit }] : []
    })
    .toSorted((a, b) => a.commit.t - b.commit.t || byName(a.by, b.by))[0]
}

/** The process that received the message committed past it. */
function handedAndPassed(
  { s, p, offset }: SkippedMessage,
  handed: ConsumerTrace,
  commit: Position,
  { input, autopsy }: SkipContext,
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
  const died = diedAt(handed.process, input)
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
  { p, offset }: SkippedMessage,
  { by, commit }: { by: ConsumerTrace; commit: Position },
  input: AutopsyInput,
): boolean {
  const began = by.began.get(p)
  const last = by.lastSeen.get(p)
  const died = diedAt(by.process, input)
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
  { traces, input, autopsy }: SkipContext,
): SkipFinding {
  const open = (missing: string): SkipFinding => ({ code: notEstablished, handed, missing })
  if (!autopsy.startProvesCommit) return open('no recorded commit of a process that then died has passed it')
  const next = startedBehind(offset, p, handed, traces)
  if (!next || (passedBy && passedBy !== next.trace))
    return open('no process is known to have committed past it and died, and none to have begun behind it')
  const dead = handed ?? lastDeadBefore(p, next.began.t, traces, input)
  const sentAt = input.lane.table.sentAt.get(s)
  const died = dead && diedAt(dead.process, input)
  if (!dead || died === undefined || died > next.began.t)
    return open(`${next.trace.process} began behind it, and no process before it is known to have died`)
  if (sentAt < 0 && !handed) return open('no record says when the message was sent')
  const code = handed ? 'committed-before-processing' : 'committed-before-delivery'
  const found = { handed, by: dead, next }
  const policy = autopsy.resetPolicy(input)
  // What was sent after its death the dead process can have neither fetched nor committed.
  const couldCommit =
    sentAt <= died && isCommitPossible(p, next, traces, input) && !startIsYoungerThanOthers(p, next, traces, input)
  const couldReset = policy === 'latest' && !refutesLatest(p, next.began.o, died, input)
  const committedBefore = traces.some(trace => (trace.commits.get(p) ?? []).some(({ t }) => t < next.began.t))
  if (couldCommit && !(couldReset && !committedBefore)) return { code, ...found }
  if (couldReset && !committedBefore && !couldCommit) return { code: 'reset-to-latest', ...found }
  if (couldReset && committedBefore && !couldCommit) {
    const since = { from: lastCommitBefore(p, next.began.t, traces), to: next.began.t }
    const lostOffset = autopsy.explainLostOffsets(p, since, input)
    if (lostOffset !== undefined) return { code: 'reset-to-latest', ...found, lostOffset }
  }
  const start = `${next.trace.process} began behind it at offset ${next.began.o}`
  return open(
    couldCommit
      ? `${start}, because of a commit that left no record or because of the reset policy ${policy}`
      : `${start} although no process before it had received messages up to there`,
  )
}

/**
 * A living process that had the partition for itself went on behind the message. With the reset policy latest, and no older
 * message behind where it went on, its position was reset to the end of the log.
 */
function jumpOver({ p, offset }: SkippedMessage, { traces, input, autopsy }: SkipContext): SkipFinding | undefined {
  if (autopsy.resetPolicy(input) !== 'latest') return undefined
  const holders = traces.filter(trace => trace.began.has(p))
  const [trace] = holders
  if (!trace || holders.length > 1) return undefined
  const jump = trace.jumps.get(p)?.find(({ before, after }) => before.o < offset && offset < after.o)
  if (!jump || refutesLatest(p, jump.after.o, jump.before.t, input)) return undefined
  return { code: 'reset-to-latest', jump: { trace, from: jump.before.o, to: jump.after.o } }
}

function startedBehind(
  offset: number,
  p: number,
  handed: ConsumerTrace | undefined,
  traces: readonly ConsumerTrace[],
): Started | undefined {
  return traces
    .flatMap(trace => {
      const began = trace.began.get(p)
      return began && began.o > offset && trace !== handed ? [{ trace, began }] : []
    })
    .toSorted((a, b) => a.began.t - b.began.t || byName(a.trace, b.trace))[0]
}

function lastDeadBefore(
  p: number,
  t: number,
  traces: readonly ConsumerTrace[],
  input: AutopsyInput,
): ConsumerTrace | undefined {
  return traces
    .filter(trace => trace.began.has(p) && (diedAt(trace.process, input) ?? Infinity) <= t)
    .toSorted((a, b) => (b.began.get(p)?.t ?? 0) - (a.began.get(p)?.t ?? 0) || byName(a, b))[0]
}

function lastCommitBefore(p: number, t: number, traces: readonly ConsumerTrace[]): number {
  const times = traces.flatMap(trace =>
    (trace.commits.get(p) ?? []).flatMap(commit => (commit.t < t ? [commit.t] : [])),
  )
  return Math.max(0, ...times)
}

/**
 * Whether a predecessor can have committed the offset at which `next` began. An application commits what it has received; a
 * library may also commit what it has only fetched.
 */
function isCommitPossible(p: number, next: Started, traces: readonly ConsumerTrace[], input: AutopsyInput): boolean {
  if (handlingOf(input)?.commit === 'library') return true
  return traces.some(trace => {
    const last = trace.lastSeen.get(p)
    return trace !== next.trace && last !== undefined && last.t <= next.began.t && last.o + 1 >= next.began.o
  })
}

/**
 * Whether a message before the start of `next` was sent after every other process that had the partition was gone. Then
 * none of them can have committed that start.
 */
function startIsYoungerThanOthers(
  p: number,
  next: Started,
  traces: readonly ConsumerTrace[],
  input: AutopsyInput,
): boolean {
  const deaths = traces
    .filter(trace => trace !== next.trace && trace.began.has(p))
    .map(({ process }) => diedAt(process, input) ?? Infinity)
  const lastDeath = Math.max(...deaths)
  const { table } = input.lane
  let isYounger = false
  table.each(s => {
    const offset = table.ackOffset.get(s)
    isYounger ||= table.partition(s) === p && offset >= 0 && offset < next.began.o && table.sentAt.get(s) > lastDeath
  })
  return isYounger
}

/** With `latest` a consumer begins at the end of the log: messages behind its start that are older refute it. */
function refutesLatest(p: number, start: number, before: number, { lane }: AutopsyInput): boolean {
  let refuted = false
  lane.table.each(s => {
    refuted ||=
      lane.table.partition(s) === p &&
      lane.table.ackOffset.get(s) >= start &&
      lane.table.ackedAt.get(s) >= 0 &&
      lane.table.ackedAt.get(s) < before
  })
  return refuted
}

/** The first process of the group that was given the partition. Undefined where a commit was made before it began. */
function firstOfGroup(p: number, traces: readonly ConsumerTrace[]): Started | undefined {
  const [first] = traces
    .flatMap(trace => {
      const began = trace.began.get(p)
      return began ? [{ trace, began }] : []
    })
    .toSorted((a, b) => a.began.t - b.began.t || byName(a.trace, b.trace))
  const committedBefore =
    first !== undefined && traces.some(trace => (trace.commits.get(p) ?? []).some(commit => commit.t <= first.began.t))
  return committedBefore ? undefined : first
}

/** By when the process was surely gone. */
export function diedAt(process: string, { events }: Pick<AutopsyInput, 'events'>): number | undefined {
  for (const event of events) {
    if (event.kind === 'client-died' && event.process === process) return event.t
    if (event.kind !== 'fault' || (event.fault !== 'crash-client' && event.fault !== 'stop-client')) continue
    if (!event.nodes.includes(process)) continue
    const injected = events.find(other => other.kind === 'injected' && other.id === event.id)
    if (injected) return injected.t
  }
  return undefined
}

/** Orders what happened at the same time by name, so that the order of the files does not matter. */
export const byName = (a: ConsumerTrace, b: ConsumerTrace) =>
  a.process < b.process ? -1 : a.process > b.process ? 1 : 0
