/**
 * The checker of one lane. It takes the records of all files, in any order of files and in one pass, and returns the outcome
 * of every message.
 *
 * Model. A message is one number. The final log is what a fresh reader got from every partition, from the first record
 * to the stable end offset, after the declared recovery. It is complete when every partition has an end and, in a run,
 * the fence that all replicas had acknowledged was read with nothing behind it. Only then is an acknowledged message that is
 * absent lost; otherwise it is unaccounted. A message that no consumer processed was skipped when the group's committed
 * offset, as the broker reports it at the end, has passed it; else the consumer stalled before it.
 *
 * Anomalies: lost, clientLost (untrue-acks.ts), skipped, duplicates, resurrected, unexpected, corrupt. model/outcomes.ts
 * defines them.
 *
 * Limits. The checker cannot see what the reader's client hides, so the reader uses another library than the writer where
 * it can. One consumer group a lane.
 */
import { Line } from '../../history/line.ts'
import type { LaneHeader, LaneRecord } from '../../history/records.ts'
import { Attempts } from './table/attempts.ts'
import { judgeConsumer } from './consumed.ts'
import { countMessages } from './counts.ts'
import type { Epochs } from '../../history/epochs.ts'
import { finalLogGaps } from './final-log/gaps.ts'
import type { Expected } from './final-log/gaps.ts'
import { outcomeCode } from '../../model/outcomes.ts'
import { StoredLog, unreadable } from './final-log/final-log.ts'
import { largestNumber, MessageTable } from './table/table.ts'
import { UntrueAcks } from './final-log/untrue-acks.ts'
import type { Counts } from '../../model/verdict.ts'

const code = {
  stored: outcomeCode('stored'),
  lost: outcomeCode('lost'),
  clientLost: outcomeCode('clientLost'),
  givenUp: outcomeCode('givenUp'),
  spooled: outcomeCode('spooled'),
  unaccounted: outcomeCode('unaccounted'),
}

/** The process that records the group's offsets as the broker reports them. It is not a consumer, although its file has that role. */
export const observerProcess = 'observer-1'

export interface LaneContext extends Expected {
  /** The leader epochs that were observed; undefined when none were. */
  epochs: Epochs | undefined
  /** Every n-th message was poison; undefined when none was. */
  poisonEvery?: number | undefined
  answeredWith?: AnsweredWith
  /** Whether the plan has a consumer in this lane; undefined: the lane's files decide. */
  consumer?: boolean | undefined
}

/** By code: the messages with an attempt that was answered with it. */
export type AnsweredWith = ReadonlyMap<string, ReadonlySet<number>>

export interface LaneResult {
  counts: Counts
  table: MessageTable
  logs: ReadonlyMap<number, StoredLog>
  /** The final log is complete: a message that is absent from it is gone. */
  complete: boolean
  /** Why the final log or the drain is not complete. */
  gaps: string[]
  /** Whether `s` was sent as poison and is stored. */
  poisoned: (s: number) => boolean
  hasConsumer: boolean
  /** Whether anything was ever handed to a consumer. */
  delivered: boolean
  /** Only for codes that an expectation names. */
  answeredWith: AnsweredWith
}

export class LaneCheck {
  readonly #table = new MessageTable()
  readonly #logs = new Map<number, StoredLog>()
  /** The group's latest offset as the broker reported it, by partition. */
  readonly #groupOffsets = new Map<number, { t: number; o: number }>()
  readonly #line = new Line()
  #attempts = new Attempts()
  /** The log that was added to last. */
  #current: { p: number; log: StoredLog } | undefined
  #corrupt = 0
  #foreign = 0
  #hasConsumer = false
  #hasReader = false
  #delivered = false

  /** A file begins. */
  begin(header: LaneHeader): void {
    this.#endFile()
    if (header.role === 'consumer' && header.process !== observerProcess) this.#hasConsumer = true
    if (header.role === 'reader') this.#hasReader = true
  }

