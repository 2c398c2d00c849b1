/** What the files of a group's processes show together: who began where, who committed what, and who was gone when. */
import { evidenceOf } from '../../history/fault-evidence.ts'
import type { AutopsyInput } from '../../systems/shared/autopsy/input.ts'
import { handlingOf } from '../../systems/shared/autopsy/input.ts'
import { lastWhere } from '../check/table/last-where.ts'
import { AckTimes } from './ack-times.ts'
import type { ConsumerTrace, Position } from './consumer-traces.ts'

/** A process, and where it began in a partition. */
export interface Started {
  trace: ConsumerTrace
  began: Position
}

export class GroupHistory {
  readonly traces: readonly ConsumerTrace[]
  readonly acks: AckTimes
  readonly #input: AutopsyInput
  readonly #deaths = new Map<string, number | undefined>()

  constructor(traces: readonly ConsumerTrace[], input: AutopsyInput) {
    this.traces = traces
    this.#input = input
    this.acks = new AckTimes(input.lane.table)
  }

  /** By when the process was surely gone. */
  diedAt(process: string): number | undefined {
    if (!this.#deaths.has(process)) this.#deaths.set(process, deathOf(process, this.#input))
    return this.#deaths.get(process)
  }

  firstCommitPast(offset: number, p: number): { by: ConsumerTrace; commit: Position } | undefined {
    return this.traces
      .flatMap(by => {
        // Commits go further each time.
        const commits = by.commits.get(p) ?? []
        const commit = commits[lastWhere(commits, ({ o }) => o <= offset) + 1]
        return commit ? [{ by, commit }] : []
      })
      .toSorted((a, b) => a.commit.t - b.commit.t || byName(a.by, b.by))[0]
  }

  /** The first process other than `handed` that began behind the offset. */
  startedBehind(offset: number, p: number, handed: ConsumerTrace | undefined): Started | undefined {
    return this.traces
      .flatMap(trace => {
        const began = trace.began.get(p)
        return began && began.o > offset && trace !== handed ? [{ trace, began }] : []
      })
      .toSorted(inOrder)[0]
  }

  lastDeadBefore(p: number, t: number): ConsumerTrace | undefined {
    return this.traces
      .filter(trace => trace.began.has(p) && (this.diedAt(trace.process) ?? Infinity) <= t)
      .toSorted((a, b) => (b.began.get(p)?.t ?? 0) - (a.began.get(p)?.t ?? 0) || byName(a, b))[0]
  }

  /** Whether a process committed before `t`; with `atOnce` also at `t`. */
  hasCommitBefore(p: number, t: number, atOnce = false): boolean {
    return this.traces.some(trace =>
      (trace.commits.get(p) ?? []).some(commit => commit.t < t || (atOnce && commit.t === t)),
    )
  }

  /** 0 where there was none. */
  lastCommitBefore(p: number, t: number): number {
    let last = 0
    for (const trace of this.traces)
      for (const commit of trace.commits.get(p) ?? []) if (commit.t < t) last = Math.max(last, commit.t)
    return last
  }

  /** When the last process other than `next` was gone. Infinity: one of them is not known to have died before it began. */
  emptySince({ trace, began }: Started): number {
    let since = 0
    for (const other of this.traces) {
      const first = Math.min(...[...other.began.values()].map(({ t }) => t))
      if (other === trace || (Number.isFinite(first) && first >= began.t)) continue
      since = Math.max(since, this.diedAt(other.process) ?? Infinity)
    }
    return since
  }

  /**
   * Whether a predecessor can have committed the offset at which `next` began. An application commits what it has received;
   * a library may also commit what it has only fetched.
   */
  isCommitPossible(p: number, next: Started): boolean {
    if (handlingOf(this.#input)?.commit === 'library') return true
    return this.traces.some(trace => {
      const last = trace.lastSeen.get(p)
      return trace !== next.trace && last !== undefined && last.t <= next.began.t && last.o + 1 >= next.began.o
    })
  }

  /**
   * Whether a message before the start of `next` was sent after every other process that had the partition was gone. Then
   * none of them can have committed that start.
   */
  startIsYoungerThanOthers(p: number, next: Started): boolean {
    let lastDeath = -Infinity
    for (const trace of this.traces)
      if (trace !== next.trace && trace.began.has(p))
        lastDeath = Math.max(lastDeath, this.diedAt(trace.process) ?? Infinity)
    return this.acks.sentBelowAfter(p, next.began.o, lastDeath)
  }

  /** With `latest` a consumer begins at the end of the log: messages behind its start that are older refute it. */
  refutesLatest(p: number, start: number, before: number): boolean {
    return this.acks.reached(p, start, before)
  }

  /** The first process of the group that was given the partition. Undefined where a commit was made before it began. */
  firstOfGroup(p: number): Started | undefined {
    const [first] = this.traces
      .flatMap(trace => {
        const began = trace.began.get(p)
        return began ? [{ trace, began }] : []
      })
      .toSorted(inOrder)
    return first && this.hasCommitBefore(p, first.began.t, true) ? undefined : first
  }
}

/** A fault counts when its effect was read back: without evidence the process may have lived on. */
function deathOf(process: string, { events }: AutopsyInput): number | undefined {
  for (const event of events) {
    if (event.kind === 'client-died' && event.process === process) return event.t
    if (event.kind !== 'fault' || (event.fault !== 'crash-client' && event.fault !== 'stop-client')) continue
    if (!event.nodes.includes(process) || evidenceOf(event.id, events)?.complete !== true) continue
    const injected = events.find(other => other.kind === 'injected' && other.id === event.id)
    if (injected) return injected.t
  }
  return undefined
}

const inOrder = (a: Started, b: Started) => a.began.t - b.began.t || byName(a.trace, b.trace)

/** Orders what happened at the same time by name, so that the order of the files does not matter. */
export const byName = (a: ConsumerTrace, b: ConsumerTrace) =>
  a.process < b.process ? -1 : a.process > b.process ? 1 : 0
