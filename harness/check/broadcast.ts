/**
 * The consumer's side of a lane whose consumers each get every message. Each instance is judged by itself: what it
 * processed, and how far its own progress reaches. No offset of a group exists.
 */
import type { StoredLog } from './final-log/final-log.ts'
import { SmallColumn } from './table/columns.ts'
import type { MessageTable } from './table/table.ts'

/** Instances beyond this number share the last bit of a row's mask. */
const mostInstances = 31

interface Instance {
  /** Next offset to read, by partition. */
  progress: Map<number, number>
}

export interface BroadcastCounts {
  /** Pairs of message and instance. */
  skipped: number
  stalled: number
  redelivered: number
}

export class BroadcastInstances {
  readonly #table: MessageTable
  readonly #instances = new Map<string, Instance>()
  /** By row: the instances that have processed or parked the message, a bit for each in the order of `#instances`. */
  readonly #doneBy = new SmallColumn()
  #current: { bit: number; instance: Instance } | undefined
  #redelivered = 0

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** The file of an instance begins. */
  begin(process: string): void {
    const instance = this.#instances.get(process) ?? { progress: new Map() }
    this.#instances.set(process, instance)
    const rank = [...this.#instances.keys()].indexOf(process)
    this.#current = { bit: 2 ** Math.min(rank, mostInstances - 1), instance }
  }

  done(s: number): void {
    if (!this.#current) return
    const row = this.#table.rowOf(s)
    const mask = this.#doneBy.get(row)
    if (hasBit(mask, this.#current.bit)) this.#redelivered += 1
    else this.#doneBy.set(row, mask + this.#current.bit)
  }

  committed(p: number, o: number): void {
    const progress = this.#current?.instance.progress
    if (progress && o > (progress.get(p) ?? -1)) progress.set(p, o)
  }

  /** Sets the consumer's side of each message to the worst of its instances, and counts pairs. */
  judge(logs: ReadonlyMap<number, StoredLog>): BroadcastCounts {
    const counts = { skipped: 0, stalled: 0, redelivered: this.#redelivered }
    const seen = new SmallColumn()
    const table = this.#table
    for (const [p, log] of [...logs].toSorted(([a], [b]) => a - b)) {
      log.each((s, offset) => {
        const row = table.rowOf(s)
        if (!table.has(s, 'sent') || seen.get(row) > 0) return
        seen.set(row, 1)
        const mask = this.#doneBy.get(row)
        let rank = 0
        for (const { progress } of this.#instances.values()) {
          const bit = 2 ** Math.min(rank++, mostInstances - 1)
          if (hasBit(mask, bit)) continue
          const isPassed = (progress.get(p) ?? 0) > offset
          counts[isPassed ? 'skipped' : 'stalled'] += 1
          if (isPassed || table.consumerFate(s) === undefined)
            table.setConsumerFate(s, isPassed ? 'skipped' : 'stalled')
        }
      })
    }
    return counts
  }
}

const hasBit = (mask: number, bit: number) => Math.floor(mask / bit) % 2 === 1
