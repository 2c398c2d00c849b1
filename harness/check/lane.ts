/**
 * The checker of one lane: records in, any file order, one pass; outcomes out.
 *
 * Model. A message is one number. The final log is what a fresh reader got from every partition, from the first record
 * to the stable end offset, after the declared recovery. It is complete when every partition has an end and, in a run,
 * the fence that the harness had acknowledged at full ISR was read with nothing behind it. Only then is an acknowledged
 * message that is absent lost; otherwise it is unaccounted for. What a consumer did not process was skipped when the
 * group's committed offset, as the broker tells it at the end, has passed its first copy; else the consumer stalled.
 *
 * Anomalies: lost, clientLost (untrue-acks.ts), skipped, duplicates, resurrected, unexpected, corrupt. outcomes.ts
 * defines them.
 *
 * Limits. What the reader's client hides, the checker cannot see; it is another library than the writer's for that
 * reason. Removal by retention or compaction is not told from loss: scenarios keep both away. One consumer group a lane.
 */
import type { LaneHeader, LaneRecord } from '../history/records.ts'
import { countMessages } from './counts.ts'
import type { Epochs } from './epochs.ts'
import { drainGaps, finalLogGaps } from './gaps.ts'
import type { Expected } from './gaps.ts'
import { outcomeCode } from './outcomes.ts'
import { largestNumber, MessageTable, StoredLog } from './table.ts'
import { UntrueAcks } from './untrue-acks.ts'
import type { Counts } from './verdict.ts'

const code = {
  stored: outcomeCode('stored'),
  lost: outcomeCode('lost'),
  clientLost: outcomeCode('clientLost'),
  givenUp: outcomeCode('givenUp'),
  spooled: outcomeCode('spooled'),
  unaccounted: outcomeCode('unaccounted'),
}

/** Writes down what the broker says of a group. It is no consumer, although its file has that role. */
const observerProcess = 'observer-1'

export interface LaneContext extends Expected {
  /** Undefined: nothing is known of leader epochs. */
  epochs: Epochs | undefined
  /** Every how many messages one was poison; undefined: none. */
  poisonEvery?: number | undefined
  /** Whether the plan has a consumer in this lane; where it does not say, the lane's files do. */
  consumer?: boolean | undefined
}

export interface LaneResult {
  counts: Counts
  table: MessageTable
  logs: ReadonlyMap<number, StoredLog>
  /** The final log is complete: what is absent from it is gone. */
  complete: boolean
  /** Why the final log or the drain is not complete. */
  gaps: string[]
  /** Whether `s` was skipped or stalled; meaningful where the lane has a consumer. */
  skipped: (s: number) => boolean
  stalled: (s: number) => boolean
  /** Whether `s` was sent as poison and is stored. */
  poisoned: (s: number) => boolean
  hasConsumer: boolean
  /** Whether anything was ever handed to a consumer. */
  delivered: boolean
}

type Stored = Extract<LaneRecord, { op: 'stored' }>
type Answer = Extract<LaneRecord, { op: 'acked' | 'rejected' | 'unknown' }>

export class LaneCheck {
  readonly table = new MessageTable()
  readonly #logs = new Map<number, StoredLog>()
  /** Latest word of the broker about the group, by partition. */
  readonly #groupOffsets = new Map<number, { t: number; o: number }>()
  /** When a message's state in the spool last changed. */
  readonly #spoolChanged = new Map<number, number>()
  #corrupt = 0
  #foreign = 0
  #hasConsumer = false
  #hasReader = false
  #delivered = false

  begin(header: LaneHeader): void {
    if (header.role === 'consumer' && header.process !== observerProcess) this.#hasConsumer = true
    if (header.role === 'reader') this.#hasReader = true
  }

