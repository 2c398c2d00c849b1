/**
 * The messages of one lane, about twenty bytes each. A message is found by its number once, when a record names it; from then
 * on it is known by its row. Some rows have no message: nothing was written there, and they have no flags.
 */
import { NumberColumn, SmallColumn } from './columns.ts'
import { RowIndex } from './row-index.ts'

/** Bits of a row. The first eight are those that most messages have, because a byte a row then suffices. */
export const flag = {
  sent: 1,
  /** The first attempt was made. */
  first: 2,
  acked: 4,
  /** Sent in the file that is being read, and with a first attempt that has no answer there yet. */
  inFile: 8,
  open: 16,
  rejected: 32,
  unknown: 64,
  /** An attempt was never answered. */
  unanswered: 128,
  spooled: 256,
  parked: 512,
} as const
const anyAnswer = flag.acked | flag.rejected | flag.unknown

/** The largest message number that is accepted. */
export const largestNumber = 2 ** 31 - 2
const microseconds = 1000

/** What became of a message on the consumer's side, beside its outcome; bits of `#fate`. */
export const side = {
  /** Stored, neither processed nor parked, and the group has passed it. */
  skipped: 16,
  /** Stored, neither processed nor parked, and the group has not passed it. */
  stalled: 32,
  /** A handler failed at it. */
  failed: 64,
  /** A copy of it is in a dead-letter topic. */
  deadLettered: 128,
  /** Stored behind a message that its producer sent later. */
  reordered: 256,
  /** Processed behind a later message of its partition. */
  outOfOrder: 512,
  /** Came out of an application later than the scenario allows. */
  late: 1024,
} as const
const outcomeBits = 15

/** An attempt that was acknowledged. */
interface AckedAttempt {
  /** ms; -1: it is the first attempt. */
  sentAt: number
  /** ms */
  ackedAt: number
}

/** An attempt, or an answer to one. */
export interface Attempted {
  /** Partition, -1 where the answer names none. */
  p: number
  /** ms */
  t: number
  /** Offset, -1 where the answer names none. */
  o: number
}

/** A column by row. */
interface Values {
  get(row: number): number
}

export class MessageTable {
  /** One more than the highest message number seen. */
  size = 0
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
  /** Acknowledged attempts beyond the one whose acknowledgement came first, by row. */
  readonly #otherAcks = new Map<number, AckedAttempt[]>()
  /** When the message last entered or left the spool. */
  readonly #spoolChangedAt = new NumberColumn(microseconds)
  readonly #copies = new SmallColumn()
  readonly #processed = new SmallColumn()
  readonly #suppressed = new SmallColumn()
  /** Rank of the producer file with the first attempt, from 0 in the order in which files are read. */
  readonly #producer = new SmallColumn()
  /** Code of the outcome (`outcomeBits`) and bits of `side`. */
  readonly #fate = new SmallColumn()
  readonly #index = new RowIndex(row =>
    [this.#flags, this.#copies, this.#processed, this.#fate].some(column => column.get(row) !== 0),
  )

  /** Offset of the first acknowledgement, -1 where it names none. */
  readonly ackOffset: Values = this.#ackOffset
  /**
   * Time of the first attempt and of the first acknowledgement; ms, -1 where there was none. The time of an attempt is -1
   * also where its producer does not record it.
   */
  readonly sentAt: Values = this.#sentAt
  readonly ackedAt: Values = this.#ackedAt
  /** Copies in the final log. */
  readonly copies: Values = this.#copies
  /** How often it was processed, and how often without effect. */
  readonly processed: Values = this.#processed
  readonly suppressed: Values = this.#suppressed

  /** Number of rows. */
  get rows(): number {
    return this.#index.rows
  }

  /** The row of a message, which gets one where it had none. `after`: a row that its row probably follows. */
  rowOf(s: number, after = -1): number {
    if (s >= this.size) this.size = s + 1
    return this.#index.make(s, after)
  }

  /** The row of a message, or -1 where no record names it. */
  find(s: number): number {
    return this.#index.find(s)
  }

  numberOf(row: number): number {
    return this.#index.numberOf(row)
  }

