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

  /** Sets every row to 0 and keeps the memory for what is written next. */
  clear(): void {
    for (const piece of this.#pieces) piece?.fill(0)
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

/**
 * Values of one piece as distance from `base`, in units, plus one; 0 where nothing was written. Distances take two bytes
 * (`low`), and another one or two where a piece needs them (`high`).
 */
interface Piece {
  base: number
  low: Uint16Array
  high: Uint8Array | Uint16Array | undefined
  /** The values themselves, once one of them does not fit into four bytes. */
  wide: Float64Array | undefined
}

const lowSize = 2 ** 16
const lowMask = lowSize - 1
const largest24 = 2 ** 24 - 1
/** Later values of a piece may be lower than its first one by this much before the piece has to be written again. */
const slack = 2 ** 14

/**
 * Numbers from 0, -1 where nothing was written: offsets (`perUnit` 1) or times. Times come in whole microseconds from the
 * harness's own clock (`perUnit` 1000). Values that are near each other take two to four bytes a row, any other number
 * eight.
 */
export class NumberColumn {
  readonly #perUnit: number
  readonly #pieces: (Piece | undefined)[] = []

  constructor(perUnit: number) {
    this.#perUnit = perUnit
  }

  get(row: number): number {
    const piece = this.#pieces[row >>> pieceBits]
    if (piece === undefined) return -1
    const at = row & rowMask
    if (piece.wide !== undefined) return piece.wide[at] ?? -1
    const unit = unitAt(piece, at)
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
      const base = exact ? Math.max(0, units - slack) : 0
      piece = { base, low: new Uint16Array(pieceSize), high: undefined, wide: undefined }
      this.#pieces[at] = piece
    }
    if (piece.wide === undefined) {
      if (exact && units < piece.base) this.#lower(piece, units)
      const unit = units - piece.base + 1
      if (exact && unit >= 1 && unit <= largest32) {
        putUnit(piece, row & rowMask, unit)
        return
      }
    }
    const wide = piece.wide ?? this.#widen(piece)
    wide[row & rowMask] = value
  }

  #clear(row: number): void {
    const piece = this.#pieces[row >>> pieceBits]
    if (piece === undefined) return
    if (piece.wide === undefined) putUnit(piece, row & rowMask, 0)
    else piece.wide[row & rowMask] = -1
  }

  /**
   * Writes a piece again with a lower base, so far below `units` that this happens only a few times for any piece. Does
   * nothing where the values would not fit.
   */
  #lower(piece: Piece, units: number): void {
    const before = { ...piece }
    let largest = 0
    for (let at = 0; at < pieceSize; at++) largest = Math.max(largest, unitAt(before, at))
    const base = Math.max(0, units - Math.max(slack, largest))
    const change = piece.base - base
    if (largest + change > largest32) return
    piece.base = base
    piece.low = new Uint16Array(pieceSize)
    piece.high = undefined
    for (let at = 0; at < pieceSize; at++) {
      const unit = unitAt(before, at)
      if (unit > 0) putUnit(piece, at, unit + change)
    }
  }

  #widen(piece: Piece): Float64Array {
    const wide = new Float64Array(pieceSize)
    for (let at = 0; at < pieceSize; at++) {
      const unit = unitAt(piece, at)
      wide[at] = unit === 0 ? -1 : (piece.base + unit - 1) / this.#perUnit
    }
    piece.wide = wide
    piece.low = new Uint16Array(0)
    piece.high = undefined
    return wide
  }
}

function unitAt({ low, high }: Piece, at: number): number {
  return high === undefined ? (low[at] ?? 0) : (high[at] ?? 0) * lowSize + (low[at] ?? 0)
}

function putUnit(piece: Piece, at: number, unit: number): void {
  let { high } = piece
  if (unit > lowMask && (high === undefined || (unit > largest24 && high instanceof Uint8Array))) {
    const wider = unit > largest24 ? new Uint16Array(pieceSize) : new Uint8Array(pieceSize)
    if (high !== undefined) wider.set(high)
    high = wider
    piece.high = high
  }
  piece.low[at] = unit & lowMask
  if (high !== undefined) high[at] = unit / lowSize
}
