/**
 * The fast way to read a record: from the bytes of its line, without strings or objects. It takes the lines that appenders
 * write: `{"op":"…"` first, then keys of one letter in any order, no white space, plain numbers, codes without escapes. All
 * other lines, valid or not, it leaves to JSON.parse and shapes.ts, which are the definition. A property test compares the
 * two.
 *
 * Numbers are as JSON.parse reads them: up to 2^53 the digits make an exact integer, and dividing it by a power of ten that
 * is exact itself (up to 10^22) rounds correctly.
 */
import type { LaneHeader, LaneRecord } from '../records.ts'
import { marksOf } from '../line.ts'
import type { Line, LineMark } from '../line.ts'
import { shapes } from '../shapes.ts'

/** Bits of the keys that a record has. */
const bits: Readonly<Record<string, number>> = { s: 1, p: 2, o: 4, e: 8, t: 16, n: 32, c: 64, d: 128 }

interface Form {
  op: LaneRecord['op']
  /** The first four bytes of the name with the quote behind it, as one number. They differ between the forms of a role. */
  word: number
  /** The bytes behind them. */
  rest: readonly number[]
  required: number
  allowed: number
  /** The only values of `c`; undefined: any text. */
  codes: readonly LineMark[] | undefined
  /** Values of `c` that become the line's mark. */
  marks: readonly LineMark[] | undefined
}

const bytes = (text: string): number[] => Array.from(text, letter => letter.codePointAt(0) ?? 0)
const maskOf = (keys: readonly (readonly [string, string])[]) =>
  keys.reduce((mask, [key]) => mask | (bits[key] ?? 0), 0)

/** Four letters as `DataView.getInt32` reads them. Comparing them at once is faster than one by one. */
function wordOf(letters: string): number {
  return new DataView(Uint8Array.from(bytes(letters)).buffer).getInt32(0)
}

/** The frequent ones come first. */
function formsOf(role: LaneHeader['role']): Form[] {
  return Object.entries(shapes)
    .filter(([, shape]) => shape.role === role)
    .map(([op, shape]) => ({
      op: op as LaneRecord['op'],
      word: wordOf(`${op}"`.slice(0, wordBytes)),
      rest: bytes(`${op}"`.slice(wordBytes)),
      required: maskOf(shape.required),
      allowed: maskOf([...shape.required, ...shape.optional]),
      codes: shape.codes,
      marks: marksOf[op as LaneRecord['op']],
    }))
}

const marks: readonly (readonly [LineMark, readonly number[]])[] = (
  ['corrupt', 'foreign', 'suppressed', 'DLQ', 'uncorrelated'] as const
).map(mark => [mark, bytes(mark)] as const)
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))
const tooLarge = 2 ** 53
const quote = 34
const comma = 44
const minus = 45
const dot = 46
/** `byte ^ zero` is the value of a digit, and above 9 for every other byte. */
const zero = 48
const colon = 58
const backslash = 92
const close = 125
const wordBytes = 4
const threeBytes = 0xffffff00 | 0
const [opening, opened] = [wordOf('{"op'), wordOf('":"\0')]
const [keyS, keyP, keyO, keyE] = [wordOf(',"s"'), wordOf(',"p"'), wordOf(',"o"'), wordOf(',"e"')]
const [keyT, keyN, keyC, keyD] = [wordOf(',"t"'), wordOf(',"n"'), wordOf(',"c"'), wordOf(',"d"')]
/** Bytes that must follow the last line, because several bytes are read at a time. */
export const paddingBytes = 8

export class RecordScanner {
  readonly #forms: Form[]
  #text: Uint8Array = new Uint8Array(0)
  #words: DataView = new DataView(new ArrayBuffer(0))

  constructor(role: LaneHeader['role']) {
    this.#forms = formsOf(role)
  }

  /** The lines to scan are in `text`, followed by `paddingBytes` of anything. */
  use(text: Uint8Array): void {
    this.#text = text
    this.#words = new DataView(text.buffer, text.byteOffset, text.byteLength)
  }

