/**
 * Message numbers → rows of the table's columns. Rows are given out in the order in which numbers are met, so that
 * neighbouring rows belong to the same moment, whatever the numbering.
 *
 * Dense numbering gets its rows in blocks of eight neighbouring numbers, which costs about two bytes for each number. Once
 * blocks stay mostly empty, each new number gets a row of its own, for about ten bytes.
 */
import { NumberIndex } from './number-index.ts'

const blockBits = 3
const blockSize = 2 ** blockBits
const numberMask = blockSize - 1
/** How many new blocks are watched before their fullness is judged. */
const watchedBlocks = 512
/** With fewer numbers in a block, rows of their own take less memory. */
const leastPerBlock = 6
/** A power of two. */
const lateBlocks = 512
const lateMask = lateBlocks - 1
const pageBits = 12
const pageSize = 2 ** pageBits
const pageMask = pageSize - 1

export class RowIndex {
  readonly #blocks = new NumberIndex()
  /** The numbers of each block that were met, a bit for each, by rank of the block. */
  readonly #met: Uint8Array[] = []
  /** Numbers met in blocks since the last look at their fullness. */
  #metLately = 0
  /** The numbers with a row of their own. Their rows follow those of the blocks. */
  #singles: NumberIndex | undefined
  /** Blocks that were asked for lately, which are mostly asked for again: sends and answers alternate between several. */
  readonly #lateBlocks = new Int32Array(lateBlocks).fill(-1)
  readonly #lateRanks = new Int32Array(lateBlocks)
  /** The single number that was asked for last. */
  #lastSingle = -1
  #lastSingleRow = 0

  /** The row of a number, or -1 where it has none. */
  find(s: number): number {
    const block = s >>> blockBits
    const at = block & lateMask
    if (this.#lateBlocks[at] === block) return (this.#lateRanks[at] ?? 0) * blockSize + (s & numberMask)
    const rank = s === this.#lastSingle ? -1 : this.#blocks.find(block)
    if (rank < 0) return this.#findSingle(s)
    this.#keep(block, rank)
    return rank * blockSize + (s & numberMask)
  }

  #keep(block: number, rank: number): void {
    this.#lateBlocks[block & lateMask] = block
    this.#lateRanks[block & lateMask] = rank
  }

  /** The row of a number, which gets one where it had none. */
  make(s: number): number {
    const row = this.find(s)
    if (row < 0) return this.#add(s)
    const rank = row >>> blockBits
    if (rank < this.#blocks.count) this.#meet(rank, s)
    return row
  }

  /** The number of a row. */
  numberOf(row: number): number {
    const rank = row >>> blockBits
    return rank < this.#blocks.count
      ? this.#blocks.numberOf(rank) * blockSize + (row & numberMask)
      : (this.#singles?.numberOf(row - this.#blocks.count * blockSize) ?? 0)
  }

  /** Calls `visit` for each number that was met, in the order of rows. Unlike `between` it sorts nothing. */
  each(visit: (s: number, row: number) => void): void {
    const { count } = this.#blocks
    for (let rank = 0; rank < count; rank++) this.#visitBlock(rank, 0, Infinity, visit)
    const first = count * blockSize
    for (let rank = 0; rank < (this.#singles?.count ?? 0); rank++) this.#visitSingle(first, rank, visit)
  }

  /** Calls `visit` for each number from `from` to `to` that was met, in order. */
  between(from: number, to: number, visit: (s: number, row: number) => void): void {
    const blocks = this.#blocks
    let single = this.#singles?.placeOf(from) ?? 0
    for (let at = blocks.placeOf(from >>> blockBits); at < blocks.count; at++) {
      const rank = blocks.rankAt(at)
      const start = blocks.numberOf(rank) * blockSize
      if (start > to) break
      single = this.#visitSingles(single, start, visit)
      this.#visitBlock(rank, from, to, visit)
    }
    this.#visitSingles(single, to + 1, visit)
  }

  #visitBlock(rank: number, from: number, to: number, visit: (s: number, row: number) => void): void {
    const block = this.#blocks.numberOf(rank)
    const start = block * blockSize
    const end = Math.min(to + 1, start + blockSize)
    const offset = rank * blockSize - start
    const met = this.#met[rank >>> pageBits]?.[rank & pageMask] ?? 0
    this.#keep(block, rank)
    for (let s = Math.max(from, start); s < end; s++) {
      if ((met & (1 << (s & numberMask))) === 0) continue
      visit(s, s + offset)
    }
  }

  #visitSingle(first: number, rank: number, visit: (s: number, row: number) => void): void {
    const s = this.#singles?.numberOf(rank) ?? 0
    this.#lastSingle = s
    this.#lastSingleRow = first + rank
    visit(s, first + rank)
  }

  /** Visits the single numbers below `end` from a place in their order on. Returns the place of the first other one. */
  #visitSingles(from: number, end: number, visit: (s: number, row: number) => void): number {
    const singles = this.#singles
    if (singles === undefined) return 0
    const first = this.#blocks.count * blockSize
    let at = from
    for (; at < singles.count; at++) {
      const rank = singles.rankAt(at)
      if (singles.numberOf(rank) >= end) break
      this.#visitSingle(first, rank, visit)
    }
    return at
  }

  #findSingle(s: number): number {
    if (s === this.#lastSingle) return this.#lastSingleRow
    const rank = this.#singles?.find(s) ?? -1
    if (rank < 0) return -1
    this.#lastSingle = s
    this.#lastSingleRow = this.#blocks.count * blockSize + rank
    return this.#lastSingleRow
  }

  #add(s: number): number {
    const blocks = this.#blocks
    if (this.#singles !== undefined) {
      this.#lastSingle = s
      this.#lastSingleRow = blocks.count * blockSize + this.#singles.add(s)
      return this.#lastSingleRow
    }
    if (blocks.count % watchedBlocks === 0) {
      if (blocks.count > 0 && this.#metLately < watchedBlocks * leastPerBlock) {
        this.#singles = new NumberIndex()
        return this.#add(s)
      }
      this.#metLately = 0
    }
    const rank = blocks.add(s >>> blockBits)
    if ((rank & pageMask) === 0) this.#met.push(new Uint8Array(pageSize))
    this.#keep(s >>> blockBits, rank)
    this.#meet(rank, s)
    return rank * blockSize + (s & numberMask)
  }

  #meet(rank: number, s: number): void {
    const page = this.#met[rank >>> pageBits]
    if (page === undefined) return
    const met = page[rank & pageMask] ?? 0
    const bit = 1 << (s & numberMask)
    if ((met & bit) !== 0) return
    page[rank & pageMask] = met | bit
    this.#metLately += 1
  }
}
