/** Text for a terminal of limited width: folded lines, and tables whose text columns fold inside their column. */

/** Folds at spaces; a word that is too long for a line is broken. Control characters of brokers and names stay out of the terminal. */
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

/** Indented; further lines by two more. */
export function paragraph(text: string, indent: string, width: number): string[] {
  return fold(text, width - indent.length - 2).map((line, at) => `${indent}${at === 0 ? '' : '  '}${line}`)
}

export interface Column {
  title: string
  align: 'left' | 'right'
  /** May fold when the table is too wide. */
  folds?: true
}

/** `paint` may colour a whole cell's text after it has been measured; only the last column is painted safely. */
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

/** Folding columns share what the others leave, the narrower ones first. */
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

/** Breaks an over-long word behind its last separator on the line, else where the line ends. */
function breakAt(text: string, width: number): number {
  const separator = Math.max(...[',', '/', '=', ';', '-', '.'].map(mark => text.lastIndexOf(mark, width - 1)))
  return separator >= width / 2 ? separator + 1 : width
}

function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are what has to go
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, '\uFFFD')
}