  /** Takes one record. Returns what is wrong with it, given the records before it. */
  add(record: LaneRecord): string | undefined {
    return this.take(this.#line.takeOver(record))
  }

  /** As `add`, for a line. The line is not kept. */
  take(line: Line): string | undefined {
    const { s } = line
    if (s > largestNumber) return `message number ${s} is beyond ${largestNumber}`
    switch (line.op) {
      case 'sent':
        this.#attempts.sent(s)
        this.#table.sent(s, line.p, line.t)
        return undefined
      case 'acked':
      case 'rejected':
      case 'unknown':
        if (!this.#attempts.answered(s)) return `an answer for message ${s}, which was never sent`
        this.#table.answered(s, line.op, line.t, line.p, line.o)
        return undefined
      case 'spooled':
      case 'unspooled':
        this.#table.spooled(s, line.op === 'spooled', line.t)
        return undefined
      case 'stored':
      case 'fence':
        return this.#read(line)
      case 'end':
        return this.#end(line.p, line.o)
      case 'processed':
        this.#delivered = true
        this.#table.wasProcessed(s, line.mark !== 'suppressed')
        return undefined
      case 'parked':
        this.#delivered = true
        this.#table.set(s, 'parked')
        return undefined
      case 'group-offset':
        this.#groupOffset(line.p, line.o, line.t)
        return undefined
      case 'delivered':
      case 'failed':
        this.#delivered = true
        return undefined
      case 'gave-up':
      case 'committed':
        return undefined
    }
  }

  /** The outcome of every message. Called once, after the last record. */
  finish(context: LaneContext): LaneResult {
    this.#endFile()
    const table = this.#table
    const hasConsumer = this.#hasConsumer || context.consumer === true
    const logGaps = this.#hasReader ? finalLogGaps(table, this.#logs, context) : ['the final log was not read']
    const complete = logGaps.length === 0
    const untrue = complete && context.epochs ? new UntrueAcks(table, this.#logs, context.epochs) : undefined
    table.each(s => {
      if (table.has(s, 'sent')) table.setOutcome(s, this.#outcomeOf(s, complete, untrue))
    })
    const gaps = hasConsumer ? [...logGaps, ...judgeConsumer(table, this.#logs, this.#groupOffsets)] : logGaps
    return {
      table,
      complete,
      gaps,
      hasConsumer,
      logs: this.#logs,
      delivered: this.#delivered,
      answeredWith: context.answeredWith ?? new Map(),
      poisoned: s =>
        table.has(s, 'sent') && table.copies.get(s) > 0 && (s + 1) % (context.poisonEvery ?? Infinity) === 0,
      counts: countMessages(table, { foreign: this.#foreign, corrupt: this.#corrupt }),
    }
  }

  /** Attempts of one file that it left unanswered stay so: no other file can answer them. */
  #endFile(): void {
    const attempts = this.#attempts
    if (attempts.size === 0) return
    this.#attempts = new Attempts()
    this.#table.between(0, attempts.size - 1, s => {
      if (attempts.isOpen(s)) this.#table.set(s, 'unanswered')
    })
  }

  #groupOffset(p: number, o: number, t: number): void {
    const known = this.#groupOffsets.get(p)
    if (known && (known.t > t || (known.t === t && known.o > o))) return
    this.#groupOffsets.set(p, { t, o })
  }

  #read({ op, s, p, o, e, mark }: Line): string | undefined {
    const log = this.#log(p)
    if (log.end !== undefined) return `a record of partition ${p}, which another file has read to its end`
    if (o <= log.lastOffset) return `offset ${o} of partition ${p} after ${log.lastOffset}`
    if (op === 'fence') {
      log.addFence(o, e)
      return undefined
    }
    const ours = s >= 0 && mark === ''
    log.add(o, ours ? s : unreadable, e)
    if (ours) this.#table.copied(s)
    else if (mark === 'corrupt') this.#corrupt += 1
    else this.#foreign += 1
    return undefined
  }

  #end(p: number, o: number): string | undefined {
    const log = this.#log(p)
    if (log.end !== undefined) return `a second end of partition ${p}`
    if (o <= log.lastOffset) return `partition ${p} ends at offset ${o}, but offset ${log.lastOffset} was read`
    log.end = o
    return undefined
  }

  #log(p: number): StoredLog {
    if (this.#current?.p === p) return this.#current.log
    const log = this.#logs.get(p) ?? new StoredLog()
    this.#logs.set(p, log)
    this.#current = { p, log }
    return log
  }

  #outcomeOf(s: number, complete: boolean, untrue: UntrueAcks | undefined): number {
    const table = this.#table
    if (table.copies.get(s) > 0) return code.stored
    if (!complete) return code.unaccounted
    if (table.has(s, 'acked')) return untrue?.has(s) ? code.clientLost : code.lost
    return table.has(s, 'spooled') ? code.spooled : code.givenUp
  }
}
