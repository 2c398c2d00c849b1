/**
 * Message numbers → rows of the table's columns. Rows are given out in the order in which numbers are met, so that
 * neighbouring rows belong to the same moment, whatever the numbering.
 *
 * Dense numbering gets its rows in blocks of eight neighbouring numbers, which costs about one byte for each number. Once
 * blocks stay mostly empty, each new number gets a row of its own, for about ten bytes.
 */
import { NumberIndex } from './number-index.ts'
import { Uint32Pages } from './uint32-pages.ts'

const blockBits = 3
const blockSize = 2 ** blockBits
const numberMask = blockSize - 1
/** How many new blocks are watched before their fullness is judged. */
const watchedBlocks = 256
/** With fewer numbers in a block, rows of their own take less memory. */
const leastPerBlock = 6
/** Blocks of a page. */
const pageBits = 6
const pageMask = 2 ** pageBits - 1

export class RowIndex {
  /** By number without its last bits: one more than the rank of each block; 0: the block has no rows. */
  readonly #pages = new Map<number, Uint32Array<ArrayBuffer>>()
  /** The page that was asked for last, which is mostly asked for again. */
  #lastPage = -1
  #lastBlocks = new Uint32Array(0)
  /** By rank of a block: its numbers without their last bits. */
  readonly #blocks = new Uint32Pages()
  /** The numbers with a row of their own. Their rows follow those of the blocks. */
  #singles: NumberIndex | undefined
  readonly #isUsed: (row: number) => boolean

  /** `isUsed`: whether anything is known of the number of a row. */
  constructor(isUsed: (row: number) => boolean) {
    this.#isUsed = isUsed
  }

  /** Number of rows. In blocks, some of them have no number that was met. */
  get rows(): number {
    return this.#blocks.length * blockSize + (this.#singles?.count ?? 0)
  }

  /** The row of a number; -1 where it has none. The numbers of a block have their rows together. */
  find(s: number): number {
    const rank = this.#rankOf(s >>> blockBits)
    if (rank >= 0) return rank * blockSize + (s & numberMask)
    const single = this.#singles?.find(s) ?? -1
    return single < 0 ? -1 : this.#blocks.length * blockSize + single
  }

  /** As `find`, but only among the few single numbers whose rows follow `row`. */
  #findAfter(row: number, s: number): number {
    const first = this.#blocks.length * blockSize
    if (this.#singles === undefined || row < first) return -1
    const single = this.#singles.findAfter(row - first, s)
    return single < 0 ? -1 : first + single
  }

  /** The row of a number, which gets one where it had none. It is looked for behind the row `after` first. */
  make(s: number, after = -1): number {
    const near = after < 0 ? -1 : this.#findAfter(after, s)
    const row = near < 0 ? this.find(s) : near
    if (row >= 0) return row
    if (this.#singles === undefined && this.#isSparse()) this.#singles = new NumberIndex()
    return this.#singles === undefined
      ? this.#addBlock(s >>> blockBits) * blockSize + (s & numberMask)
      : this.#blocks.length * blockSize + this.#singles.add(s)
  }

  /** The number of a row. */
  numberOf(row: number): number {
    const single = row - this.#blocks.length * blockSize
    return single < 0
      ? this.#blocks.get(row >>> blockBits) * blockSize + (row & numberMask)
      : (this.#singles?.numberOf(single) ?? 0)
  }

  /** The rank of a block, or -1. */
  #rankOf(block: number): number {
    const page = block >>> pageBits
    if (page !== this.#lastPage) {
      const blocks = this.#pages.get(page)
      if (blocks === undefined) return -1
      this.#lastPage = page
      this.#lastBlocks = blocks
    }
    return (this.#lastBlocks[block & pageMask] ?? 0) - 1
  }

  #addBlock(block: number): number {
    const page = block >>> pageBits
    let blocks = this.#pages.get(page)
    if (blocks === undefined) {
      blocks = new Uint32Array(2 ** pageBits)
      this.#pages.set(page, blocks)
    }
    this.#blocks.push(block)
    blocks[block & pageMask] = this.#blocks.length
    return this.#blocks.length - 1
  }

  /** Whether the blocks that were added last are mostly empty. Looked at once for each `watchedBlocks`. */
  #isSparse(): boolean {
    const { length } = this.#blocks
    if (length === 0 || length % watchedBlocks !== 0) return false
    let used = 0
    for (let row = (length - watchedBlocks) * blockSize; row < length * blockSize; row++)
      if (this.#isUsed(row)) used += 1
    return used < watchedBlocks * leastPerBlock
  }
}
