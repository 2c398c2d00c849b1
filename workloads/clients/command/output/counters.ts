/** The counters of a lane whose client prints its records. */
import type { LaneRecord } from '../../../../history/records.ts'
import { noStatus } from '../../../messages.ts'
import type { LaneStatus } from '../../../messages.ts'

interface Position {
  /** First offset delivered, next offset after the last delivered one, committed offset. */
  first: number
  next: number
  committed: number
}

export class Counters {
  readonly #sendsRecorded: boolean
  readonly #counts = { sent: 0, acked: 0, rejected: 0, unknown: 0, delivered: 0, parked: 0 }
  /** Unanswered attempts by message. */
  readonly #open = new Map<number, number>()
  readonly #spooled = new Set<number>()
  readonly #processed = new Set<number>()
  readonly #positions = new Map<number, Position>()

  /** `sendsRecorded`: the client prints `sent`. Otherwise an answer counts its message as sent. */
  constructor({ sendsRecorded = true }: { sendsRecorded?: boolean } = {}) {
    this.#sendsRecorded = sendsRecorded
  }

  take(record: LaneRecord): void {
    switch (record.op) {
      case 'sent':
        if ((record.n ?? 1) === 1) this.#counts.sent += 1
        this.#open.set(record.s, (this.#open.get(record.s) ?? 0) + 1)
        return
      case 'acked':
      case 'rejected':
      case 'unknown':
        this.#counts[record.op] += 1
        if (this.#sendsRecorded) this.#answered(record.s)
        else this.#counts.sent += 1
        return
      case 'spooled':
        this.#spooled.add(record.s)
        return
      case 'unspooled':
        this.#spooled.delete(record.s)
        return
      case 'delivered':
        this.#counts.delivered += 1
        this.#move(record.p, record.o)
        return
      case 'processed':
        this.#processed.add(record.s)
        this.#move(record.p, record.o)
        return
      case 'parked':
        this.#counts.parked += 1
        this.#move(record.p, record.o)
        return
      case 'committed':
        this.#commit(record.p, record.o)
        return
      default:
    }
  }

  get inFlight(): number {
    return this.#open.size
  }

  status(): LaneStatus {
    const positions = [...this.#positions.values()]
    return {
      ...noStatus,
      ...this.#counts,
      inFlight: this.#open.size,
      spooled: this.#spooled.size,
      processed: this.#processed.size,
      committed: sum(positions.map(({ committed }) => committed)),
      uncommitted: sum(positions.map(({ first, next, committed }) => Math.max(0, next - Math.max(committed, first)))),
    }
  }

  #answered(s: number): void {
    const open = (this.#open.get(s) ?? 0) - 1
    if (open > 0) this.#open.set(s, open)
    else this.#open.delete(s)
  }

  #move(p: number, o: number): void {
    const known = this.#positions.get(p) ?? { first: o, next: o, committed: 0 }
    this.#positions.set(p, { ...known, next: Math.max(known.next, o + 1) })
  }

  #commit(p: number, o: number): void {
    const known = this.#positions.get(p) ?? { first: o, next: o, committed: 0 }
    this.#positions.set(p, { ...known, committed: Math.max(known.committed, o) })
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)
