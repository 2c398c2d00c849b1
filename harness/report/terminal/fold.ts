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
}

/** `paint` colours the text of the last column after the table has been laid out, so colour codes do not count as width. */
export function grid(
  columns: readonly Column[],
  rows: readonly string[][],
  width: number,
  paint: (row: number, text: string) => string,
): string[] {
  const widths = widthsOf(columns, rows, width)
  const line = (cells: string[]) =>
    cells
      .map((text, at) =>
        columns[at]?.align === 'right' ? text.padStart(widths[at] ?? 0) : text.padEnd(widths[at] ?? 0),
      )
      .join('  ')
      .trimEnd()
  const body = rows.flatMap((row, index) => {
    const folded = row.map((text, at) => fold(text, widths[at] ?? width))
    const height = Math.max(...folded.map(lines => lines.length))
    return Array.from({ length: height }, (_, part) =>
      line(
        folded.map((lines, at) => {
          const text = lines[part] ?? ''
          return at === row.length - 1 && text !== '' ? paint(index, text) : text
        }),
      ),
    )
  })
  return [line(columns.map(column => column.title)), ...body]
}

/** Columns that fold share the width that the others leave, the narrower ones first. */
function widthsOf(columns: readonly Column[], rows: readonly string[][], width: number): number[] {
  const natural = columns.map(({ title }, at) =>
    Math.max(title.length, ...rows.map(row => printable(row[at] ?? '').length)),
  )
  const fixed = natural.filter((_, at) => !columns[at]?.folds).reduce((sum, one) => sum + one, 2 * (columns.length - 1))
  let left = width - fixed
  const widths = [...natural]
  const folding = columns
    .flatMap(({ folds }, at) => (folds ? [at] : []))
    .toSorted((a, b) => (natural[a] ?? 0) - (natural[b] ?? 0))
  folding.forEach((at, turn) => {
    const share = Math.max(12, Math.floor(left / (folding.length - turn)))
    widths[at] = Math.min(natural[at] ?? 0, share)
    left -= widths[at] ?? 0
  })
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
