/** Changes of a text by position, and how they are applied. */

export interface Edit {
  /** Positions in the original text; equal for an insertion. */
  from: number
  to: number
  text: string
}

/** Applies edits that do not overlap. Insertions at one position keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.from - b.from)) {
    if (edit.from < at) throw new RangeError(`edits overlap at position ${edit.from}`)
    result += text.slice(at, edit.from) + edit.text
    at = edit.to
  }
  return result + text.slice(at)
}

/** Number of the line, from 1, on which a position lies. */
export const lineAt = (text: string, position: number): number => text.slice(0, position).split('\n').length

/** Line end of the file. */
export const lineEnd = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n')

/** Position behind the line on which a position lies, with its line end. */
export function afterLine(text: string, position: number): number {
  const end = text.indexOf('\n', position)
  return end < 0 ? text.length : end + 1
}

/** Position at which the line of a position begins. */
export const startOfLine = (text: string, position: number): number => text.lastIndexOf('\n', position - 1) + 1

/** Inserts whole lines behind the line of a position. The last line of a file may have no line end. */
export function insertLines(text: string, position: number, lines: readonly string[]): Edit {
  const at = afterLine(text, position)
  const eol = lineEnd(text)
  const isOpen = at === text.length && !text.endsWith('\n')
  const added = isOpen ? lines.map(line => `${eol}${line}`) : lines.map(line => `${line}${eol}`)
  return { from: at, to: at, text: added.join('') }
}

/** How much of their beginning two names share, in words: `min.insync.replicas` and `min.insync.bytes` share 2. */
export function likeness(a: string, b: string): number {
  const words = (name: string) =>
    name.toLowerCase() === name || name.toUpperCase() === name
      ? name.toLowerCase().split(/[._-]/)
      : name.split(/[._-]|(?=[A-Z])/).map(word => word.toLowerCase())
  const [left, right] = [words(a), words(b)]
  const differs = left.findIndex((word, at) => word !== right[at])
  return differs < 0 ? left.length : differs
}

/** The last of the names that are most like the wanted one; the last name when none is like it. */
export function mostAlike<T>(all: readonly T[], nameOf: (one: T) => string, wanted: string): T | undefined {
  return all.toReversed().toSorted((a, b) => likeness(nameOf(b), wanted) - likeness(nameOf(a), wanted))[0]
}
