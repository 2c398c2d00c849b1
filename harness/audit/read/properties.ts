/**
 * Reads Java properties as java.util.Properties.load() does: comments, continuation lines, escapes, and `=`, `:` or white
 * space between key and value.
 */
export interface PropertyLine {
  key: string
  value: string
  /** Number of the line on which the key begins, from 1. */
  line: number
}

export interface BrokenLine {
  message: string
  line: number
}

/** All properties in order. A key that occurs twice is returned twice: Java keeps the last one. */
export function parseProperties(text: string): { properties: PropertyLine[]; broken: BrokenLine[] } {
  const properties: PropertyLine[] = []
  const broken: BrokenLine[] = []
  for (const { text: line, line: at } of logicalLines(text)) {
    const { key, value } = splitLine(line)
    const property = { key: unescape(key), value: unescape(value) }
    if (property.key === undefined || property.value === undefined)
      broken.push({ message: 'expected four hexadecimal digits after \\u', line: at })
    else properties.push({ key: property.key, value: property.value, line: at })
  }
  return { properties, broken }
}

/** Natural lines joined at a backslash, without comments and blank lines. White space at the start of each is removed. */
function logicalLines(text: string): { text: string; line: number }[] {
  const lines: { text: string; line: number }[] = []
  let open: { text: string; line: number } | undefined
  for (const [at, natural] of text
    .replace(/(?:\r\n|\r|\n)$/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const trimmed = natural.replace(/^[ \t\f]+/, '')
    // As in Java, a line that holds only a backslash does not begin a property yet.
    if (open?.text === '') open = undefined
    if (!open && (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith('!'))) continue
    const continues = endsInOddBackslashes(trimmed)
    const part = continues ? trimmed.slice(0, -1) : trimmed
    open = open ? { ...open, text: open.text + part } : { text: part, line: at + 1 }
    if (continues) continue
    lines.push(open)
    open = undefined
  }
  if (open) lines.push(open)
  return lines
}

function endsInOddBackslashes(line: string): boolean {
  const trailing = /\\*$/.exec(line)?.[0].length ?? 0
  return trailing % 2 === 1
}

/** The key ends at the first separator that is not escaped. */
function splitLine(line: string): { key: string; value: string } {
  let at = 0
  while (at < line.length && !/[=: \t\f]/.test(line[at] ?? '')) at += line[at] === '\\' ? 2 : 1
  const key = line.slice(0, at)
  const rest = line.slice(at).replace(/^[ \t\f]*[=:]?[ \t\f]*/, '')
  return { key, value: rest }
}

const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' }

/** Undefined for a malformed \uXXXX. A backslash before any other character is dropped. */
function unescape(text: string): string | undefined {
  let result = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? ''
    if (char !== '\\') {
      result += char
      continue
    }
    at += 1
    const next = text[at]
    if (next === undefined) break
    if (next !== 'u') {
      result += named[next] ?? next
      continue
    }
    const digits = text.slice(at + 1, at + 5)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined
    result += String.fromCharCode(Number.parseInt(digits, 16))
    at += 4
  }
  return result
}