  /** Takes one record. Returns what is wrong with it, given those before it. */
  add(record: LaneRecord): string | undefined {
    if ('s' in record && record.s !== undefined && record.s > largestNumber) return `message number ${record.s} is beyond ${largestNumber}`
    switch (record.op) {
      case 'sent':
        return this.#sent(record)
      case 'acked':
      case 'rejected':
      case 'unknown':
        return this.#answered(record)
      case 'spooled':
      case 'unspooled':
        return this.#spool(record)
      case 'stored':
      case 'fence':
        return this.#read(record)
      case 'end':
        return this.#end(record.p, record.o)
      case 'processed':
        this.#delivered = true
        this.table.reach(record.s)
        this.table.processed[record.s] = Math.min(65_535, (this.table.processed[record.s] ?? 0) + 1)
        if (record.c === 'suppressed') this.table.suppressed[record.s] = Math.min(65_535, (this.table.suppressed[record.s] ?? 0) + 1)
        return undefined
      case 'parked':
        this.#delivered = true
        this.table.set(record.s, 'parked')
        return undefined
      case 'group-offset':
        if (record.t >= (this.#groupOffsets.get(record.p)?.t ?? 0)) this.#groupOffsets.set(record.p, { t: record.t, o: record.o })
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
    const { table } = this
    this.#hasConsumer ||= context.consumer === true
    const logGaps = this.#hasReader ? finalLogGaps(table, this.#logs, context) : ['the final log was not read']
    const complete = logGaps.length === 0
    const untrue = complete && context.epochs ? new UntrueAcks(table, this.#logs, context.epochs) : undefined
    for (let s = 0; s < table.size; s++) if (table.has(s, 'sent')) table.outcome[s] = this.#outcomeOf(s, complete, untrue)
    const waiting = (s: number) => this.#waiting(s)
    const skipped = (s: number) => waiting(s) && (this.#groupOffsets.get(table.storedPartition[s] ?? -1)?.o ?? 0) > (table.storedOffset[s] ?? 0)
    const stalled = (s: number) => waiting(s) && !skipped(s)
    return {
      table, complete, skipped, stalled,
      poisoned: s => table.has(s, 'sent') && (table.copies[s] ?? 0) > 0 && (s + 1) % (context.poisonEvery ?? Infinity) === 0,
      logs: this.#logs,
      gaps: [...logGaps, ...drainGaps(table, this.#groupOffsets, waiting)],
      hasConsumer: this.#hasConsumer,
      delivered: this.#delivered,
      counts: countMessages({ table, skipped, stalled }, { foreign: this.#foreign, corrupt: this.#corrupt }),
    }
  }

  #sent(record: Extract<LaneRecord, { op: 'sent' }>): undefined {
    const { table } = this
    table.set(record.s, 'sent')
    table.pending[record.s] = (table.pending[record.s] ?? 0) + 1
    const before = table.sentAt[record.s] ?? -1
    if (before >= 0 && record.t >= before) return
    table.sentAt[record.s] = record.t
    // An acknowledgement knows better where the message went.
    if (!table.has(record.s, 'acked')) table.partition[record.s] = record.p
  }

  #answered(record: Answer): string | undefined {
    const { table } = this
    if (!table.has(record.s, 'sent')) return `an answer for message ${record.s}, which was never sent`
    table.set(record.s, record.op)
    table.pending[record.s] = (table.pending[record.s] ?? 0) - 1
    const before = table.answeredAt[record.s] ?? -1
    if (before < 0 || record.t < before) table.answeredAt[record.s] = record.t
    if (record.op !== 'acked') return undefined
    const acked = table.ackedAt[record.s] ?? -1
    if (acked >= 0 && record.t >= acked) return undefined
    table.ackedAt[record.s] = record.t
    table.ackOffset[record.s] = record.o ?? -1
    if (record.p !== undefined) table.partition[record.s] = record.p
    return undefined
  }

  #spool({ op, s, t }: Extract<LaneRecord, { op: 'spooled' | 'unspooled' }>): undefined {
    if (t < (this.#spoolChanged.get(s) ?? 0)) return
    this.#spoolChanged.set(s, t)
    this.table.set(s, 'spooled', op === 'spooled')
  }

  #read(record: Stored | Extract<LaneRecord, { op: 'fence' }>): string | undefined {
    const log = this.#log(record.p)
    if (log.end !== undefined) return `a record of partition ${record.p}, which another file has read to its end`
    if (record.o <= log.lastOffset) return `offset ${record.o} of partition ${record.p} after ${log.lastOffset}`
    if (record.op === 'fence') {
      log.addFence(record.o, record.e ?? -1)
      return undefined
    }
    log.add(record.o, record.s ?? -1, record.e ?? -1)
    if (record.c === 'corrupt') this.#corrupt += 1
    else if (record.c === 'foreign' || record.s === undefined) this.#foreign += 1
    else this.#copy(record.s, record.p, record.o)
    return undefined
  }

  #copy(s: number, p: number, o: number): void {
    const { table } = this
    table.reach(s)
    const first = (table.copies[s] ?? 0) === 0
    if (first || p < (table.storedPartition[s] ?? -1)) {
      table.storedPartition[s] = p
      table.storedOffset[s] = o
    }
    table.copies[s] = Math.min(65_535, (table.copies[s] ?? 0) + 1)
  }

  #end(p: number, o: number): string | undefined {
    const log = this.#log(p)
    if (log.end !== undefined) return `a second end of partition ${p}`
    if (o <= log.lastOffset) return `partition ${p} ends at offset ${o}, but offset ${log.lastOffset} was read`
    log.end = o
    return undefined
  }

  #log(p: number): StoredLog {
    const known = this.#logs.get(p)
    if (known) return known
    const log = new StoredLog()
    this.#logs.set(p, log)
    return log
  }

  #outcomeOf(s: number, complete: boolean, untrue: UntrueAcks | undefined): number {
    const { table } = this
    if ((table.copies[s] ?? 0) > 0) return code.stored
    if (!complete) return code.unaccounted
    if (table.has(s, 'acked')) return untrue?.has(s) ? code.clientLost : code.lost
    return table.has(s, 'spooled') ? code.spooled : code.givenUp
  }

  /** Stored, in a lane with a consumer, and neither processed nor parked. */
  #waiting(s: number): boolean {
    const { table } = this
    return this.#hasConsumer && table.has(s, 'sent') && (table.copies[s] ?? 0) > 0 && (table.processed[s] ?? 0) === 0 && !table.has(s, 'parked')
  }
}
