/**
 * Numbers below 2^32 → their rank, which is the order in which they were first added. A hash table that grows by one bucket
 * at a time (linear hashing, Litwin 1980): it never copies what it holds, leaves no garbage, and takes about ten bytes for
 * each number at any size.
 */
const pageBits = 12
const pageSize = 2 ** pageBits
const pageMask = pageSize - 1
/** Neighbouring numbers get neighbouring buckets in groups of this size: a line of the processor's cache. */
const groupBits = 4
const groupMask = 2 ** groupBits - 1
/** A new bucket is made for so many new numbers. */
const perBucket = 2
/** Enough for a log of one of sixteen partitions that are written in turn. */
const fewNext = 16

export class NumberIndex {
  count = 0
  /** By rank, two values each: the number, and one more than the rank of the next number in the bucket. */
  readonly #entries: Uint32Array[] = []
  /** By bucket: one more than the rank of its first number; 0: empty. */
  readonly #heads: Uint32Array[] = [new Uint32Array(pageSize)]
  #buckets = 1
  /** Buckets are found by the bits of a hash that this mask selects, or by one bit less where there is no such bucket yet. */
  #mask = 0

  numberOf(rank: number): number {
    return this.#entries[rank >>> pageBits]?.[(rank & pageMask) * 2] ?? 0
  }

  /** The rank of a number, or -1. */
  find(number: number): number {
    let next = this.#headOf(this.#bucketOf(hashOf(number)))
    while (next > 0) {
      const rank = next - 1
      const page = this.#entries[rank >>> pageBits]
      const at = (rank & pageMask) * 2
      if (page === undefined || page[at] === number) return rank
      next = page[at + 1] ?? 0
    }
    return -1
  }

  /** The rank of a number if it is one of the next few after `rank`; else -1. Reading neighbours is faster than `find`. */
  findAfter(rank: number, number: number): number {
    const last = Math.min(rank + fewNext, this.count - 1)
    for (let next = rank + 1; next <= last; next++) if (this.numberOf(next) === number) return next
    return -1
  }

  /** Adds a number that is not there yet. Returns its rank. */
  add(number: number): number {
    const rank = this.count
    if ((rank & pageMask) === 0) this.#entries.push(new Uint32Array(2 * pageSize))
    this.count = rank + 1
    this.#put(this.#bucketOf(hashOf(number)), rank, number)
    if (this.count > this.#buckets * perBucket) this.#split()
    return rank
  }

  #bucketOf(hash: number): number {
    const bucket = (hash & this.#mask) >>> 0
    return bucket < this.#buckets ? bucket : bucket & (this.#mask >>> 1)
  }

  #headOf(bucket: number): number {
    return this.#heads[bucket >>> pageBits]?.[bucket & pageMask] ?? 0
  }

  #setHead(bucket: number, head: number): void {
    const page = this.#heads[bucket >>> pageBits]
    if (page !== undefined) page[bucket & pageMask] = head
  }

  #put(bucket: number, rank: number, number: number): void {
    const page = this.#entries[rank >>> pageBits]
    if (page === undefined) return
    const at = (rank & pageMask) * 2
    page[at] = number
    page[at + 1] = this.#headOf(bucket)
    this.#setHead(bucket, rank + 1)
  }

  /** Makes one bucket, which takes its numbers from the bucket that held them until now. */
  #split(): void {
    const bucket = this.#buckets
    if ((bucket & pageMask) === 0) this.#heads.push(new Uint32Array(pageSize))
    if (bucket > this.#mask) this.#mask = this.#mask * 2 + 1
    this.#buckets = bucket + 1
    const from = bucket & (this.#mask >>> 1)
    let next = this.#headOf(from)
    this.#setHead(from, 0)
    while (next > 0) {
      const rank = next - 1
      const page = this.#entries[rank >>> pageBits]
      const number = page?.[(rank & pageMask) * 2] ?? 0
      next = page?.[(rank & pageMask) * 2 + 1] ?? 0
      this.#put(this.#bucketOf(hashOf(number)), rank, number)
    }
  }
}

/** Spreads groups. The numbers of one group differ in the low bits only, so their buckets are neighbours. */
function hashOf(number: number): number {
  let mixed = number >>> groupBits
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return mixed ^ (mixed >>> 16) ^ (number & groupMask)
}
