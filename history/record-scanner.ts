/**
 * The fast way to read a record: from the bytes of its line, without strings or objects. It takes the lines that appenders
 * write: `{"op":"…"` first, then keys of one letter in any order, no white space, plain numbers, codes without escapes. All
 * other lines, valid or not, it leaves to JSON.parse and shapes.ts, which are the definition. A property test compares the
 * two.
 *
 * Numbers are as JSON.parse reads them: up to 2^53 the digits make an exact integer, and dividing it by a power of ten that
 * is exact itself (up to 10^22) rounds correctly.
 */
import type { LaneHeader, LaneRecord } from './records.ts'
import { marksOf } from './line.ts'
import type { Line, LineMark } from './line.ts'
import { shapes } from './shapes.ts'

/** Bits of the keys that a record has. */
const bits: Readonly<Record<string, number>> = { s: 1, p: 2, o: 4, e: 8, t: 16, n: 32, c: 64, d: 128 }

interface Form {
  op: LaneRecord['op']
  name: readonly number[]
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

/** The forms of a role by the first letter of their op. Of two with the same letter the frequent one comes first. */
function formsOf(role: LaneHeader['role']): Form[][] {
  const table: Form[][] = Array.from({ length: 128 }, () => [])
  for (const [op, shape] of Object.entries(shapes)) {
    if (shape.role !== role) continue
    const form: Form = {
      op: op as LaneRecord['op'],
      name: bytes(op),
      required: maskOf(shape.required),
      allowed: maskOf([...shape.required, ...shape.optional]),
      codes: shape.codes,
      marks: marksOf[op as LaneRecord['op']],
    }
    table[op.codePointAt(0) ?? 0]?.push(form)
  }
  return table
}

const marks: readonly (readonly [LineMark, readonly number[]])[] = (
  ['corrupt', 'foreign', 'suppressed', 'DLQ'] as const
).map(mark => [mark, bytes(mark)] as const)
const powers = Array.from({ length: 23 }, (_, k) => Number(`1e${k}`))
const tooLarge = 2 ** 53
const quote = 34
const comma = 44
const minus = 45
const dot = 46
const zero = 48
const colon = 58
const backslash = 92
const close = 125

export class RecordScanner {
  readonly #forms: Form[][]

  constructor(role: LaneHeader['role']) {
    this.#forms = formsOf(role)
  }

  /**
   * Fills `line` from the line of `text` that starts at `from`. Returns where the next line starts, or -1 when the scanner
   * does not take this line; `line` is then undefined. There must be a line end at or after `from`.
   */
  scan(text: Uint8Array, from: number, line: Line): number {
    // {"op":"
    if (text[from] !== 123 || text[from + 1] !== quote || text[from + 2] !== 111 || text[from + 3] !== 112) return -1
    if (text[from + 4] !== quote || text[from + 5] !== colon || text[from + 6] !== quote) return -1
    let at = from + 7
    const form = this.#formAt(text, at)
    if (form === undefined) return -1
    at += form.name.length + 1
    line.op = form.op
    line.s = -1
    line.p = -1
    line.o = -1
    line.e = -1
    line.n = 1
    line.mark = ''
    let seen = 0
    while (text[at] === comma) {
      if (text[at + 1] !== quote || text[at + 3] !== quote || text[at + 4] !== colon) return -1
      const key = text[at + 2] ?? 0
      at += 5
      let bit = 0
      if (key === 99 /* c */) {
        const end = this.#code(text, at, form, line)
        if (end < 0) return -1
        at = end
        bit = 64
      } else {
        let byte = text[at] ?? 0
        const negative = byte === minus
        if (negative) byte = text[++at] ?? 0
        let digit = byte - zero
        // A number begins with a digit, and a leading zero is the only digit before the point.
        if (digit < 0 || digit > 9) return -1
        let small = digit
        byte = text[++at] ?? 0
        digit = byte - zero
        const nineDigits = small === 0 ? at : at + 8
        while (at < nineDigits && digit >= 0 && digit <= 9) {
          small = small * 10 + digit
          byte = text[++at] ?? 0
          digit = byte - zero
        }
        let value = small
        if (small !== 0) {
          while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit
            byte = text[++at] ?? 0
            digit = byte - zero
          }
        }
        if (byte === dot) {
          if (key !== 116 /* t */ && key !== 100 /* d */) return -1
          const point = at
          byte = text[++at] ?? 0
          digit = byte - zero
          while (digit >= 0 && digit <= 9) {
            value = value * 10 + digit
            byte = text[++at] ?? 0
            digit = byte - zero
          }
          const digits = at - point - 1
          if (digits === 0 || digits > 22 || value >= tooLarge) return -1
          value /= powers[digits] ?? 1
        } else if (value >= tooLarge) return -1
        if (byte !== comma && byte !== close) return -1
        if (negative && (key !== 101 /* e */ || value !== 1)) return -1
        switch (key) {
          case 116: // t
            line.t = value
            bit = 16
            break
          case 115: // s
            line.s = value
            bit = 1
            break
          case 112: // p
            line.p = value
            bit = 2
            break
          case 111: // o
            line.o = value
            bit = 4
            break
          case 101: // e
            line.e = negative ? -1 : value
            bit = 8
            break
          case 110: // n
            if (value === 0) return -1
            line.n = value
            bit = 32
            break
          case 100: // d
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

  #formAt(text: Uint8Array, at: number): Form | undefined {
    const candidates = this.#forms[text[at] ?? 0]
    if (candidates === undefined) return undefined
    for (const form of candidates) {
      const { name } = form
      let k = 1
      while (k < name.length && text[at + k] === name[k]) k++
      if (k === name.length && text[at + k] === quote) return form
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
