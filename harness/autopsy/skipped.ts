/**
 * Why messages that are stored were passed over by their consumers: who was handed them, which commit passed them, and when
 * that process died. From a second reading of the consumers' files, which is worth its time only where something was skipped.
 *
 * A commit is written down when the broker has answered it; a process that dies in between leaves none, and then the offset
 * at which its successor began tells that it was made. That holds only where the group had committed before: else
 * auto.offset.reset decides where a successor begins.
 */
import type { LaneResult } from '../check/lane.ts'
import type { Line } from '../../history/line.ts'
import type { Cause } from '../../model/causes.ts'
import { handlingOf } from '../../systems/shared/autopsy/evidence.ts'
import { copiesLostWith } from '../../systems/rocketmq/autopsy/retry-copies.ts'
import type { Evidence } from '../../systems/shared/autopsy/evidence.ts'
import { count, it, offsets, seconds, was } from '../../systems/shared/autopsy/words.ts'

export interface SkippedRange {
  p: number
  /** Message numbers, least and greatest. */
  from: number
  to: number
  count: number
  cause: Cause
}

interface Skipped {
  s: number
  p: number
  offset: number
}

interface Commit {
  o: number
  t: number
}

/** One consumer process as its file tells. */
interface Trace {
  process: string
  /** Of each partition: commits that went further than those before them, and the first offset that it was handed or committed. */
  commits: Map<number, Commit[]>
  began: Map<number, Commit>
  delivered: Map<number, number>
  failed: Map<number, number>
}

/** Takes the records of consumers again, keeping only what concerns skipped messages. */
export class ConsumerTraces {
  readonly #skipped: ReadonlyMap<number, readonly Skipped[]>
  readonly #numbers: ReadonlySet<number>
  readonly #traces: Trace[] = []

