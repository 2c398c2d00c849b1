/** The messages of one lane by number, about twenty bytes each. */
import { NumberColumn, SmallColumn } from './columns.ts'
import { RowIndex } from './row-index.ts'

const flags = {
  sent: 1,
  acked: 2,
  rejected: 4,
  unknown: 8,
  unanswered: 16,
  spooled: 32,
  parked: 64,
  /** The first attempt was made. */
  first: 128,
} as const
export type Flag = keyof typeof flags
const answers = flags.acked | flags.rejected | flags.unknown

/** The largest message number that is accepted. */
export const largestNumber = 2 ** 31 - 2
const microseconds = 1000

/** What became of a message on the consumer's side, beside its outcome; bits of `#fate`. */
const sides = { skipped: 16, stalled: 32, failed: 64, deadLettered: 128 } as const
export type Side = keyof typeof sides

/** An attempt that was acknowledged; ms. */
export interface AckedAttempt {
  sentAt: number
  ackedAt: number
}

/** A column by message number. */
interface Values {
  get(s: number): number
}

export class MessageTable {
  /** One more than the highest message number seen. */
  size = 0
  readonly #rows = new RowIndex()
  readonly #flags = new SmallColumn()
  readonly #sentTo = new SmallColumn()
  /** Two more than the partition of the first acknowledgement; 0: there is none, or it names that of `#sentTo`. */
  readonly #ackedIn = new SmallColumn()
  readonly #ackOffset = new NumberColumn(1)
  readonly #sentAt = new NumberColumn(microseconds)
  readonly #ackedAt = new NumberColumn(microseconds)
  /** Time of the first answer, where it is not the first acknowledgement. */
  readonly #answeredAt = new NumberColumn(microseconds)
  /** When the attempt of the first acknowledgement was sent; -1: it is the first attempt. */
  readonly #ackedSentAt = new NumberColumn(microseconds)
  /** Acknowledged attempts beyond the one whose acknowledgement came first. */
  readonly #otherAcks = new Map<number, AckedAttempt[]>()
  /** When the message last entered or left the spool. */
  readonly #spoolChangedAt = new NumberColumn(microseconds)
  readonly #copies = new SmallColumn()
  readonly #processed = new SmallColumn()
  readonly #suppressed = new SmallColumn()
  /** Code of the outcome (0 to 15) and `sides`. */
  readonly #fate = new SmallColumn()

  /** Offset of the first acknowledgement, -1 where it names none. */
  readonly ackOffset: Values = this.#view(this.#ackOffset, -1)
  /** Time of the first attempt and of the first acknowledgement; ms, -1 where there was none. */
  readonly sentAt: Values = this.#view(this.#sentAt, -1)
  readonly ackedAt: Values = this.#view(this.#ackedAt, -1)
  /** Copies in the final log. */
  readonly copies: Values = this.#view(this.#copies, 0)
  /** How often it was processed, and how often without effect. */
  readonly processed: Values = this.#view(this.#processed, 0)
  readonly suppressed: Values = this.#view(this.#suppressed, 0)

  /** The row of a number, for columns of others beside the table's. */
  rowOf(s: number): number {
    return this.#rows.make(s)
  }

  numberOf(row: number): number {
    return this.#rows.numberOf(row)
  }