  /** Whether the row has one of the flags. */
  has(row: number, bits: number): boolean {
    return (this.#flags.get(row) & bits) !== 0
  }

  /** Adds flags, and returns those that the row had before. */
  mark(row: number, bits: number): number {
    const before = this.#flags.get(row)
    this.#flags.set(row, before | bits)
    return before
  }

  unmark(row: number, bits: number): void {
    this.#flags.set(row, this.#flags.get(row) & ~bits)
  }

  /** Records which producer made the first attempt. */
  sentBy(row: number, producer: number): void {
    if (producer > 0) this.#producer.set(row, producer)
  }

  /** The producer that made the first attempt; undefined where no file has one. */
  producer(row: number): number | undefined {
    return this.has(row, flag.first) ? this.#producer.get(row) : undefined
  }

  /**
   * Records an attempt; `t` is -1 where its time is not known. The message's partition is that of its earliest attempt; of
   * attempts at one time, the lowest.
   */
  sent(row: number, { p, t }: Pick<Attempted, 'p' | 't'>): void {
    const before = this.mark(row, flag.sent)
    const isFirst = (before & flag.sent) === 0
    if (!isFirst) {
      const earliest = this.#sentAt.get(row)
      if (t > earliest || (t === earliest && p >= this.#sentTo.get(row) - 1)) return
    }
    this.#sentAt.set(row, t)
    const to = this.#sentTo.get(row)
    if (to === p + 1) return
    if (!isFirst && this.#ackedIn.get(row) === 0 && (before & flag.acked) !== 0) this.#ackedIn.set(row, to + 1)
    this.#sentTo.set(row, p + 1)
  }

  /**
   * Records an answer (`acked`, `rejected` or `unknown`) to the attempt that was sent at `sentAt`; -1: to the first attempt.
   * The earliest acknowledgement counts; of several at one time, the lowest partition and offset.
   */
  answered(row: number, answer: number, { p, o, t }: Attempted, sentAt: number): void {
    const before = this.mark(row, answer)
    const isFirst = (before & anyAnswer) === 0
    const earliest = isFirst ? t : Math.min(t, this.answeredAt(row))
    if (answer === flag.acked) {
      const isFirstAck = (before & flag.acked) === 0
      if (isFirstAck || this.#isEarlier(row, t, p, o)) {
        if (!isFirstAck) this.#addAck(row, { sentAt: this.#ackedSentAt.get(row), ackedAt: this.#ackedAt.get(row) })
        this.#ackedAt.set(row, t)
        this.#ackOffset.set(row, o)
        this.#ackedIn.set(row, p + 1 === this.#sentTo.get(row) ? 0 : p + 2)
        this.#ackedSentAt.set(row, sentAt)
        // Most messages get only this answer.
        if (isFirst) return
      } else this.#addAck(row, { sentAt, ackedAt: t })
    }
    if (this.#answeredAt.get(row) >= 0 || earliest !== this.#ackedAt.get(row)) this.#answeredAt.set(row, earliest)
  }

  /** Whether one attempt was sent and acknowledged such that `is` holds. */
  someAckedAttempt(row: number, is: (sentAt: number, ackedAt: number) => boolean): boolean {
    if (!this.has(row, flag.acked)) return false
    // A file that is read later can name an earlier time of the first attempt, so it is looked up only now.
    const first = this.#sentAt.get(row)
    const sentAt = this.#ackedSentAt.get(row)
    if (is(sentAt < 0 ? first : sentAt, this.#ackedAt.get(row))) return true
    if (this.#otherAcks.size === 0) return false
    return this.#otherAcks.get(row)?.some(ack => is(ack.sentAt < 0 ? first : ack.sentAt, ack.ackedAt)) ?? false
  }

  /** The message entered or left the producer's spool. Of changes at one time, leaving counts. */
  spooled(row: number, into: boolean, t: number): void {
    const before = this.#spoolChangedAt.get(row)
    if (t < before || (t === before && into)) return
    this.#spoolChangedAt.set(row, t)
    if (into) this.mark(row, flag.spooled)
    else this.unmark(row, flag.spooled)
  }

  /** One copy more in the final log, or one that does not count after all. */
  copied(row: number, change: 1 | -1 = 1): void {
    this.#copies.set(row, this.#copies.get(row) + change)
  }

  wasProcessed(row: number, effect: boolean): void {
    this.#processed.increment(row)
    if (!effect) this.#suppressed.increment(row)
  }

  /** Partition of the first acknowledgement, else of the first attempt; -1 where none is known. */
  partition(row: number): number {
    const acked = this.#ackedIn.get(row) - 2
    return acked < 0 ? this.#sentTo.get(row) - 1 : acked
  }

  /** Whether the message was sent at a time that no record names. */
  isUntimed(row: number): boolean {
    return this.has(row, flag.sent) && this.#sentAt.get(row) < 0
  }

  /** Time of the first answer of any kind; ms, -1 where there was none. */
  answeredAt(row: number): number {
    const other = this.#answeredAt.get(row)
    return other < 0 ? this.#ackedAt.get(row) : other
  }

  outcome(row: number): number {
    return this.#fate.get(row) & outcomeBits
  }

  setOutcome(row: number, code: number): void {
    this.#fate.set(row, (this.#fate.get(row) & ~outcomeBits) | code)
  }

  /** Whether the message has one of the bits of `side`. */
  hasSide(row: number, bits: number): boolean {
    return (this.#fate.get(row) & bits) !== 0
  }

  setSide(row: number, bits: number): void {
    this.#fate.set(row, this.#fate.get(row) | bits)
  }

  /** A message is skipped or stalled, not both: the last call counts. */
  setConsumerFate(row: number, fate: typeof side.skipped | typeof side.stalled): void {
    this.#fate.set(row, (this.#fate.get(row) & ~(side.skipped | side.stalled)) | fate)
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
}
