/**
 * The checker of one lane: records in, any file order, one pass; outcomes out.
 *
 * Model. A message is one number. The final log is what a fresh reader got from every partition, from the first record
 * to the stable end offset, after the declared recovery. It is complete when every partition has an end and, in a run,
 * the fence that the harness had acknowledged at full ISR was read with nothing behind it. Only then is an acknowledged
 * message that is absent lost; otherwise it is unaccounted for.
 *
 * Limits. What the reader's client hides, the checker cannot see; it is another library than the writer's for that
 * reason. A lie about an acknowledgement is told from a truncation by leader epochs; where the observer's view leaves
 * the epoch open, the message counts as lost and its cause stays open.
 */
import type { LaneHeader, LaneRecord } from '../history/records.ts'
import type { Counts } from './verdict.ts'
import type { Epochs } from './epochs.ts'
import { outcomeCode } from './outcomes.ts'
import { largestNumber, MessageTable, StoredLog } from './table.ts'

const code = {
  stored: outcomeCode('stored'),
  lost: outcomeCode('lost'),
  clientLost: outcomeCode('clientLost'),
  givenUp: outcomeCode('givenUp'),
  spooled: outcomeCode('spooled'),
  unaccounted: outcomeCode('unaccounted'),
}

export interface LaneContext {
  /** Partitions of the topic; undefined for a bare folder, where those that were seen count. */
  partitions: number | undefined
  /** Fence offsets by partition; undefined for a bare folder. */
  fences: ReadonlyMap<number, number> | undefined
  epochs: Epochs | undefined
}

export interface LaneResult {
  counts: Counts
  table: MessageTable
  logs: ReadonlyMap<number, StoredLog>
  complete: boolean
  /** Why the final log or the drain is not complete. */
  gaps: string[]
  /** Whether `s` was skipped or stalled; meaningful where the lane has a consumer. */
  skipped: (s: number) => boolean
  stalled: (s: number) => boolean
  hasConsumer: boolean
}

export class LaneCheck {
  readonly table = new MessageTable()
  readonly #logs = new Map<number, StoredLog>()
  readonly #groupOffsets = new Map<number, number>()
  #corrupt = 0
  #foreign = 0
  #redelivered = 0
  #hasConsumer = false
  #hasReader = false

  begin(header: LaneHeader): void {
    if (header.role === 'consumer') this.#hasConsumer = true
    if (header.role === 'reader') this.#hasReader = true
  }

