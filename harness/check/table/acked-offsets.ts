/** For each partition and offset that an acknowledgement names: the first message that named it. A hash table of numbers. */
import type { MessageTable } from './table.ts'

export class AckedOffsets {
  readonly #table: MessageTable
  /** One more than a message's number; 0: free. At least a fifth of the slots are free. */
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

  /** The message that named the offset of `s` first: `s` itself where no other did. */
  enter(s: number): number {
    const slot = this.#slotOf(s)
    if (this.#slots[slot] === 0) {
      this.#slots[slot] = s + 1
      this.#tags[slot] = tagOf(hash(this.#table.partition(s), this.#table.ackOffset.get(s)))
    }
    return (this.#slots[slot] ?? 0) - 1
  }

  /** The message entered at the offset of `s`, or -1. */
  find(s: number): number {
    return (this.#slots[this.#slotOf(s)] ?? 0) - 1
  }

  #slotOf(s: number): number {
    const p = this.#table.partition(s)
    const o = this.#table.ackOffset.get(s)
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
