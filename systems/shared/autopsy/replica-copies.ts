/** Finds messages in extracts of replica logs: by number, or by offset where an extract does not name the numbers. */
import type { ReplicaExtract } from '../../../history/replicas.ts'

/** Where a replica's log holds a message. */
export interface LogPosition {
  offset: number
  epoch: number
}

/** What one extract says of one message. `unknown`: the extract does not decide it. */
export type Finding = LogPosition | 'absent' | 'unknown'

export const isPosition = (finding: Finding | undefined): finding is LogPosition =>
  finding !== undefined && typeof finding !== 'string'

/** Up to this number of runs, searching is faster than building an index. */
const largestSearched = 64
/** An index of more messages than this would take too much memory; then the runs are searched. */
const largestIndexed = 10_000_000

/** The extracts of one partition. */
export class ReplicaCopies {
  /** In the order in which they were taken. */
  readonly extracts: readonly ReplicaExtract[]
  readonly #finders: ((s: number, ackOffset: number) => Finding)[]

  constructor(extracts: readonly ReplicaExtract[], p: number) {
    this.extracts = extracts.filter(extract => extract.p === p).toSorted((a, b) => a.t - b.t || a.broker - b.broker)
    this.#finders = this.extracts.map(finderOf)
  }

  /** What the extract at `index` says of message `s`. `ackOffset`: the offset its acknowledgement names, or -1. */
  find(index: number, s: number, ackOffset: number): Finding {
    return this.#finders[index]?.(s, ackOffset) ?? 'unknown'
  }

  /** Indexes of the extracts of one broker, in the order in which they were taken. */
  of(broker: number): number[] {
    return this.extracts.flatMap((extract, index) => (extract.broker === broker ? [index] : []))
  }

  get brokers(): number[] {
    return [...new Set(this.extracts.map(({ broker }) => broker))].toSorted((a, b) => a - b)
  }
}

function finderOf({ runs, partial, start }: ReplicaExtract): (s: number, ackOffset: number) => Finding {
  const messages = runs.reduce((sum, [, count]) => sum + count, 0)
  const isSearched = runs.length <= largestSearched || messages > largestIndexed
  const byNumber = isSearched ? searching(runs) : indexed(runs)
  const unnamed = runs.filter(run => run[3] === -2)
  return (s, ackOffset) => {
    const found = byNumber(s)
    if (found) return found
    // A record whose message number is unknown may be this message, unless its offset says otherwise.
    if (
      unnamed.length > 0 &&
      (ackOffset < 0 || unnamed.some(([offset, count]) => ackOffset >= offset && ackOffset < offset + count))
    )
      return 'unknown'
    return partial !== undefined || (start > 0 && ackOffset < start) ? 'unknown' : 'absent'
  }
}

type Runs = ReplicaExtract['runs']

function searching(runs: Runs): (s: number) => LogPosition | undefined {
  return s => {
    for (const [offset, count, epoch, first, step] of runs) {
      if (first < 0) continue
      const at = step === 0 ? (s === first ? 0 : -1) : (s - first) / step
      if (Number.isInteger(at) && at >= 0 && at < count) return { offset: offset + at, epoch }
    }
    return undefined
  }
}

function indexed(runs: Runs): (s: number) => LogPosition | undefined {
  const positions = new Map<number, LogPosition>()
  for (const [offset, count, epoch, first, step] of runs) {
    if (first < 0) continue
    for (let at = 0; at < count; at++) {
      const s = first + at * step
      if (!positions.has(s)) positions.set(s, { offset: offset + at, epoch })
    }
  }
  return s => positions.get(s)
}
