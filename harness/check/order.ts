/**
 * Order within a partition: of what was stored, against the sends of each producer, and of what each consumer processed.
 *
 * A producer is one file of the lane. Its messages are ordered by the time of their earliest attempt, and messages of one
 * time by their number. What different producers or consumers do has no order. A consumer is one file as well, and only
 * what it processed with effect counts.
 */
import type { Line } from '../../history/line.ts'
import type { StoredLog } from './final-log/final-log.ts'
import { flag, side } from './table/table.ts'
import type { MessageTable } from './table/table.ts'

/** The message that a producer sent last, among those that were met in the log so far. */
interface Latest {
  /** ms */
  sentAt: number
  s: number
}

export class SendOrder {
  readonly #table: MessageTable
  /** Names of the producers, in the order of their files. */
  readonly producers: string[] = []
  /** The first attempt before, in the file that is being read. */
  #before = { row: -1, s: -1, t: -1 }
  /** Messages of each producer have rows in the order of their sends. Then a log in the order of rows need not be searched. */
  #ascends = true

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** The file of a producer begins. */
  begin(process: string): void {
    this.producers.push(process)
    this.#before = { row: -1, s: -1, t: -1 }
  }

  /** An attempt. Called before the table knows of it. */
  sent(row: number, { s, t, n }: Pick<Line, 's' | 't' | 'n'>): void {
    const table = this.#table
    if (n > 1) {
      if (!table.has(row, flag.sent) || t < table.sentAt.get(row)) this.#ascends = false
      return
    }
    table.sentBy(row, this.producers.length - 1)
    const before = this.#before
    const follows = row > before.row && (t > before.t || (t === before.t && s > before.s))
    if (!follows || table.has(row, flag.sent)) this.#ascends = false
    before.row = row
    before.s = s
    before.t = t
  }

  /** Marks the messages that are stored behind one that their producer sent later. */
  judge(logs: ReadonlyMap<number, StoredLog>): void {
    for (const log of logs.values()) if (log.descends || !this.#ascends) this.#judgeLog(log)
  }

  #judgeLog(log: StoredLog): void {
    const table = this.#table
    const latest = new Map<number, Latest>()
    log.each(row => {
      const producer = table.producer(row)
      if (producer === undefined) return
      const sentAt = table.sentAt.get(row)
      const s = table.numberOf(row)
      const last = latest.get(producer)
      if (last === undefined) latest.set(producer, { sentAt, s })
      else if (sentAt < last.sentAt || (sentAt === last.sentAt && s < last.s)) table.setSide(row, side.reordered)
      else {
        last.sentAt = sentAt
        last.s = s
      }
    })
  }
}

/** Of the consumer whose file is being read. */
export class ProcessingOrder {
  /** The highest offset that was processed, by partition; that of `#partition` is in `#highest`. */
  readonly #byPartition = new Map<number, number>()
  #partition = -1
  #highest = -1

  /** The file of a consumer begins. */
  begin(): void {
    this.#byPartition.clear()
    this.#partition = -1
    this.#highest = -1
  }

  /** The consumer processes the message at an offset. Returns whether it had processed a later one of the partition before. */
  isBehind(p: number, o: number): boolean {
    if (p !== this.#partition) {
      this.#byPartition.set(this.#partition, this.#highest)
      this.#partition = p
      this.#highest = this.#byPartition.get(p) ?? -1
    }
    if (o < this.#highest) return true
    this.#highest = o
    return false
  }
}
