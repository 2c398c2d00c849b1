/**
 * The final log of a lane from the files of its readers. A reader that is started again begins from the start, so each
 * file is kept apart; of two that read the same partition the complete one counts, else the longer one.
 */
import type { Line } from '../../../history/line.ts'
import type { MessageTable } from '../table/table.ts'
import { StoredLog, unreadable } from './final-log.ts'

/** Partitions of a lane beyond this number are refused. */
export const mostPartitions = 100_000
export const tooManyPartitions = `the records of a lane name more than ${mostPartitions} partitions`

export class FinalLogs {
  /** Complete when the last file has ended. */
  readonly byPartition = new Map<number, StoredLog>()
  readonly #table: MessageTable
  /** Of the file that is being read. */
  #ofFile = new Map<number, StoredLog>()
  #last: { p: number; log: StoredLog } | undefined

  constructor(table: MessageTable) {
    this.#table = table
  }

  /** Takes a record of a reader. Returns what is wrong with it. */
  take({ op, s, p, o, e, t, mark }: Line): string | undefined {
    const log = this.#log(p)
    if (log.length === 0 && this.#ofFile.size > mostPartitions) return tooManyPartitions
    if (op === 'start') {
      if (log.length > 0 || log.start !== undefined) return `the start of partition ${p} after its records`
      log.start = o
      return undefined
    }
    if (op === 'end') return this.#end(log, p, o, t)
    if (o <= log.lastOffset) return `offset ${o} of partition ${p} after ${log.lastOffset}`
    if (o < (log.start ?? 0)) return `offset ${o} of partition ${p} is below its start ${log.start ?? 0}`
    if (op === 'fence') {
      log.addFence(o, e)
      return undefined
    }
    if (s >= 0 && mark === '') {
      const row = this.#table.rowOf(s, log.lastRow)
      log.add(o, row, e)
      this.#table.copied(row)
      return undefined
    }
    log.add(o, unreadable, e)
    if (mark === 'corrupt') log.corrupt += 1
    else log.foreign += 1
    return undefined
  }

  /** The file of a reader has ended. */
  endFile(): void {
    for (const [p, log] of this.#ofFile) {
      const other = this.byPartition.get(p)
      const kept = other === undefined || isBetter(log, other) ? log : other
      const dropped = kept === log ? other : log
      dropped?.each(row => this.#table.copied(row, -1))
      this.byPartition.set(p, kept)
    }
    this.#ofFile = new Map()
    this.#last = undefined
  }

  #end(log: StoredLog, p: number, o: number, t: number): string | undefined {
    if (log.end !== undefined || this.byPartition.get(p)?.end !== undefined) return `a second end of partition ${p}`
    if (o <= log.lastOffset) return `partition ${p} ends at offset ${o}, but offset ${log.lastOffset} was read`
    log.end = o
    log.endedAt = t
    return undefined
  }

  #log(p: number): StoredLog {
    if (this.#last?.p === p) return this.#last.log
    const log = this.#ofFile.get(p) ?? new StoredLog(this.#table)
    this.#ofFile.set(p, log)
    this.#last = { p, log }
    return log
  }
}

function isBetter(log: StoredLog, other: StoredLog): boolean {
  if ((log.end === undefined) !== (other.end === undefined)) return log.end !== undefined
  return log.lastOffset > other.lastOffset || (log.lastOffset === other.lastOffset && log.length > other.length)
}
