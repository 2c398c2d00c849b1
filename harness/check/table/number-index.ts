/**
 * Numbers below 2^32 → their rank, which is the order in which they were first added. A hash table with open addressing in
 * 64 segments. Each segment grows by itself, at another time than the others, so that growing never copies everything at
 * once and the share of free slots is the same at any size.
 */
const segmentBits = 6
const segments = 2 ** segmentBits
const growth = 1.5
const smallestSlots = 16
const pageBits = 12
const pageSize = 2 ** pageBits
const pageMask = pageSize - 1
/** Neighbouring numbers get neighbouring slots in groups of this size: a line of the processor's cache. */
const groupBits = 4
const groupMask = 2 ** groupBits - 1
/** Ranks below 2^24 leave eight bits of a slot for a tag. Most other numbers are told apart by it, without a look at them. */
const taggedMask = 2 ** 24 - 1

export class NumberIndex {
  count = 0
  /** Whether the numbers only grew. */
  #isOrdered = true
  readonly #fullness: number
  /** In each slot the tag and one more than the rank; 0: free. */
  readonly #segments: (Uint32Array | undefined)[] = Array.from({ length: segments }, () => undefined)
  readonly #used = new Uint32Array(segments)
  /** The bits of a slot that are the rank. */
  #rankMask = taggedMask
  /** The numbers by rank. */
  readonly #pages: Uint32Array[] = []
  /** The ranks in the order of numbers, where it differs. */
  #sorted: Uint32Array | undefined

  /** `fullness`: the share of slots that may be used; less than 1, so that each search ends. */
  constructor(fullness: number) {
    this.#fullness = fullness
  }

  numberOf(rank: number): number {
    return this.#pages[rank >>> pageBits]?.[rank & pageMask] ?? 0
  }

  /** The rank of a number, or -1. */
  find(number: number): number {
    const hash = hashOf(number)
    const slots = this.#segments[hash >>> (32 - segmentBits)]
    if (slots === undefined) return -1
    const rankMask = this.#rankMask
    const tag = tagOf(number)
    let slot = firstSlot(hash, number, slots.length)
    for (;;) {
      const found = slots[slot] ?? 0
      if (found === 0) return -1
      if (((found ^ tag) & ~rankMask) === 0) {
        const rank = (found & rankMask) - 1
        if (this.numberOf(rank) === number) return rank
      }
      slot = slot + 1 === slots.length ? 0 : slot + 1
    }
  }

  /** Adds a number that is not there yet. Returns its rank. */
  add(number: number): number {
    const rank = this.count
    if (rank > 0 && number < this.numberOf(rank - 1)) this.#isOrdered = false
    if ((rank & pageMask) === 0) this.#pages.push(new Uint32Array(pageSize))
    const page = this.#pages[rank >>> pageBits]
    if (page !== undefined) page[rank & pageMask] = number
    this.#sorted = undefined
    this.count = rank + 1
    if (this.count > this.#rankMask) this.#dropTags()
    const hash = hashOf(number)
    const segment = hash >>> (32 - segmentBits)
    const used = (this.#used[segment] ?? 0) + 1
    this.#used[segment] = used
    this.#place(this.#roomFor(segment, used), hash, number, rank)
    return rank
  }

  /** The rank at a place in the order of numbers. */
  rankAt(place: number): number {
    return this.#isOrdered ? place : (this.#inOrder()[place] ?? 0)
  }

  /** The first place in the order of numbers whose number is `number` or larger; `count` where there is none. */
  placeOf(number: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.numberOf(this.rankAt(middle)) < number) low = middle + 1
      else high = middle
    }
    return low
  }

  #place(slots: Uint32Array, hash: number, number: number, rank: number): void {
    let slot = firstSlot(hash, number, slots.length)
    while (slots[slot] !== 0) slot = slot + 1 === slots.length ? 0 : slot + 1
    slots[slot] = (tagOf(number) & ~this.#rankMask) | (rank + 1)
  }

  /** The slots of a segment, with room for `used` numbers. */
  #roomFor(segment: number, used: number): Uint32Array {
    const before = this.#segments[segment]
    if (before !== undefined && used <= before.length * this.#fullness) return before
    const slots = new Uint32Array(
      // An odd number of slots spreads numbers with any common divisor.
      before === undefined ? smallestOf(segment) | 1 : Math.ceil(before.length * growth) | 1,
    )
    this.#segments[segment] = slots
    before?.forEach(found => {
      if (found === 0) return
      const rank = (found & this.#rankMask) - 1
      const number = this.numberOf(rank)
      this.#place(slots, hashOf(number), number, rank)
    })
    return slots
  }

  #dropTags(): void {
    for (const slots of this.#segments) slots?.forEach((found, slot) => (slots[slot] = found & this.#rankMask))
    this.#rankMask = -1
  }

  #inOrder(): Uint32Array {
    if (this.#sorted !== undefined) return this.#sorted
    const sorted = new Uint32Array(this.count)
    for (let rank = 0; rank < this.count; rank++) sorted[rank] = this.numberOf(rank)
    // Sorting numbers needs no memory; sorting ranks by a function would take sixteen bytes for each.
    sorted.sort()
    for (let place = 0; place < this.count; place++) sorted[place] = this.find(sorted[place] ?? 0)
    this.#sorted = sorted
    return sorted
  }
}

/** Segments begin with different sizes, and therefore never all grow at once. */
function smallestOf(segment: number): number {
  return Math.round(smallestSlots * growth ** (segment / segments))
}

/** One hash for each group of neighbouring numbers. */
function hashOf(number: number): number {
  let mixed = number >>> groupBits
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function firstSlot(hash: number, number: number, slots: number): number {
  return (((hash << groupBits) | (number & groupMask)) >>> 0) % slots
}

function tagOf(number: number): number {
  return Math.imul(number, 0x9e3779b1)
}
