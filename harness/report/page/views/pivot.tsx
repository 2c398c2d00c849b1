/** The cells of one scenario as a table whose axes are the settings in which the cells differ. */
import { settingValue, shortSetting } from '../../words/settings.ts'
import type { CellPage } from '../../page-data/page-data.ts'
import { SmallTile } from '../parts/tile.tsx'

const maxColumns = 8

interface Axis {
  names: string[]
  /** Combinations of values, in the order of the cells. */
  points: string[][]
}

export function Pivot({
  scenario,
  cells,
  varied,
}: {
  scenario: string
  cells: readonly CellPage[]
  varied: readonly string[]
}) {
  const { rows, columns } = axesOf(cells, varied)
  const rowSpans = rows.names.map((_, level) => new Map(spans(rows.points, level).map(span => [span.start, span])))
  const at = new Map(cells.map(cell => [keyOf([...pointOf(cell, rows.names), ...pointOf(cell, columns.names)]), cell]))
  return (
    <div class="scroll" role="region" tabIndex={0} aria-label={`${scenario}: ${cells.length} cells`}>
      <table class="pivot">
        <thead>
          {columns.names.map((name, level) => (
            <tr key={name}>
              <th scope="row" colSpan={rows.names.length} class="axis">
                {shortSetting(name)}
              </th>
              {spans(columns.points, level).map(({ text, count }, index) => (
                <th key={index} scope={count > 1 ? 'colgroup' : 'col'} colSpan={count} class="value">
                  {text}
                </th>
              ))}
            </tr>
          ))}
          <tr>
            {rows.names.map(row => (
              <th key={row} scope="col" class="axis">
                {shortSetting(row)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.points.map((row, index) => (
            <tr key={keyOf(row)}>
              {row.map((text, level) => {
                const span = rowSpans[level]?.get(index)
                return (
                  span && (
                    <th key={rows.names[level]} scope={span.count > 1 ? 'rowgroup' : 'row'} rowSpan={span.count}>
                      {text}
                    </th>
                  )
                )
              })}
              {columns.points.map(column => {
                const cell = at.get(keyOf([...row, ...column]))
                return (
                  <td key={keyOf(column)}>
                    {cell ? (
                      <SmallTile cell={cell} varied={varied} />
                    ) : (
                      <span class="muted" title="the scenario has no such cell">
                        –
                      </span>
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const keyOf = (point: readonly string[]) => JSON.stringify(point)
const pointOf = (cell: CellPage, names: readonly string[]) => names.map(name => settingValue(cell.settings[name]))

/** The last settings become columns, as many as give at most `maxColumns` columns. The others become rows. */
function axesOf(cells: readonly CellPage[], varied: readonly string[]): { rows: Axis; columns: Axis } {
  const distinct = (names: readonly string[]) => [
    ...new Map(cells.map(cell => [keyOf(pointOf(cell, names)), pointOf(cell, names)])).values(),
  ]
  let first = varied.length - 1
  while (first > 1 && distinct(varied.slice(first - 1)).length <= maxColumns) first -= 1
  const axis = (names: string[]): Axis => ({ names, points: sorted(distinct(names), cells, names) })
  return { rows: axis(varied.slice(0, first)), columns: axis(varied.slice(first)) }
}

/** Sorted by the first appearance of each value, so that equal values are next to each other. */
function sorted(points: string[][], cells: readonly CellPage[], names: readonly string[]): string[][] {
  const order = names.map(
    name => new Map([...new Set(cells.map(cell => settingValue(cell.settings[name])))].map((value, at) => [value, at])),
  )
  return points.toSorted((a, b) => {
    for (const [level, values] of order.entries()) {
      const difference = (values.get(a[level] ?? '') ?? 0) - (values.get(b[level] ?? '') ?? 0)
      if (difference !== 0) return difference
    }
    return 0
  })
}

/** Neighbours with the same values up to and including `level` share a heading. */
function spans(points: readonly string[][], level: number): { text: string; start: number; count: number }[] {
  const found: { text: string; start: number; count: number; key: string }[] = []
  points.forEach((point, index) => {
    const key = keyOf(point.slice(0, level + 1))
    const last = found.at(-1)
    if (last?.key === key) last.count += 1
    else found.push({ text: point[level] ?? '', start: index, count: 1, key })
  })
  return found
}
