/**
 * Columns of a table with millions of rows, in pieces of 4096 rows that exist only where something was written. So a column
 * grows without copying, and each piece is as narrow as its values allow. No column rounds: a value that does not fit
 * exactly widens its piece.
 */
const pieceBits = 12
const pieceSize = 2 ** pieceBits
const rowMask = pieceSize - 1
const largest32 = 2 ** 32 - 1

/** Whole numbers from 0, mostly small; 0 where nothing was written. One byte a row, two or eight where a piece needs them. */
export class SmallColumn {
  readonly #pieces: (Uint8Array | Uint16Array | Float64Array | undefined)[] = []

  get(row: number): number {
    return this.#pieces[row >>> pieceBits]?.[row & rowMask] ?? 0
  }

  set(row: number, value: number): void {
    const at = row >>> pieceBits
    let piece = this.#pieces[at]
    if (piece === undefined) {
      if (value === 0) return
      piece = this.#create(at)
    }
    if (value > 255 && !(piece instanceof Float64Array) && (value > 65_535 || piece instanceof Uint8Array)) {
      piece = this.#pieces[at] = value > 65_535 ? Float64Array.from(piece) : Uint16Array.from(piece)
    }
    piece[row & rowMask] = value
  }

  increment(row: number): void {
    this.set(row, this.get(row) + 1)
  }

  /** Calls `visit` for each row whose value is not 0. */
  eachSet(visit: (row: number, value: number) => void): void {
    this.#pieces.forEach((piece, at) => {
      if (piece === undefined) return
      for (let k = 0; k < pieceSize; k++) {
        const value = piece[k] ?? 0
        if (value !== 0) visit(at * pieceSize + k, value)
      }
    })
  }

  #create(at: number): Uint8Array {
    while (this.#pieces.length < at) this.#pieces.push(undefined)
    const piece = new Uint8Array(pieceSize)
    this.#pieces[at] = piece
    return piece
  }
}

/** Values of one piece as distance from `base`, in units, plus one; 0 where nothing was written. */
interface Narrow {
  base: number
  units: Uint32Array
  wide: Float64Array | undefined
}

/**
 * Numbers from 0, -1 where nothing was written: offsets (`perUnit` 1) or times. Times come in whole microseconds from the
 * harness's own clock, so four bytes a row hold them exactly (`perUnit` 1000); any other number takes eight.
 */
export class NumberColumn {
  readonly #perUnit: number
  readonly #pieces: (Narrow | undefined)[] = []

  constructor(perUnit: number) {
    this.#perUnit = perUnit
  }

  get(row: number): number {
    const piece = this.#pieces[row >>> pieceBits]
    if (piece === undefined) return -1
    if (piece.wide !== undefined) return piece.wide[row & rowMask] ?? -1
    const unit = piece.units[row & rowMask] ?? 0
    return unit === 0 ? -1 : (piece.base + unit - 1) / this.#perUnit
  }

  /** -1 removes a value. */
  set(row: number, value: number): void {
    if (value < 0) this.#clear(row)
    else this.#put(row, value)
  }

  #put(row: number, value: number): void {
    const units = Math.round(value * this.#perUnit)
    const exact = units <= Number.MAX_SAFE_INTEGER && units / this.#perUnit === value
    const at = row >>> pieceBits
    let piece = this.#pieces[at]
    if (piece === undefined) {
      while (this.#pieces.length < at) this.#pieces.push(undefined)
      // Later values may be somewhat lower than the first.
      const base = exact ? Math.max(0, units - 2 ** 31) : 0
      piece = this.#pieces[at] = { base, units: new Uint32Array(pieceSize), wide: undefined }
    }
    if (piece.wide === undefined) {
      const unit = units - piece.base + 1
      if (exact && unit >= 1 && unit <= largest32) {
        piece.units[row & rowMask] = unit
        return
      }
      this.#widen(piece)
    }
    if (piece.wide !== undefined) piece.wide[row & rowMask] = value
  }

  #clear(row: number): void {
    const piece = this.#pieces[row >>> pieceBits]
    if (piece === undefined) return
    if (piece.wide === undefined) piece.units[row & rowMask] = 0
    else piece.wide[row & rowMask] = -1
  }

  #widen(piece: Narrow): void {
    const { base, units } = piece
    piece.wide = Float64Array.from(units, unit => (unit === 0 ? -1 : (base + unit - 1) / this.#perUnit))
    piece.units = new Uint32Array(0)
  }
}
