/**
 * Message numbers → rows of the table's columns. Rows are given out in blocks of eight neighbouring numbers, so that dense
 * numbering costs a byte or two for each number and scattered numbering at most eight rows.
 */
const blockBits = 3
const blockSize = 2 ** blockBits
const numberMask = blockSize - 1
const smallestBlocks = 512

export class RowIndex {
  /** Hash table with open addressing: one more than the block's rank; 0: free. */
  #slots = new Uint32Array(2 * smallestBlocks)
  #mask = 2 * smallestBlocks - 1
  /** Number of each block, by rank: the order in which blocks were met. */
  #blocks = new Uint32Array(smallestBlocks)
  #count = 0
  /** Whether the numbers of blocks only grew. */
  #isOrdered = true
  /** Ranks in the order of numbers, where they differ. */
  #sorted: Uint32Array | undefined
  /** The block that was asked for last, which is mostly asked for again. */
  #lastBlock = -1
  #lastRank = 0

  /** One more than the largest row. */
  get rows(): number {
    return this.#count * blockSize
  }

  /** The row of a number, or -1 where it has none. */
  find(s: number): number {
    const block = s >>> blockBits
    if (block !== this.#lastBlock) {
      const rank = (this.#slots[this.#slotOf(block)] ?? 0) - 1
      if (rank < 0) return -1
      this.#lastBlock = block
      this.#lastRank = rank
    }
    return this.#lastRank * blockSize + (s & numberMask)
  }

  /** The row of a number, which gets one where it had none. */
  make(s: number): number {
    const row = this.find(s)
    return row < 0 ? this.#add(s) : row
  }

  /** The number of a row. */
  numberOf(row: number): number {
    return (this.#blocks[row >>> blockBits] ?? 0) * blockSize + (row & numberMask)
  }

  /** Calls `visit` for each number from `from` to `to` that has a row, in order. */
  between(from: number, to: number, visit: (s: number, row: number) => void): void {
    const first = from >>> blockBits
    for (let at = this.#firstAt(first); at < this.#count; at++) {
      const rank = this.#rankAt(at)
      const start = (this.#blocks[rank] ?? 0) * blockSize
      if (start > to) return
      const end = Math.min(to + 1, start + blockSize)
      const offset = rank * blockSize - start
      for (let s = Math.max(from, start); s < end; s++) visit(s, s + offset)
    }
  }

  #add(s: number): number {
    if (this.#count === this.#blocks.length) this.#grow()
    const block = s >>> blockBits
    const rank = this.#count
    if (rank > 0 && block < (this.#blocks[rank - 1] ?? 0)) this.#isOrdered = false
    this.#sorted = undefined
    this.#blocks[rank] = block
    this.#count = rank + 1
    this.#slots[this.#slotOf(block)] = rank + 1
    this.#lastBlock = block
    this.#lastRank = rank
    return rank * blockSize + (s & numberMask)
  }

  /** Where the block is, or the free slot where it belongs. */
  #slotOf(block: number): number {
    let slot = spread(block) & this.#mask
    for (;;) {
      const rank = this.#slots[slot] ?? 0
      if (rank === 0 || this.#blocks[rank - 1] === block) return slot
      slot = (slot + 1) & this.#mask
    }
  }

  /** Makes room for twice as many blocks. At least half of the slots stay free, so that searching one always ends. */
  #grow(): void {
    const blocks = new Uint32Array(this.#blocks.length * 2)
    blocks.set(this.#blocks)
    this.#blocks = blocks
    this.#slots = new Uint32Array(blocks.length * 2)
    this.#mask = this.#slots.length - 1
    for (let rank = 0; rank < this.#count; rank++) this.#slots[this.#slotOf(blocks[rank] ?? 0)] = rank + 1
  }

  #rankAt(at: number): number {
    return this.#isOrdered ? at : (this.#inOrder()[at] ?? 0)
  }

  #inOrder(): Uint32Array {
    this.#sorted ??= Uint32Array.from({ length: this.#count }, (_, rank) => rank).toSorted(
      (a, b) => (this.#blocks[a] ?? 0) - (this.#blocks[b] ?? 0),
    )
    return this.#sorted
  }

  /** Where the first block that is `block` or later stands in the order of numbers. */
  #firstAt(block: number): number {
    let low = 0
    let high = this.#count
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#blocks[this.#rankAt(middle)] ?? 0) < block) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Neighbouring blocks get neighbouring slots, which is fastest for dense numbering. Distant ones are spread. */
function spread(block: number): number {
  return (block ^ Math.imul(block >>> 12, 0x9e3779b1)) >>> 0
}