  /** Takes one record. Returns what is wrong with it, given those before it in the same file. */
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
        this.table.set(record.s, 'spooled', record.op === 'spooled')
        return undefined
      case 'stored':
        return this.#stored(record)
      case 'fence':
        this.#log(record.p).fences.push(record.o)
        return undefined
      case 'end':
        this.#log(record.p).end = record.o
        return undefined
      case 'processed':
        this.table.reach(record.s)
        if ((this.table.processed[record.s] ?? 0) > 0) this.#redelivered += 1
        this.table.processed[record.s] = Math.min(65_535, (this.table.processed[record.s] ?? 0) + 1)
        return undefined
      case 'parked':
        this.table.set(record.s, 'parked')
        return undefined
      case 'group-offset':
        this.#groupOffsets.set(record.p, record.o)
        return undefined
      case 'gave-up':
      case 'delivered':
      case 'failed':
      case 'committed':
        return undefined
    }
  }

  finish(context: LaneContext): LaneResult {
    const { table } = this
    const gaps = this.#gaps(context)
    const complete = gaps.length === 0
    const claimed = this.#claimedOffsets()
    for (let s = 0; s < table.size; s++) {
      if (!table.has(s, 'sent')) continue
      table.outcome[s] = this.#outcomeOf(s, complete, context.epochs, claimed)
    }
    const skipped = (s: number) => this.#unprocessed(s) && (this.#groupOffsets.get(table.partition[s] ?? -1) ?? 0) > (table.storedOffset[s] ?? 0)
    const stalled = (s: number) => this.#unprocessed(s) && !skipped(s)
    const result = { table, logs: this.#logs, complete, gaps, skipped, stalled, hasConsumer: this.#hasConsumer }
    return { ...result, counts: this.#count(result) }
  }

  #sent(record: Extract<LaneRecord, { op: 'sent' }>): undefined {
    const { table } = this
    table.set(record.s, 'sent')
    const before = table.sentAt[record.s] ?? -1
    if (before < 0 || record.t < before) {
      table.sentAt[record.s] = record.t
      table.partition[record.s] = record.p
    }
  }

  #answered(record: Extract<LaneRecord, { op: 'acked' | 'rejected' | 'unknown' }>): string | undefined {
    const { table } = this
    if (!table.has(record.s, 'sent')) return `an answer for message ${record.s}, which was never sent`
    table.set(record.s, record.op)
    const before = table.answeredAt[record.s] ?? -1
    if (before < 0 || record.t < before) table.answeredAt[record.s] = record.t
    if (record.op !== 'acked') return undefined
    const acked = table.ackedAt[record.s] ?? -1
    if (acked < 0 || record.t < acked) {
      table.ackedAt[record.s] = record.t
      table.ackOffset[record.s] = record.o ?? -1
      if (record.p !== undefined) table.partition[record.s] = record.p
    }
    return undefined
  }

  #stored(record: Extract<LaneRecord, { op: 'stored' }>): string | undefined {
    const log = this.#log(record.p)
    if (record.o <= log.lastOffset) return `offset ${record.o} of partition ${record.p} after ${log.lastOffset}`
    log.add(record.o, record.s ?? -1, record.e ?? -1)
    if (record.c === 'corrupt') this.#corrupt += 1
    else if (record.c === 'foreign' || record.s === undefined) this.#foreign += 1
    else {
      const { table } = this
      table.reach(record.s)
      if ((table.copies[record.s] ?? 0) === 0) table.storedOffset[record.s] = record.o
      table.copies[record.s] = Math.min(65_535, (table.copies[record.s] ?? 0) + 1)
    }
    return undefined
  }

  #log(p: number): StoredLog {
    const known = this.#logs.get(p)
    if (known) return known
    const log = new StoredLog()
    this.#logs.set(p, log)
    return log
  }

  #gaps({ partitions, fences }: LaneContext): string[] {
    if (!this.#hasReader) return ['the final log was not read']
    const seen = new Set([...this.table.partition.subarray(0, this.table.size)].filter(p => p >= 0))
    const wanted = partitions === undefined ? [...new Set([...seen, ...this.#logs.keys()])].toSorted((a, b) => a - b) : Array.from({ length: partitions }, (_, p) => p)
    return wanted.flatMap(p => {
      const log = this.#logs.get(p)
      if (log?.end === undefined) return [`partition ${p} was not read to its end`]
      if (!fences) return []
      const fence = fences.get(p)
      if (fence === undefined) return [`no fence was acknowledged in partition ${p}`]
      if (!log.fences.includes(fence)) return [`the fence at offset ${fence} of partition ${p} was not read`]
      if (log.lastOffset > fence) return [`records stand behind the fence of partition ${p}`]
      return []
    })
  }

  /** (p, o) that more than one message's ack names, as `p:o`; only these and offsets that another message holds can be lies. */
  #claimedOffsets(): ReadonlySet<string> {
    const { table } = this
    const absent = new Set<string>()
    for (let s = 0; s < table.size; s++) {
      if (table.has(s, 'acked') && (table.copies[s] ?? 0) === 0 && (table.ackOffset[s] ?? -1) >= 0) absent.add(place(table, s))
    }
    const claimed = new Set<string>()
    if (absent.size === 0) return claimed
    const once = new Set<string>()
    for (let s = 0; s < table.size; s++) {
      if (!table.has(s, 'acked') || (table.ackOffset[s] ?? -1) < 0) continue
      const at = place(table, s)
      if (!absent.has(at)) continue
      if (once.has(at)) claimed.add(at)
      once.add(at)
    }
    return claimed
  }

  #outcomeOf(s: number, complete: boolean, epochs: Epochs | undefined, claimed: ReadonlySet<string>): number {
    const { table } = this
    if ((table.copies[s] ?? 0) > 0) return code.stored
    if (!complete) return code.unaccounted
    if (table.has(s, 'acked')) return this.#ackWasUntrue(s, epochs, claimed) ? code.clientLost : code.lost
    return table.has(s, 'spooled') ? code.spooled : code.givenUp
  }

  #ackWasUntrue(s: number, epochs: Epochs | undefined, claimed: ReadonlySet<string>): boolean {
    const { table } = this
    const offset = table.ackOffset[s] ?? -1
    const p = table.partition[s] ?? -1
    if (offset < 0 || !epochs) return false
    const then = epochs.during(p, table.sentAt[s] ?? 0, table.ackedAt[s] ?? 0)
    if (!then) return false
    const standing = this.#logs.get(p)?.at(offset)
    if (standing) return standing.s !== s && standing.epoch === then.epoch
    // Nothing stands there now: a truncation removed it, unless two acks named one offset in one epoch.
    return claimed.has(place(table, s)) && this.#claimantsShareEpoch(s, epochs, then.epoch)
  }

  #claimantsShareEpoch(s: number, epochs: Epochs, epoch: number): boolean {
    const { table } = this
    for (let other = 0; other < table.size; other++) {
      if (other === s || !table.has(other, 'acked') || table.ackOffset[other] !== table.ackOffset[s] || table.partition[other] !== table.partition[s]) continue
      if (epochs.during(table.partition[other] ?? -1, table.sentAt[other] ?? 0, table.ackedAt[other] ?? 0)?.epoch === epoch) return true
    }
    return false
  }

  #unprocessed(s: number): boolean {
    const { table } = this
    return this.#hasConsumer && (table.copies[s] ?? 0) > 0 && (table.processed[s] ?? 0) === 0 && !table.has(s, 'parked')
  }

  #count(result: Omit<LaneResult, 'counts'>): Counts {
    const { table } = this
    const counts: Counts = {
      sent: 0, acked: 0, rejected: 0, unknown: 0,
      stored: 0, lost: 0, clientLost: 0, givenUp: 0, spooled: 0, expired: 0, unaccounted: 0,
      duplicates: 0, recovered: 0, resurrected: 0, unexpected: this.#foreign, corrupt: this.#corrupt,
      processed: 0, redelivered: this.#redelivered, effects: 0, skipped: 0, parked: 0, stalled: 0,
    }
    for (let s = 0; s < table.size; s++) {
      const copies = table.copies[s] ?? 0
      if (!table.has(s, 'sent')) {
        if (copies > 0) counts.unexpected += copies
        continue
      }
      counts.sent += 1
      const answer = answerOf(table, s)
      counts[answer] += 1
      counts[outcomeNames[table.outcome[s] ?? 0] ?? 'unaccounted'] += 1
      if (copies > 1) counts.duplicates += copies - 1
      if (copies > 0 && answer === 'unknown') counts.recovered += 1
      if (copies > 0 && answer === 'rejected') counts.resurrected += 1
      if ((table.processed[s] ?? 0) > 0) counts.processed += 1
      if (table.has(s, 'parked')) counts.parked += 1
      if (result.skipped(s)) counts.skipped += 1
      else if (result.stalled(s)) counts.stalled += 1
    }
    counts.effects = counts.processed + counts.redelivered
    return counts
  }
}

const outcomeNames = ['stored', 'lost', 'clientLost', 'givenUp', 'spooled', 'expired', 'unaccounted'] as const

/** Acked if any attempt was; else unknown if any was, or if none was answered; else rejected. */
export function answerOf(table: MessageTable, s: number): 'acked' | 'unknown' | 'rejected' {
  if (table.has(s, 'acked')) return 'acked'
  return table.has(s, 'rejected') && !table.has(s, 'unknown') ? 'rejected' : 'unknown'
}

function place(table: MessageTable, s: number): string {
  return `${table.partition[s]}:${table.ackOffset[s]}`
}
