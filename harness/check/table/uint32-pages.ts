/** A list of numbers below 2^32 that grows without copying. */
const pageBits = 12
const pageSize = 2 ** pageBits
const pageMask = pageSize - 1

export class Uint32Pages {
  length = 0
  readonly #pages: Uint32Array[] = []

  get(at: number): number {
    return this.#pages[at >>> pageBits]?.[at & pageMask] ?? 0
  }

  push(value: number): void {
    const at = this.length
    if ((at & pageMask) === 0) this.#pages.push(new Uint32Array(pageSize))
    const page = this.#pages[at >>> pageBits]
    if (page) page[at & pageMask] = value
    this.length = at + 1
  }
}
