/**
 * The consumer's side of a lane whose consumers each get every message. Each instance is judged by itself: what it
 * processed, and how far its own progress reaches. No offset of a group exists.
 */
import type { StoredLog } from './final-log/final-log.ts'
import { timesProcessed } from './counts.ts'
import { SmallColumn } from './table/columns.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

const perColumn = 8

interface Instance {
  /** Order in which instances were first met. */
  rank: number
  /** Next offset to read, by partition. */
  progress: Map<number, number>
}

export interface BroadcastCounts {
  /** Pairs of message and instance. */
  skipped: number
  stalled: number
  /** How often instances processed a stored message again. */
  redelivered: number
  /** Pairs of partition and instance whose progress is beyond the end of the log. */
  ahead: number
}

/** By row: which instances did something with the message. Eight instances share a column of bytes. */
class InstanceSets {
  readonly #columns: SmallColumn[] = []

  has(row: number, rank: number): boolean {
    const bits = this.#columns[Math.floor(rank / perColumn)]?.get(row) ?? 0
    return (bits & (1 << (rank % perColumn))) !== 0
  }

  add(row: number, rank: number): void {
    const at = Math.floor(rank / perColumn)
    while (this.#columns.length <= at) this.#columns.push(new SmallColumn())
    const column = this.#columns[at]
    column?.set(row, column.get(row) | (1 << (rank % perColumn)))
  }
}

export class BroadcastInstances {
  readonly #table: MessageTable
  readonly #instances = new Map<string, Instance>()
  readonly #processed = new InstanceSets()
  readonly #parked = new InstanceSets()
  #current: Instance | undefined

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** The file of an instance begins. */
  begin(process: string): void {
    this.#current = this.#instances.get(process) ?? { rank: this.#instances.size, progress: new Map() }
    this.#instances.set(process, this.#current)
  }

  done(row: number, how: 'processed' | 'parked'): void {
    if (!this.#current) return
    const sets = how === 'processed' ? this.#processed : this.#parked
    sets.add(row, this.#current.rank)
  }

  committed(p: number, o: number): void {
    const progress = this.#current?.progress
    if (progress && o > (progress.get(p) ?? -1)) progress.set(p, o)
  }

  /** Sets the consumer's side of each message to the worst of its instances, and counts pairs. */
  judge(logs: ReadonlyMap<number, StoredLog>): BroadcastCounts {
    const counts = { skipped: 0, stalled: 0, redelivered: 0, ahead: this.#beyond(logs) }
    const table = this.#table
    const ahead = this.#ahead(logs)
    for (let row = 0, { rows } = table; row < rows; row++) {
      if (!table.has(row, flag.sent)) continue
      let times = timesProcessed(table, row)
      for (const { rank } of this.#instances.values()) {
        if (this.#processed.has(row, rank)) {
          times -= 1
          continue
        }
        if (this.#parked.has(row, rank) || table.copies.get(row) === 0) continue
        const fate = ahead.has(row, rank) ? 'stalled' : 'skipped'
        counts[fate] += 1
        if (fate === 'skipped' || !table.hasSide(row, side.skipped)) table.setConsumerFate(row, side[fate])
      }
      counts.redelivered += Math.max(0, times)
    }
    return counts
  }

  #beyond(logs: ReadonlyMap<number, StoredLog>): number {
    let beyond = 0
    for (const [p, { end }] of logs)
      for (const { progress } of this.#instances.values())
        if (end !== undefined && (progress.get(p) ?? 0) > end) beyond += 1
    return beyond
  }

  /** The instances that have a copy of the message still before them. */
  #ahead(logs: ReadonlyMap<number, StoredLog>): InstanceSets {
    const ahead = new InstanceSets()
    for (const [p, log] of logs)
      log.each((row, offset) => {
        for (const { rank, progress } of this.#instances.values())
          if ((progress.get(p) ?? 0) <= offset) ahead.add(row, rank)
      })
    return ahead
  }
}
