/**
 * What the consumer processes of a lane did with the messages that were skipped. Their files are read a second time for
 * this, which happens only where something was skipped.
 */
import type { Line } from '../../history/line.ts'
import { outcomeCode } from '../../model/outcomes.ts'
import type { ExplainedRange } from '../../model/verdict.ts'
import type { LaneResult } from '../check/lane-result.ts'
import { side } from '../check/table/table.ts'

export interface SkippedMessage {
  s: number
  p: number
  offset: number
  /** It is not in the log any more. */
  isExpired?: true
}

/** A position in a partition, and when the process was there. */
export interface Position {
  o: number
  t: number
}

/** From the delivery before the gap to the one behind it. */
export interface Jump {
  before: Position
  after: Position
}

/** One consumer process, by its file. Maps of numbers are by partition or by message, as named. */
export interface ConsumerTrace {
  process: string
  /** By partition: commits that went further than all before them. */
  commits: Map<number, Position[]>
  /** By partition: the first offset that the process was given or committed. */
  began: Map<number, Position>
  /** By skipped message: last delivery, last failure, and number of failures. */
  delivered: Map<number, number>
  failed: Map<number, number>
  failures: Map<number, number>
  /** By partition: the last delivery of any message. */
  lastSeen: Map<number, Position>
  /** By partition: the delivery of the highest offset. */
  furthest: Map<number, Position>
  /** By partition: where the process went on behind messages that it was not given. */
  jumps: Map<number, Jump[]>
  /** By skipped message: the first time the process had processed a later message of the same partition. */
  overtaken: Map<number, number>
  /** By skipped message: the other message that the process first received at its offset. */
  replaced: Map<number, { s: number; t: number }>
}

/** Skipped messages of one partition that have one cause, as verdict.json has them. */
export const skippedRange = (members: readonly SkippedMessage[], cause: ExplainedRange['cause']): ExplainedRange => ({
  p: members[0]?.p ?? 0,
  from: members.reduce((least, { s }) => Math.min(least, s), Infinity),
  to: members.reduce((most, { s }) => Math.max(most, s), 0),
  count: members.length,
  cause,
})

const expired = outcomeCode('expired')

export class ConsumerTraces {
  readonly traces: ConsumerTrace[] = []
  /** By partition, in the order of offsets. */
  readonly skipped: ReadonlyMap<number, readonly SkippedMessage[]>
  readonly #numbers: ReadonlySet<number>
  /** Skipped messages by partition and offset. */
  readonly #at: ReadonlyMap<number, ReadonlyMap<number, number>>
  /** Of the current file: skipped messages that were delivered and not yet overtaken, by partition. */
  #waiting = new Map<number, WaitingMessages>()

  constructor({ table, logs }: Pick<LaneResult, 'table' | 'logs'>) {
    const seen = new Set<number>()
    const skipped = new Map<number, SkippedMessage[]>()
    for (const [p, log] of [...logs].toSorted(([a], [b]) => a - b)) {
      const found: SkippedMessage[] = []
      log.each((row, offset) => {
        if (!table.hasSide(row, side.skipped)) return
        const s = table.numberOf(row)
        if (seen.has(s)) return
        seen.add(s)
        found.push({ s, p, offset })
      })
      skipped.set(p, found)
    }
    for (let row = 0, { rows } = table; row < rows; row++) {
      if (table.outcome(row) !== expired || !table.hasSide(row, side.skipped)) continue
      const p = table.partition(row)
      const found = skipped.get(p) ?? []
      seen.add(table.numberOf(row))
      found.push({ s: table.numberOf(row), p, offset: table.ackOffset.get(row), isExpired: true })
      skipped.set(p, found)
    }
    for (const found of skipped.values()) found.sort((a, b) => a.offset - b.offset || a.s - b.s)
    this.skipped = skipped
    this.#numbers = seen
    this.#at = new Map([...skipped].map(([p, found]) => [p, new Map(found.map(({ s, offset }) => [offset, s]))]))
  }

  /** The file of a process begins. */
  begin(process: string): void {
    this.#waiting = new Map()
    this.traces.push({
      process,
      commits: new Map(),
      began: new Map(),
      delivered: new Map(),
      failed: new Map(),
      failures: new Map(),
      lastSeen: new Map(),
      furthest: new Map(),
      jumps: new Map(),
      overtaken: new Map(),
      replaced: new Map(),
    })
  }

  take({ op, s, p, o, t }: Line): void {
    const trace = this.traces.at(-1)
    if (!trace) return
    if (op === 'delivered') this.#delivered(trace, { s, p, offset: o }, t)
    else if (op === 'failed' && this.#numbers.has(s)) {
      trace.failed.set(s, t)
      trace.failures.set(s, (trace.failures.get(s) ?? 0) + 1)
    } else if (op === 'processed') this.#processed(trace, p, o, t)
    else if (op === 'committed') committed(trace, p, { o, t })
  }

  #delivered(trace: ConsumerTrace, message: SkippedMessage, t: number): void {
    const { s, p, offset } = message
    if (!trace.began.has(p)) trace.began.set(p, { o: offset, t })
    const before = trace.lastSeen.get(p)
    if (before && offset > before.o + 1) {
      const jump = { before, after: { o: offset, t } }
      const jumps = trace.jumps.get(p)
      if (jumps) jumps.push(jump)
      else trace.jumps.set(p, [jump])
    }
    trace.lastSeen.set(p, { o: offset, t })
    if (offset > (trace.furthest.get(p)?.o ?? -1)) trace.furthest.set(p, { o: offset, t })
    const here = this.#at.get(p)?.get(offset)
    if (here !== undefined && here !== s && !trace.replaced.has(here)) trace.replaced.set(here, { s, t })
    if (!this.#numbers.has(s)) return
    trace.delivered.set(s, t)
    const waiting = this.#waiting.get(p) ?? new WaitingMessages()
    waiting.add(message)
    this.#waiting.set(p, waiting)
  }

  #processed(trace: ConsumerTrace, p: number, o: number, t: number): void {
    for (let s = this.#waiting.get(p)?.takeBefore(o); s !== undefined; s = this.#waiting.get(p)?.takeBefore(o))
      trace.overtaken.set(s, t)
  }
}

/** Messages in the order of their offsets, which is mostly that of their deliveries. */
class WaitingMessages {
  readonly #messages: SkippedMessage[] = []
  #first = 0

  add(message: SkippedMessage): void {
    const messages = this.#messages
    let at = messages.length
    while (at > this.#first && (messages[at - 1]?.offset ?? 0) > message.offset) at -= 1
    messages.splice(at, 0, message)
  }

  /** Removes the first message if its offset is below `o`, and returns its number. */
  takeBefore(o: number): number | undefined {
    const first = this.#messages[this.#first]
    if (first === undefined || first.offset >= o) return undefined
    this.#first += 1
    return first.s
  }
}

function committed(trace: ConsumerTrace, p: number, commit: Position): void {
  if (!trace.began.has(p)) trace.began.set(p, commit)
  const commits = trace.commits.get(p) ?? []
  if (commit.o > (commits.at(-1)?.o ?? 0)) commits.push(commit)
  trace.commits.set(p, commits)
}
