/** Wraps text and tables to the width of a terminal. */

/**
 * Wraps at spaces, and breaks words that are longer than a line. Replaces control characters, because names and broker
 * texts could move the cursor.
 */
export function fold(text: string, width: number): string[] {
  const lines: string[] = []
  let current = ''
  for (const word of printable(text).split(' ')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current)
      current = ''
    }
    current = current === '' ? word : `${current} ${word}`
    for (; current.length > width; current = current.slice(breakAt(current, width)))
      lines.push(current.slice(0, breakAt(current, width)))
  }
  return [...lines, current]
}

/** Wraps and indents. The second and later lines are indented by two more spaces. */
export function paragraph(text: string, indent: string, width: number): string[] {
  return fold(text, width - indent.length - 2).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`)
}

export interface Column {
  title: string
  align: 'left' | 'right'
  /** Wraps inside its column when the table is too wide. */
  folds?: true
  /** Share of the width among the columns that fold. Default: 1. */
  weight?: number
  /** The column that `paint` colours, instead of the last one. */
  painted?: true
}

export interface GridOptions {
  /** An empty line between two rows, where one of them takes several lines. */
  spaced?: boolean
}

/** `paint` colours the text of one column after the table has been laid out, so colour codes do not count as width. */
export function grid(
  columns: readonly Column[],
  rows: readonly string[][],
  width: number,
  paint: (row: number, text: string) => string,
  { spaced = false }: GridOptions = {},
): string[] {
  const widths = widthsOf(columns, rows, width)
  const marked = columns.findIndex(({ painted }) => painted === true)
  const paintedColumn = marked < 0 ? columns.length - 1 : marked
  const line = (cells: string[]) =>
    cells
      .map((text, at) =>
        columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const body = rows.map((row, index) => {
    const folded = row.map((text, at) => fold(text, widths[at] ?? width))
    const height = Math.max(...folded.map(lines => lines.length))
    return Array.from({ length: height }, (_, part) =>
      line(
        folded.map((lines, at) => {
          const text = lines[part] ?? ''
          if (at !== paintedColumn || text === '') return text
          const space = at === row.length - 1 ? '' : ' '.repeat(Math.max(0, (widths[at] ?? 0) - text.length))
          return `${paint(index, text)}${space}`
        }),
      ),
    )
  })
  const needsSpace = (at: number) =>
    spaced && at > 0 && ((body[at]?.length ?? 0) > 1 || (body[at - 1]?.length ?? 0) > 1)
  return [
    line(columns.map(column => column.title)),
    ...body.flatMap((lines, at) => (needsSpace(at) ? ['', ...lines] : lines)),
  ]
}

/** Columns that fold share the width that the others leave; what narrow ones do not need is left to the wider ones. */
function widthsOf(columns: readonly Column[], rows: readonly string[][], width: number): number[] {
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map(row => printable(row[at] ?? '').length)),
  )
  const fixed = natural.filter((_, at) => !columns[at]?.folds).reduce((sum, one) => sum + one, 2 * (columns.length - 1))
  let left = width - fixed
  const widths = [...natural]
  const weight = (at: number) => columns[at]?.weight ?? 1
  const folding = columns
    .flatMap(({ folds }, at) => (folds ? [at] : []))
    .toSorted((a, b) => (natural[a] ?? 0) / weight(a) - (natural[b] ?? 0) / weight(b))
  let weights = folding.reduce((sum, at) => sum + weight(at), 0)
  for (const at of folding) {
    const share = Math.max(12, Math.floor((left * weight(at)) / weights))
    widths[at] = Math.min(natural[at] ?? 0, share)
    left -= widths[at] ?? 0
    weights -= weight(at)
  }
  return widths
}

/** Position to break a word that is too long: after the last separator on the line, otherwise at the end of the line. */
function breakAt(text: string, width: number): number {
  const separator = Math.max(...[',', '/', '=', ';', '-', '.'].map(mark => text.lastIndexOf(mark, width - 1)))
  return separator >= width / 2 ? separator + 1 : width
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- the expression removes control characters
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD')
}
