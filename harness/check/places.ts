/** The first message that names a place, for each place (partition and offset of an acknowledgement): a hash table of numbers. */
import type { MessageTable } from './table.ts'

export class Places {
  readonly #table: MessageTable
  /** One more than a message's number; 0: free. At least half of them are. */
  readonly #slots: Uint32Array
  readonly #mask: number

  /** For at most `count` places. */
  constructor(table: MessageTable, count: number) {
    this.#table = table
    const size = 2 ** Math.ceil(Math.log2(2 * count))
    this.#slots = new Uint32Array(size)
    this.#mask = size - 1
  }

  /** The message that named the place of `s` first: `s` itself where none did. */
  enter(s: number): number {
    const slot = this.#slotOf(s)
    if (this.#slots[slot] === 0) this.#slots[slot] = s + 1
    return (this.#slots[slot] ?? 0) - 1
  }

  /** The message that has entered at the place of `s`, or -1. */
  find(s: number): number {
    return (this.#slots[this.#slotOf(s)] ?? 0) - 1
  }

  #slotOf(s: number): number {
    const p = this.#table.partition(s)
    const o = this.#table.ackOffset.get(s)
    let slot = hash(p, o) & this.#mask
    for (;;) {
      const there = (this.#slots[slot] ?? 0) - 1
      if (there < 0 || (this.#table.ackOffset.get(there) === o && this.#table.partition(there) === p)) return slot
      slot = (slot + 1) & this.#mask
    }
  }
}

/** Neighbouring offsets far apart, so that a run of them does not fill a run of slots of another partition. */
function hash(p: number, o: number): number {
  let mixed = Math.imul(o | 0, 0x9e3779b1) ^ Math.imul(Math.floor(o / 2 ** 32) | 0, 0x85ebca6b) ^ Math.imul(p | 0, 0xc2b2ae35)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x2c1b3c6d)
  return (mixed ^ (mixed >>> 13)) >>> 0
}