  /**
   * Fills `line` from the line that starts at `from`. Returns where the next line starts, or -1 when the scanner does not
   * take this line; `line` is then undefined. There must be a line end at or after `from`.
   */
  scan(from: number, line: Line): number {
    const text = this.#text
    const words = this.#words
    if (words.getInt32(from) !== opening || (words.getInt32(from + 4) & threeBytes) !== opened) return -1
    let at = from + 7
    const form = this.#formAt(at)
    if (form === undefined) return -1
    at += wordBytes + form.rest.length
    line.op = form.op
    line.s = -1
    line.p = -1
    line.o = -1
    line.e = -1
    line.n = 1
    line.mark = ''
    let seen = 0
    while (text[at] === comma) {
      const key = words.getInt32(at)
      if (text[at + 4] !== colon) return -1
      at += 5
      let bit = 0
      if (key === keyC) {
        at = this.#code(text, at, form, line)
        if (at < 0) return -1
        bit = 64
      } else {
        let byte = text[at] ?? 0
        const negative = byte === minus
        if (negative) byte = text[++at] ?? 0
        let digit = byte ^ zero
        // A number begins with a digit, and a leading zero is the only digit before the point.
        if (digit > 9) return -1
        let small = digit
        digit = (text[++at] ?? 0) ^ zero
        const nineDigits = small === 0 ? at : at + 8
        while (digit <= 9 && at < nineDigits) {
          small = small * 10 + digit
          digit = (text[++at] ?? 0) ^ zero
        }
        let value = small
        if (small !== 0) {
          while (digit <= 9) {
            value = value * 10 + digit
            digit = (text[++at] ?? 0) ^ zero
          }
        }
        byte = digit ^ zero
        if (byte === dot) {
          if (key !== keyT && key !== keyD) return -1
          const point = at
          digit = (text[++at] ?? 0) ^ zero
          while (digit <= 9) {
            value = value * 10 + digit
            digit = (text[++at] ?? 0) ^ zero
          }
          byte = digit ^ zero
          const digits = at - point - 1
          if (digits === 0 || digits > 22 || value >= tooLarge) return -1
          value /= powers[digits] ?? 1
        } else if (value >= tooLarge) return -1
        if (byte !== comma && byte !== close) return -1
        if (negative && (key !== keyE || value !== 1)) return -1
        switch (key) {
          case keyT:
            line.t = value
            bit = 16
            break
          case keyS:
            line.s = value
            bit = 1
            break
          case keyP:
            line.p = value
            bit = 2
            break
          case keyO:
            line.o = value
            bit = 4
            break
          case keyE:
            line.e = negative ? -1 : value
            bit = 8
            break
          case keyN:
            if (value === 0) return -1
            line.n = value
            bit = 32
            break
          case keyD:
            bit = 128
            break
          default:
            return -1
        }
      }
      // A repeated key is valid JSON: the last one counts. JSON.parse handles it.
      if ((seen & bit) !== 0) return -1
      seen |= bit
    }
    if (text[at] !== close || text[at + 1] !== 10) return -1
    if ((seen & form.required) !== form.required || (seen & ~form.allowed) !== 0) return -1
    return at + 2
  }

  #formAt(at: number): Form | undefined {
    const word = this.#words.getInt32(at)
    for (const form of this.#forms) {
      if (form.word !== word) continue
      const { rest } = form
      let k = 0
      while (k < rest.length && this.#text[at + wordBytes + k] === rest[k]) k++
      return k === rest.length ? form : undefined
    }
    return undefined
  }

  /** Where the code that starts at `at` ends, or -1. */
  #code(text: Uint8Array, at: number, form: Form, line: Line): number {
    if (text[at] !== quote) return -1
    let end = at + 1
    for (let byte = text[end] ?? 0; byte !== quote; byte = text[++end] ?? 0)
      if (byte < 32 || byte === backslash) return -1
    if (form.marks === undefined) return end + 1
    for (const [mark, name] of marks) {
      if (name.length !== end - at - 1 || !form.marks.includes(mark)) continue
      let k = 0
      while (k < name.length && text[at + 1 + k] === name[k]) k++
      if (k < name.length) continue
      line.mark = mark
      return end + 1
    }
    return form.codes === undefined ? end + 1 : -1
  }
}
