/** What the consumers of one lane did over the time of the trial, in the buckets of its other series. */
import type { Line } from '../../../history/line.ts'
import { flag } from '../../check/table/table.ts'
import type { MessageTable } from '../../check/table/table.ts'
import { Buckets } from './buckets.ts'
import type { TimeSpan } from './lane-timeline.ts'

/** Calls `begin` with each consumer process, then `take` with its records. The line is filled again for the next one. */
export type ReadConsumers = (begin: (process: string) => void, take: (line: Line) => void) => void

export interface ConsumerTimeline {
  delivered: number[]
  /** First time only: a message that is processed again is in `again`. */
  processed: number[]
  again?: number[]
  /** How far the group's committed offsets moved on; a step back counts as nothing. */
  committed: number[]
  /** Messages that were acknowledged and not yet processed, at the end of the bucket. Absent in broadcasting. */
  waiting?: number[]
  /** Which process got the messages of a partition, from the first to the last. Absent in broadcasting: all processes do. */
  readers?: { p: number; spans: ReaderSpan[] }[]
}

export interface ReaderSpan {
  process: string
  /** ms */
  from: number
  to: number
}

const mostSpans = 100

/** `sharesWork`: the processes are members of one group; otherwise each of them gets every message. */
export function consumerTimeline(
  table: MessageTable,
  span: TimeSpan,
  read: ReadConsumers,
  sharesWork: boolean,
): ConsumerTimeline {
  const gathered = new Gathered(table, new Buckets(span))
  read(
    process => gathered.begin(process),
    line => gathered.take(line),
  )
  return gathered.timeline(sharesWork)
}

class Gathered {
  readonly #table: MessageTable
  readonly #buckets: Buckets
  readonly #delivered: number[]
  readonly #committed: number[]
  readonly #handled: number[]
  /** Time of the first processing or parking, by row. */
  readonly #doneAt = new Map<number, number>()
  /** Moves of committed offsets, by partition. */
  readonly #commits = new Map<number, { t: number; o: number }[]>()
  /** By partition: when a process got messages that another process had got before. */
  readonly #gets = new Map<number, ReaderSpan[]>()
  #process = ''

  constructor(table: MessageTable, buckets: Buckets) {
    this.#table = table
    this.#buckets = buckets
    this.#delivered = buckets.zeros()
    this.#committed = buckets.zeros()
    this.#handled = buckets.zeros()
  }

  begin(process: string): void {
    this.#process = process
  }

  take({ op, s, p, o, t }: Line): void {
    if (op === 'delivered') {
      this.#buckets.add(this.#delivered, t)
      this.#got(p, t)
    } else if (op === 'processed' || op === 'parked') {
      this.#buckets.add(this.#handled, t)
      const row = this.#table.find(s)
      if (row >= 0) this.#doneAt.set(row, Math.min(this.#doneAt.get(row) ?? Infinity, t))
    } else if (op === 'committed') listOf(this.#commits, p).push({ t, o })
  }

  /** A process reads its own file in order, so that only the last span can be its own. */
  #got(p: number, t: number): void {
    const spans = listOf(this.#gets, p)
    const last = spans.at(-1)
    // Longer silence than a bucket may hide that another process had the partition meanwhile.
    if (last?.process === this.#process && t - last.to <= this.#buckets.stepMs) last.to = t
    else spans.push({ process: this.#process, from: t, to: t })
  }

  timeline(sharesWork: boolean): ConsumerTimeline {
    const buckets = this.#buckets
    const processed = buckets.zeros()
    for (const t of this.#doneAt.values()) buckets.add(processed, t)
    const again = this.#handled.map((handled, at) => handled - (processed[at] ?? 0))
    this.#addCommits()
    return {
      delivered: this.#delivered,
      processed,
      ...(again.some(value => value > 0) ? { again } : {}),
      committed: this.#committed,
      ...(sharesWork ? { waiting: this.#waiting(), readers: this.#readers() } : {}),
    }
  }

  #addCommits(): void {
    for (const commits of this.#commits.values()) {
      let reached: number | undefined
      for (const { t, o } of commits.toSorted((a, b) => a.t - b.t)) {
        if (reached === undefined || o > reached) {
          this.#buckets.add(this.#committed, t, o - (reached ?? 0))
          reached = o
        }
      }
    }
  }

  /** A message that was processed before its acknowledgement arrived never waited. */
  #waiting(): number[] {
    const table = this.#table
    const changes = this.#buckets.zeros()
    const { from, stepMs, count } = this.#buckets
    // What happened before the first bucket counts there; what happens after the last one is not shown.
    const clamped = (t: number) => Math.max(from, t)
    for (let row = 0, { rows } = table; row < rows; row++) {
      if (!table.has(row, flag.acked)) continue
      const ackedAt = table.ackedAt.get(row)
      const doneAt = this.#doneAt.get(row) ?? Infinity
      if (ackedAt < 0 || doneAt <= ackedAt) continue
      this.#buckets.add(changes, clamped(ackedAt))
      if (doneAt < from + count * stepMs) this.#buckets.add(changes, clamped(doneAt), -1)
    }
    let waiting = 0
    return changes.map(change => (waiting += change))
  }

  #readers(): NonNullable<ConsumerTimeline['readers']> {
    return [...this.#gets]
      .toSorted(([a], [b]) => a - b)
      .map(([p, gets]) => {
        const spans: ReaderSpan[] = []
        for (const { process, from, to } of gets.toSorted((a, b) => a.from - b.from)) {
          const last = spans.at(-1)
          if (last?.process === process) last.to = Math.round(to)
          else if (spans.length < mostSpans) spans.push({ process, from: Math.round(from), to: Math.round(to) })
          else break
        }
        return { p, spans }
      })
  }
}

function listOf<T>(lists: Map<number, T[]>, p: number): T[] {
  const list = lists.get(p) ?? []
  lists.set(p, list)
  return list
}
