/** The messages of one lane: growable typed arrays indexed by message number, a few bytes a message. */

const flags = { sent: 1, acked: 2, rejected: 4, unknown: 8, spooled: 16, parked: 32 } as const
export type Flag = keyof typeof flags

const smallest = 1024
/** Numbers are dense from 0; far beyond this they are no numbers of ours. */
export const largestNumber = 2 ** 31 - 2

export class MessageTable {
  /** One more than the highest message number seen. */
  size = 0
  #flags = new Uint8Array(smallest)
  partition = new Int32Array(smallest).fill(-1)
  /** First ack's offset, -1 where the protocol told none. */
  ackOffset = new Float64Array(smallest).fill(-1)
  /** First attempt, first ack, first answer of any kind; ms, -1 when there was none. */
  sentAt = new Float64Array(smallest).fill(-1)
  ackedAt = new Float64Array(smallest).fill(-1)
  answeredAt = new Float64Array(smallest).fill(-1)
  /** Attempts that have no answer yet. One that never gets any may be stored whatever the others say. */
  pending = new Int16Array(smallest)
  /** Copies in the final log, and the place of the first: lowest partition, lowest offset. */
  copies = new Uint16Array(smallest)
  storedPartition = new Int32Array(smallest).fill(-1)
  storedOffset = new Float64Array(smallest).fill(-1)
  processed = new Uint16Array(smallest)
  /** Of the times processed, those that had no effect. */
  suppressed = new Uint16Array(smallest)
  outcome = new Uint8Array(smallest)

  has(s: number, flag: Flag): boolean {
    return ((this.#flags[s] ?? 0) & flags[flag]) !== 0
  }

  set(s: number, flag: Flag, on = true): void {
    this.reach(s)
    this.#flags[s] = on ? (this.#flags[s] ?? 0) | flags[flag] : (this.#flags[s] ?? 0) & ~flags[flag]
  }

  /** Makes room for message number `s`. */
  reach(s: number): void {
    if (s < this.size) return
    this.size = s + 1
    if (s < this.#flags.length) return
    const length = Math.max(s + 1, Math.ceil(this.#flags.length * 1.5))
    this.#flags = grown(this.#flags, new Uint8Array(length))
    this.partition = grown(this.partition, new Int32Array(length).fill(-1))
    this.ackOffset = grown(this.ackOffset, new Float64Array(length).fill(-1))
    this.sentAt = grown(this.sentAt, new Float64Array(length).fill(-1))
    this.ackedAt = grown(this.ackedAt, new Float64Array(length).fill(-1))
    this.answeredAt = grown(this.answeredAt, new Float64Array(length).fill(-1))
    this.pending = grown(this.pending, new Int16Array(length))
    this.copies = grown(this.copies, new Uint16Array(length))
    this.storedPartition = grown(this.storedPartition, new Int32Array(length).fill(-1))
    this.storedOffset = grown(this.storedOffset, new Float64Array(length).fill(-1))
    this.processed = grown(this.processed, new Uint16Array(length))
    this.suppressed = grown(this.suppressed, new Uint16Array(length))
    this.outcome = grown(this.outcome, new Uint8Array(length))
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from)
  return to
}

/** The final log of one partition as the reader saw it: offset, message number (-1: none of ours) and leader epoch. */
export class StoredLog {
  length = 0
  /** Undefined until the reader reached the stable end. */
  end: number | undefined
  readonly fences: number[] = []
  /** Each record whose epoch differs from the one before it. */
  readonly #epochStarts: { offset: number; epoch: number }[] = []
  offsets = new Float64Array(smallest)
  numbers = new Int32Array(smallest)
  epochs = new Int32Array(smallest)

  add(offset: number, s: number, epoch: number): void {
    if (this.length === this.offsets.length) {
      const length = this.length * 2
      this.offsets = grown(this.offsets, new Float64Array(length))
      this.numbers = grown(this.numbers, new Int32Array(length))
      this.epochs = grown(this.epochs, new Int32Array(length))
    }
    if (this.#epochStarts.at(-1)?.epoch !== epoch) this.#epochStarts.push({ offset, epoch })
    this.offsets[this.length] = offset
    this.numbers[this.length] = s
    this.epochs[this.length] = epoch
    this.length += 1
  }

  get lastOffset(): number {
    return this.length === 0 ? -1 : (this.offsets[this.length - 1] ?? -1)
  }

  /** A fence is a record like any other to whoever asks what stands where. */
  addFence(offset: number, epoch: number): void {
    this.fences.push(offset)
    this.add(offset, -1, epoch)
  }

  /** What stands at `offset`. A reader reads in the order of offsets. */
  at(offset: number): { s: number; epoch: number } | undefined {
    let low = 0
    let high = this.length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.offsets[middle] ?? 0
      if (found === offset) return { s: this.numbers[middle] ?? -1, epoch: this.epochs[middle] ?? -1 }
      if (found < offset) low = middle + 1
      else high = middle - 1
    }
    return undefined
  }

  /** First record of a later epoch than `epoch`: where the log of the next leader begins. */
  firstAfter(epoch: number): { offset: number; epoch: number } | undefined {
    return this.#epochStarts.find(start => start.epoch > epoch)
  }
}