  has(s: number, flag: Flag): boolean {
    const row = this.#rows.find(s)
    return row >= 0 && (this.#flags.get(row) & flags[flag]) !== 0
  }

  set(s: number, flag: Flag): void {
    this.#mark(s, this.#rows.make(s), flags[flag])
  }

  setRow(row: number, flag: Flag): void {
    this.#mark(this.#rows.numberOf(row), row, flags[flag])
  }

  /** Records an attempt. The message's partition is that of its earliest attempt; of attempts at one time, the lowest. */
  sent(s: number, p: number, t: number): void {
    const row = this.#rows.make(s)
    const isFirst = (this.#mark(s, row, flags.sent) & flags.sent) === 0
    if (!isFirst) {
      const before = this.#sentAt.get(row)
      if (t > before || (t === before && p >= this.#sentTo.get(row) - 1)) return
    }
    this.#sentAt.set(row, t)
    const to = this.#sentTo.get(row)
    if (to === p + 1) return
    if (!isFirst && this.#ackedIn.get(row) === 0 && (this.#flags.get(row) & flags.acked) !== 0)
      this.#ackedIn.set(row, to + 1)
    this.#sentTo.set(row, p + 1)
  }

  /**
   * Records an answer to the attempt that was sent at `sentAt`; -1: to the first attempt. The earliest acknowledgement
   * counts; of several at one time, the lowest partition and offset.
   */
  answered(
    s: number,
    answer: 'acked' | 'rejected' | 'unknown',
    { t, p, o, sentAt }: { t: number; p: number; o: number; sentAt: number },
  ): void {
    const row = this.#rows.make(s)
    const before = this.#mark(s, row, flags[answer])
    const isFirst = (before & answers) === 0
    const earliest = isFirst ? t : Math.min(t, this.#firstAnswer(row))
    if (answer === 'acked') {
      const isFirstAck = (before & flags.acked) === 0
      if (isFirstAck || this.#isEarlier(row, t, p, o)) {
        if (!isFirstAck) this.#addAck(row, this.#firstAck(row))
        this.#ackedAt.set(row, t)
        this.#ackOffset.set(row, o)
        this.#ackedIn.set(row, p + 1 === this.#sentTo.get(row) ? 0 : p + 2)
        this.#ackedSentAt.set(row, sentAt)
        // Most messages get only this answer.
        if (isFirst) return
      } else this.#addAck(row, { sentAt: sentAt < 0 ? this.#sentAt.get(row) : sentAt, ackedAt: t })
    }
    if (this.#answeredAt.get(row) >= 0 || earliest !== this.#ackedAt.get(row)) this.#answeredAt.set(row, earliest)
  }

  /** Whether one attempt was sent and acknowledged such that `is` holds. */
  someAckedAttempt(s: number, is: (sentAt: number, ackedAt: number) => boolean): boolean {
    const row = this.#rows.find(s)
    if (row < 0 || (this.#flags.get(row) & flags.acked) === 0) return false
    const { sentAt, ackedAt } = this.#firstAck(row)
    return is(sentAt, ackedAt) || (this.#otherAcks.get(row)?.some(ack => is(ack.sentAt, ack.ackedAt)) ?? false)
  }

  /** The message entered or left the producer's spool. Of changes at one time, leaving counts. */
  spooled(s: number, into: boolean, t: number): void {
    const row = this.#rows.make(s)
    const before = this.#spoolChangedAt.get(row)
    if (t < before || (t === before && into)) return
    this.#spoolChangedAt.set(row, t)
    const others = this.#mark(s, row, 0) & ~flags.spooled
    this.#flags.set(row, into ? others | flags.spooled : others)
  }

  /** One copy more in the final log, or one that does not count after all. */
  copied(s: number, change: 1 | -1 = 1): void {
    const row = this.#rows.make(s)
    this.#mark(s, row, 0)
    this.#copies.set(row, this.#copies.get(row) + change)
  }

  wasProcessed(s: number, effect: boolean): void {
    const row = this.#rows.make(s)
    this.#mark(s, row, 0)
    this.#processed.increment(row)
    if (!effect) this.#suppressed.increment(row)
  }

  /** Partition of the first acknowledgement, else of the first attempt; -1 where none is known. */
  partition(s: number): number {
    const row = this.#rows.find(s)
    return row < 0 ? -1 : this.#partitionOf(row)
  }

  /** Time of the first answer of any kind; ms, -1 where there was none. */
  answeredAt(s: number): number {
    return this.#firstAnswer(this.#rows.find(s))
  }

  outcome(s: number): number {
    return this.#fate.get(this.#rows.find(s)) & 15
  }

  setOutcome(s: number, code: number): void {
    const row = this.#rows.make(s)
    this.#fate.set(row, (this.#fate.get(row) & ~15) | code)
  }

  /** Stored and neither processed nor parked: `skipped` when the group has passed it, else `stalled`. */
  consumerFate(s: number): 'skipped' | 'stalled' | undefined {
    const fate = this.#fate.get(this.#rows.find(s))
    return (fate & sides.skipped) !== 0 ? 'skipped' : (fate & sides.stalled) === 0 ? undefined : 'stalled'
  }

  setConsumerFate(s: number, fate: 'skipped' | 'stalled'): void {
    const row = this.#rows.make(s)
    this.#fate.set(row, (this.#fate.get(row) & ~(sides.skipped | sides.stalled)) | sides[fate])
  }

  /** A handler failed at the message, or a copy of it is in a dead-letter topic. */
  setSide(s: number, side: 'failed' | 'deadLettered'): void {
    const row = this.#rows.make(s)
    this.#mark(s, row, 0)
    this.#fate.set(row, this.#fate.get(row) | sides[side])
  }

  hasSide(s: number, side: Side): boolean {
    return (this.#fate.get(this.#rows.find(s)) & sides[side]) !== 0
  }

  /** Calls `visit` with every number that any record names, in no particular order. */
  each(visit: (s: number) => void): void {
    this.#rows.each(visit)
  }

  /** As `each`, in the order of numbers. Sorts numbers that did not come in order. */
  eachInOrder(visit: (s: number) => void): void {
    this.between(0, this.size - 1, visit)
  }

  /** As `eachInOrder`, for the numbers from `from` to `to`. */
  between(from: number, to: number, visit: (s: number) => void): void {
    this.#rows.between(from, to, visit)
  }

  #view(column: { get(row: number): number }, absent: number): Values {
    const rows = this.#rows
    return {
      get(s) {
        const row = rows.find(s)
        return row < 0 ? absent : column.get(row)
      },
    }
  }

  #firstAnswer(row: number): number {
    const other = this.#answeredAt.get(row)
    return other < 0 ? this.#ackedAt.get(row) : other
  }

  #firstAck(row: number): AckedAttempt {
    const sentAt = this.#ackedSentAt.get(row)
    return { sentAt: sentAt < 0 ? this.#sentAt.get(row) : sentAt, ackedAt: this.#ackedAt.get(row) }
  }

  #partitionOf(row: number): number {
    const acked = this.#ackedIn.get(row) - 2
    return acked < 0 ? this.#sentTo.get(row) - 1 : acked
  }

  #addAck(row: number, ack: AckedAttempt): void {
    const acks = this.#otherAcks.get(row)
    if (acks) acks.push(ack)
    else this.#otherAcks.set(row, [ack])
  }

  #isEarlier(row: number, t: number, p: number, o: number): boolean {
    const before = this.#ackedAt.get(row)
    const acked = this.#ackedIn.get(row)
    const known = acked === 0 ? this.#sentTo.get(row) - 1 : acked - 2
    return t < before || (t === before && (p < known || (p === known && o < this.#ackOffset.get(row))))
  }

  /** Adds flags to a number and returns the flags that it had. */
  #mark(s: number, row: number, bits: number): number {
    if (s >= this.size) this.size = s + 1
    const before = this.#flags.get(row)
    this.#flags.set(row, before | bits)
    return before
  }
}
