/** The messages of one lane by number, about twenty bytes each. */
import { ByteColumn, NumberColumn, SmallColumn } from './columns.ts'

const flags = { sent: 1, acked: 2, rejected: 4, unknown: 8, unanswered: 16, spooled: 32, parked: 64 } as const
export type Flag = keyof typeof flags
const answers = flags.acked | flags.rejected | flags.unknown

/** The largest message number that is accepted. */
export const largestNumber = 2 ** 31 - 2
const microseconds = 1000

export class MessageTable {
  /** One more than the highest message number seen. */
  size = 0
  readonly #flags = new ByteColumn()
  readonly #sentTo = new SmallColumn()
  readonly #ackedIn = new SmallColumn()
  /** Offset of the first acknowledgement, -1 where it names none. */
  readonly ackOffset = new NumberColumn(1)
  /** Time of the first attempt and of the first acknowledgement; ms, -1 where there was none. */
  readonly sentAt = new NumberColumn(microseconds)
  readonly ackedAt = new NumberColumn(microseconds)
  /** Time of the first answer, where it is not the first acknowledgement. */
  readonly #answeredAt = new NumberColumn(microseconds)
  /** When the message last entered or left the spool. */
  readonly #spoolChangedAt = new NumberColumn(microseconds)
  /** Copies in the final log. */
  readonly copies = new SmallColumn()
  readonly processed = new SmallColumn()
  /** How often it was processed without effect. */
  readonly suppressed = new SmallColumn()
  /** Code of the outcome and the consumer's side of it; set when all records were taken. */
  readonly #fate = new ByteColumn()

  has(s: number, flag: Flag): boolean {
    return (this.#flags.get(s) & flags[flag]) !== 0
  }

  set(s: number, flag: Flag): void {
    this.#mark(s, flags[flag])
  }

  /** Records an attempt. The message's partition is that of its earliest attempt; of attempts at one time, the lowest. */
  sent(s: number, p: number, t: number): void {
    const first = (this.#mark(s, flags.sent) & flags.sent) === 0
    if (!first) {
      const before = this.sentAt.get(s)
      if (t > before || (t === before && p >= this.#sentTo.get(s) - 1)) return
    }
    this.sentAt.set(s, t)
    this.#sentTo.set(s, p + 1)
  }

  /** Records an answer. The earliest acknowledgement counts; of several at one time, the lowest partition and offset. */
  answered(s: number, answer: 'acked' | 'rejected' | 'unknown', t: number, p: number, o: number): void {
    const before = this.#mark(s, flags[answer])
    const earliest = (before & answers) === 0 ? t : Math.min(t, this.answeredAt(s))
    if (answer === 'acked' && ((before & flags.acked) === 0 || this.#isEarlier(s, t, p, o))) {
      this.ackedAt.set(s, t)
      this.ackOffset.set(s, o)
      this.#ackedIn.set(s, p + 1)
      // Most messages get only this answer.
      if ((before & answers) === 0) return
    }
    if (this.#answeredAt.get(s) >= 0 || earliest !== this.ackedAt.get(s)) this.#answeredAt.set(s, earliest)
  }

  #isEarlier(s: number, t: number, p: number, o: number): boolean {
    const before = this.ackedAt.get(s)
    const known = this.#ackedIn.get(s) - 1
    return t < before || (t === before && (p < known || (p === known && o < this.ackOffset.get(s))))
  }

  /** The message entered or left the producer's spool. Of changes at one time, leaving counts. */
  spooled(s: number, into: boolean, t: number): void {
    const before = this.#spoolChangedAt.get(s)
    if (t < before || (t === before && into)) return
    this.#spoolChangedAt.set(s, t)
    const others = this.#mark(s, 0) & ~flags.spooled
    this.#flags.set(s, into ? others | flags.spooled : others)
  }

  copied(s: number): void {
    this.#mark(s, 0)
    this.copies.increment(s)
  }

  wasProcessed(s: number, effect: boolean): void {
    this.#mark(s, 0)
    this.processed.increment(s)
    if (!effect) this.suppressed.increment(s)
  }

  /** Partition of the first acknowledgement, else of the first attempt; -1 where none is known. */
  partition(s: number): number {
    const acked = this.#ackedIn.get(s)
    return (acked === 0 ? this.#sentTo.get(s) : acked) - 1
  }

  /** Time of the first answer of any kind; ms, -1 where there was none. */
  answeredAt(s: number): number {
    const told = this.#answeredAt.get(s)
    return told < 0 ? this.ackedAt.get(s) : told
  }

  outcome(s: number): number {
    return this.#fate.get(s) & 15
  }

  setOutcome(s: number, code: number): void {
    this.#fate.set(s, (this.#fate.get(s) & ~15) | code)
  }

  /** Stored and neither processed nor parked: `skipped` when the group has passed it, else `stalled`. */
  consumerFate(s: number): 'skipped' | 'stalled' | undefined {
    const fate = this.#fate.get(s)
    return (fate & skipped) !== 0 ? 'skipped' : (fate & stalled) === 0 ? undefined : 'stalled'
  }

  setConsumerFate(s: number, fate: 'skipped' | 'stalled'): void {
    this.#fate.set(s, this.#fate.get(s) | (fate === 'skipped' ? skipped : stalled))
  }

  /** Calls `visit` with every number that any record names, in order, and with some numbers that none does. */
  each(visit: (s: number) => void): void {
    this.between(0, this.size - 1, visit)
  }

  /** As `each`, for the numbers from `from` to `to`. */
  between(from: number, to: number, visit: (s: number) => void): void {
    this.#flags.between(from, to, visit)
  }

  /** Adds flags to a number and returns the flags that it had. */
  #mark(s: number, bits: number): number {
    if (s >= this.size) this.size = s + 1
    const before = this.#flags.get(s)
    this.#flags.set(s, before | bits)
    return before
  }
}

const skipped = 16
const stalled = 32
