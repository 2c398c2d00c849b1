/** For each partition and offset that an acknowledgement names: the first message that named it. A hash table of rows. */
import type { MessageTable } from './table.ts'

export class AckedOffsets {
  readonly #table: MessageTable
  /** One more than a message's row; 0: free. At least a fifth of the slots are free. */
  readonly #slots: Uint32Array
  /** Some bits of the hash of the message in each slot, so that most other messages need no comparison. */
  readonly #tags: Uint8Array
  readonly #mask: number

  /** For at most `count` offsets. */
  constructor(table: MessageTable, count: number) {
    this.#table = table
    const size = 2 ** Math.ceil(Math.log2(1.25 * count))
    this.#slots = new Uint32Array(size)
    this.#tags = new Uint8Array(size)
    this.#mask = size - 1
  }

  /** The first row that was entered with the same partition and offset; `row` itself when it is the first. */
  enter(row: number): number {
    const slot = this.#slotOf(row)
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = row + 1
      this.#tags[slot] = tagOf(hash(this.#table.partition(row), this.#table.ackOffset.get(row)))
    }
    return (this.#slots[slot] ?? 0) - 1
  }

  /** The row of the message entered at the offset of `row`, or -1. */
  find(row: number): number {
    return (this.#slots[this.#slotOf(row)] ?? 0) - 1
  }

  #slotOf(row: number): number {
    const p = this.#table.partition(row)
    const o = this.#table.ackOffset.get(row)
    const hashed = hash(p, o)
    const tag = tagOf(hashed)
    let slot = hashed & this.#mask
    for (;;) {
      const there = (this.#slots[slot] ?? 0) - 1
      if (there < 0) return slot
      if (this.#tags[slot] === tag && this.#table.ackOffset.get(there) === o && this.#table.partition(there) === p)
        return slot
      slot = (slot + 1) & this.#mask
    }
  }
}

const tagOf = (hashed: number): number => hashed >>> 24

/** Spreads neighbouring offsets, so that a run of them does not fill a run of slots of another partition. */
function hash(p: number, o: number): number {
  let mixed =
    Math.imul(o | 0, 0x9e3779b1) ^ Math.imul(Math.floor(o / 2 ** 32) | 0, 0x85ebca6b) ^ Math.imul(p | 0, 0xc2b2ae35)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
