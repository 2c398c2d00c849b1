/** Which extract of which replica holds a message: by its number, or by its offset where numbers are not known. */
import type { ReplicaExtract } from '../../../history/replicas.ts'

export interface Place {
  offset: number
  epoch: number
}

/** `unknown`: what the extract tells does not decide it. */
export type Finding = Place | 'absent' | 'unknown'

/** So many runs are looked through faster than indexed. */
const fewRuns = 64

export class Copies {
  /** Of one partition, in the order in which they were taken. */
  readonly extracts: readonly ReplicaExtract[]
  readonly #finders: ((s: number, ackOffset: number) => Finding)[]

  constructor(extracts: readonly ReplicaExtract[], p: number) {
    this.extracts = extracts.filter(extract => extract.p === p).toSorted((a, b) => a.t - b.t || a.broker - b.broker)
    this.#finders = this.extracts.map(finderOf)
  }

  /** What the extract at `index` says of message `s`, whose acknowledgement names `ackOffset`, or -1. */
  find(index: number, s: number, ackOffset: number): Finding {
    return this.#finders[index]?.(s, ackOffset) ?? 'unknown'
  }

  /** Indexes of a broker's extracts, in the order in which they were taken. */
  of(broker: number): number[] {
    return this.extracts.flatMap((extract, index) => (extract.broker === broker ? [index] : []))
  }

  get brokers(): number[] {
    return [...new Set(this.extracts.map(({ broker }) => broker))].toSorted((a, b) => a - b)
  }
}

function finderOf({ runs, partial, start }: ReplicaExtract): (s: number, ackOffset: number) => Finding {
  const byNumber = runs.length <= fewRuns ? searching(runs) : indexed(runs)
  const nameless = runs.filter(run => run[3] === -2)
  return (s, ackOffset) => {
    const found = byNumber(s)
    if (found) return found
    // Records that could not be opened may be this one; an offset decides it unless a truncation gave it to another.
    if (
      nameless.length > 0 &&
      (ackOffset < 0 || nameless.some(([offset, count]) => ackOffset >= offset && ackOffset < offset + count))
    )
      return 'unknown'
    return partial !== undefined || (start > 0 && ackOffset < start) ? 'unknown' : 'absent'
  }
}

type Runs = ReplicaExtract['runs']

function searching(runs: Runs): (s: number) => Place | undefined {
  return s => {
    for (const [offset, count, epoch, first, step] of runs) {
      if (first < 0) continue
      const at = step === 0 ? (s === first ? 0 : -1) : (s - first) / step
      if (Number.isInteger(at) && at >= 0 && at < count) return { offset: offset + at, epoch }
    }
    return undefined
  }
}

function indexed(runs: Runs): (s: number) => Place | undefined {
  const places = new Map<number, Place>()
  for (const [offset, count, epoch, first, step] of runs) {
    if (first < 0) continue
    for (let at = 0; at < count; at++) {
      const s = first + at * step
      if (!places.has(s)) places.set(s, { offset: offset + at, epoch })
    }
  }
  return s => places.get(s)
}