  constructor({ table, logs }: Pick<LaneResult, 'table' | 'logs'>) {
    const seen = new Set<number>()
    this.#skipped = new Map(
      [...logs]
        .toSorted(([a], [b]) => a - b)
        .map(([p, log]) => {
          const found: Skipped[] = []
          log.each((s, offset) => {
            if (table.consumerFate(s) !== 'skipped' || seen.has(s)) return
            seen.add(s)
            found.push({ s, p, offset })
          })
          return [p, found]
        }),
    )
    this.#numbers = seen
  }

  begin(process: string): void {
    this.#traces.push({ process, commits: new Map(), began: new Map(), delivered: new Map(), failed: new Map() })
  }

  take({ op, s, p, o, t }: Line): void {
    const trace = this.#traces.at(-1)
    if (!trace) return
    if (op === 'delivered' || op === 'failed') {
      if (op === 'delivered' && !trace.began.has(p)) trace.began.set(p, { o, t })
      if (this.#numbers.has(s)) trace[op].set(s, t)
    } else if (op === 'committed') {
      if (!trace.began.has(p)) trace.began.set(p, { o, t })
      const commits = trace.commits.get(p) ?? []
      if (o > (commits.at(-1)?.o ?? 0)) commits.push({ o, t })
      trace.commits.set(p, commits)
    }
  }

  explain(evidence: Evidence): SkippedRange[] {
    return [...this.#skipped.values()].flatMap(skipped => rangesOf(skipped, this.#traces, evidence))
  }
}

/** What is true of a skipped message; neighbours of which the same is true make one range. */
interface Finding {
  code: Cause['code']
  /** Who was handed it, and who committed past it. */
  handed?: Trace | undefined
  by?: Trace | undefined
  /** Undefined: it left no record, `next` began behind it. */
  commit?: Commit | undefined
  next?: { trace: Trace; began: Commit } | undefined
  /** How the copies went by which they were to be retried. */
  copies?: string
  missing?: string
}

function rangesOf(skipped: readonly Skipped[], traces: readonly Trace[], evidence: Evidence): SkippedRange[] {
  const groups: { finding: Finding; members: Skipped[] }[] = []
  for (const message of skipped) {
    const finding = findingOf(message, traces, evidence)
    const last = groups.at(-1)
    if (last && keyOf(last.finding) === keyOf(finding)) {
      last.members.push(message)
      // Of several commits that passed them one after the other the last has passed them all.
      last.finding = finding
    } else groups.push({ finding, members: [message] })
  }
  return groups.map(({ finding, members }) => ({
    p: members[0]?.p ?? 0,
    from: members.reduce((least, { s }) => Math.min(least, s), Infinity),
    to: members.reduce((most, { s }) => Math.max(most, s), 0),
    count: members.length,
    cause: { code: finding.code, text: textOf(finding, members, evidence) },
  }))
}

const keyOf = ({ code, handed, by, commit, next, copies, missing }: Finding) =>
  [
    code,
    handed?.process ?? '',
    by?.process ?? '',
    commit === undefined,
    next?.trace.process ?? '',
    copies ?? '',
    missing ?? '',
  ].join('|')

function findingOf({ s, p, offset }: Skipped, traces: readonly Trace[], evidence: Evidence): Finding {
  const handed = traces
    .filter(trace => trace.delivered.has(s))
    .toSorted((a, b) => (b.delivered.get(s) ?? 0) - (a.delivered.get(s) ?? 0) || byName(a, b))[0]
  const first = handed ? undefined : firstOf(p, traces)
  if (first && first.began.o > offset && evidence.trial.system === 'kafka' && resetOf(evidence) === 'latest')
    return { code: 'reset-to-latest', next: first }
  const passing = traces
    .flatMap(trace =>
      (trace.commits.get(p) ?? [])
        .filter(commit => commit.o > offset)
        .slice(0, 1)
        .map(commit => ({ by: trace, commit })),
    )
    .toSorted((a, b) => a.commit.t - b.commit.t || byName(a.by, b.by))[0]
  const copies =
    handed?.failed.has(s) && passing?.by === handed
      ? copiesLostWith(p, { committed: passing.commit.t, delivered: handed.delivered.get(s) ?? Infinity }, evidence)
      : undefined
  if (copies !== undefined) return { code: 'retry-lost', handed, ...passing, copies }
  if (handed && passing?.by === handed && (handed.failed.get(s) ?? Infinity) <= passing.commit.t)
    return { code: 'failure-swallowed', handed, ...passing }
  const code = handed ? 'committed-before-processing' : 'committed-before-delivery'
  if (passing && diedAt(passing.by.process, evidence) !== undefined && (handed === undefined || handed === passing.by))
    return { code, handed, ...passing }
  return withoutRecord(offset, p, code, handed, passing?.by, traces, evidence)
}

/** The passing commit is that of a successor, which began behind the message: who made it begin there? */
function withoutRecord(
  offset: number,
  p: number,
  code: Cause['code'],
  handed: Trace | undefined,
  passedBy: Trace | undefined,
  traces: readonly Trace[],
  evidence: Evidence,
): Finding {
  const open = (missing: string): Finding => ({ code: 'not-established', handed, missing })
  // Where a successor begins, and what it says of its predecessor, is Kafka's rule.
  if (evidence.trial.system === 'rocketmq') return open('no recorded commit of a process that then died has passed it')
  const next = traces
    .flatMap(trace => {
      const began = trace.began.get(p)
      return began && began.o > offset && trace !== handed ? [{ trace, began }] : []
    })
    .toSorted((a, b) => a.began.t - b.began.t || byName(a.trace, b.trace))[0]
  if (!next || (passedBy && passedBy !== next.trace))
    return open('no process is known to have committed past it and died, and none to have begun behind it')
  const dead =
    handed ??
    traces
      .filter(trace => trace.began.has(p) && (diedAt(trace.process, evidence) ?? Infinity) <= next.began.t)
      .toSorted((a, b) => (b.began.get(p)?.t ?? 0) - (a.began.get(p)?.t ?? 0) || byName(a, b))[0]
  if (!dead || (diedAt(dead.process, evidence) ?? Infinity) > next.began.t)
    return open(`${next.trace.process} began behind it, and no process before it is known to have died`)
  const before = traces.some(trace => (trace.commits.get(p) ?? []).some(commit => commit.t < next.began.t))
  if (before) return { code, handed, by: dead, next }
  if (resetOf(evidence) === 'latest') return { code: 'reset-to-latest', handed, by: dead, next }
  return open(`${next.trace.process} began behind it although the group had committed nothing`)
}

/** The first of its group that the partition was given to. Undefined where somebody had committed before it began. */
function firstOf(p: number, traces: readonly Trace[]): Finding['next'] {
  const [first] = traces
    .flatMap(trace => {
      const began = trace.began.get(p)
      return began ? [{ trace, began }] : []
    })
    .toSorted((a, b) => a.began.t - b.began.t || byName(a.trace, b.trace))
  const committed =
    first && traces.some(trace => (trace.commits.get(p) ?? []).some(commit => commit.t <= first.began.t))
  return committed === false ? first : undefined
}

/** What happened at the same time is told in one order, whatever the order of the files. */
const byName = (a: Trace, b: Trace) => (a.process < b.process ? -1 : a.process > b.process ? 1 : 0)

function textOf(finding: Finding, members: readonly Skipped[], evidence: Evidence): string {
  const { code, handed, by, commit, next, copies, missing } = finding
  const group = { count: members.length }
  const subject = `${count(group)} (${offsets({ from: members[0]?.offset ?? 0, to: members.at(-1)?.offset ?? 0 }, group)})`
  const given = handed ? timesOf(handed, members) : ''
  const died = by ? diedAt(by.process, evidence) : undefined
  const death = died === undefined ? '' : ` ${by?.process ?? ''} was gone at ${seconds(died)}`
  const committed = commit
    ? `${by?.process ?? ''} committed offset ${commit.o} at ${seconds(commit.t)}`
    : `${by?.process ?? ''} committed past ${it(group)} without living to write it down: ${next?.trace.process ?? ''} began at offset ${next?.began.o ?? ''}`
  switch (code) {
    case 'failure-swallowed':
      return `${subject} ${was(group)} handed to ${handed?.process ?? ''} ${given}; its handler failed, the failure was swallowed, and ${committed}. Retrying and then parking ${it(group)} would have kept ${it(group)}.`
    case 'retry-lost':
      return `${subject} ${was(group)} handed to ${handed?.process ?? ''} ${given}; its handler asked for another delivery, and ${committed}, behind the copies by which ${group.count === 1 ? 'it was' : 'they were'} to come again. Such copies wait for neither flush nor slave, and were lost ${copies ?? ''}. Storing ${it(group)} in the application before success is returned would have kept ${it(group)}.`
    case 'committed-before-processing':
      return `${subject} ${was(group)} handed to ${handed?.process ?? ''} ${given}; ${committed};${death}, before it had processed ${it(group)}. ${remedyOf(evidence, group)}`
    case 'committed-before-delivery':
      return `${subject} ${was(group)} fetched and never handed to the application; ${committed};${death}. ${remedyOf(evidence, group)}`
    case 'reset-to-latest':
      if (!by)
        return `${subject} ${was(group)} not handed to anybody: nothing had been committed when ${next?.trace.process ?? ''}, the first of its group, began at offset ${next?.began.o ?? ''}. auto.offset.reset=earliest would have had ${it(group)} delivered.`
      return `${subject} ${was(group)} ${handed ? `handed to ${handed.process} ${given}` : 'not handed to anybody'}, and nothing had been committed when${death}; ${next?.trace.process ?? ''} then began at offset ${next?.began.o ?? ''}. auto.offset.reset=earliest would have had ${it(group)} delivered.`
    default:
      return `${subject}: cause not established; ${missing ?? ''}.`
  }
}

function remedyOf(evidence: Evidence, group: { count: number }): string {
  const handling = handlingOf(evidence)
  const way =
    handling?.commit === 'before'
      ? 'Committing after the work'
      : handling?.processing === 'worker'
        ? 'Committing what the worker has done, not what it was handed,'
        : 'Committing only what has been processed'
  return `${way} would have had ${it(group)} delivered again.`
}

function timesOf(trace: Trace, members: readonly Skipped[]): string {
  const times = members.map(({ s }) => trace.delivered.get(s) ?? 0)
  const [from, to] = [
    seconds(times.reduce((a, b) => Math.min(a, b), Infinity)),
    seconds(times.reduce((a, b) => Math.max(a, b), 0)),
  ]
  return from === to ? `at ${from}` : `between ${from} and ${to}`
}

/** By when the process was surely gone. */
function diedAt(process: string, { events }: Evidence): number | undefined {
  for (const event of events) {
    if (event.kind === 'client-died' && event.process === process) return event.t
    if (event.kind !== 'fault' || (event.fault !== 'crash-client' && event.fault !== 'stop-client')) continue
    if (!event.nodes.includes(process)) continue
    const injected = events.find(other => other.kind === 'injected' && other.id === event.id)
    if (injected) return injected.t
  }
  return undefined
}

function resetOf({ cell, trial }: Evidence): string {
  return String(
    trial.lanes.find(found => found.id === cell.lane)?.consumer?.settings['auto.offset.reset'] ?? 'earliest',
  )
}
