/** Texts before and after → unified diff, as `patch -p0` and `git apply -p0` read it. */
import { diff } from 'node:util'

const contextLines = 3

interface DiffLine {
  mark: ' ' | '-' | '+'
  text: string
}

/** Empty when the texts are equal. */
export function unifiedDiff(file: string, before: string, after: string): string {
  if (before === after) return ''
  // node:util marks what only the first text has with 1.
  const lines = diff(linesOf(before), linesOf(after)).map(([sign, text]): DiffLine => ({
    mark: sign === 0 ? ' ' : sign === 1 ? '-' : '+',
    text,
  }))
  const name = /\s/.test(file) ? `${file}\t` : file
  return `--- ${name}\n+++ ${name}\n${hunks(inOrder(lines)).join('')}`
}

/** Lines with their line ends, so that a last line without one differs. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? []

/** Removed lines before the added ones that take their place, as people expect. */
function inOrder(lines: readonly DiffLine[]): DiffLine[] {
  const result: DiffLine[] = []
  let added: DiffLine[] = []
  for (const line of lines) {
    if (line.mark === '+') {
      added.push(line)
      continue
    }
    if (line.mark === ' ') {
      result.push(...added)
      added = []
    }
    result.push(line)
  }
  return [...result, ...added]
}

function hunks(lines: readonly DiffLine[]): string[] {
  const changed = lines.flatMap(({ mark }, at) => (mark === ' ' ? [] : [at]))
  const ranges: { from: number; to: number }[] = []
  for (const at of changed) {
    const last = ranges.at(-1)
    const from = Math.max(0, at - contextLines)
    const to = Math.min(lines.length, at + contextLines + 1)
    if (last && from <= last.to) last.to = to
    else ranges.push({ from, to })
  }
  return ranges.map(({ from, to }) => hunk(lines, from, to))
}

function hunk(lines: readonly DiffLine[], from: number, to: number): string {
  const count = (part: readonly DiffLine[], other: '-' | '+') => part.filter(({ mark }) => mark !== other).length
  const head = lines.slice(0, from)
  const body = lines.slice(from, to)
  const place = (other: '-' | '+') => {
    const length = count(body, other)
    // A range without lines names the line before it.
    return `${count(head, other) + (length === 0 ? 0 : 1)},${length}`
  }
  const texts = body.map(({ mark, text }) =>
    text.endsWith('\n') ? `${mark}${text}` : `${mark}${text}\n\\ No newline at end of file\n`,
  )
  return `@@ -${place('+')} +${place('-')} @@\n${texts.join('')}`
}
