/** Every message of a lane in the order of their numbers. Height, pattern and colour show its fate. */
import { fates, parseRuns } from '../../timeline/fate-words.ts'
import type { Fate, Run } from '../../timeline/fate-words.ts'
import type { LaneTimeline } from '../../timeline/lane-timeline.ts'
import { number, plural } from '../../words/numbers.ts'
import { gutter, rightMargin, useWidth } from './width.ts'

const maxRows = 16
const minUnitsOfRow = 250
const rowHeight = 22
const axisHeight = 34
/** Least distance between two numbers of the axis, px. */
const tickDistance = 90
const maxTicks = 8
const barHeight = 16
const maxListed = 100
/** With more runs than this, each fate is drawn as one shape, because a browser needs seconds for thousands of shapes. */
const maxSeparateShapes = 1500

/** The worse the fate, the higher the bar. */
const heights: Record<Fate, number> = {
  l: 1,
  w: 1,
  c: 1,
  r: 1,
  k: 1,
  u: 0.8,
  t: 0.7,
  g: 0.7,
  x: 0.6,
  d: 0.6,
  p: 0.5,
  e: 0.5,
  v: 0.35,
  s: 0.25,
  n: 0.06,
}
const nameOf = new Map<Fate, string>(fates.map(([letter, name]) => [letter, name]))

export function Strip({ lane }: { lane: LaneTimeline }) {
  const [ref, width] = useWidth<HTMLDivElement>()
  const { per, runs: text } = lane.fates
  const runs = parseRuns(text)
  const units = runs.reduce((sum, run) => sum + run.count, 0)
  const totals = Map.groupBy(runs, run => run.fate)
  const present = fates.filter(([letter]) => totals.has(letter))
  const columns = Math.max(1, Math.min(units, Math.max(minUnitsOfRow, Math.ceil(units / maxRows))))
  const rows = Math.ceil(units / columns)
  const left = gutter(width)
  const unitWidth = Math.max(0, width - left - rightMargin) / columns
  const words = present.map(([letter, name]) => `${count(totals.get(letter) ?? [])} ${name}`).join(', ')
  return (
    <div class="strip" ref={ref}>
      <svg class="patterns" width="0" height="0" aria-hidden="true">
        <StripPatterns />
      </svg>
      {width > 0 && (
        <svg
          width={width}
          height={rows * rowHeight + axisHeight}
          viewBox={`0 0 ${width} ${rows * rowHeight + axisHeight}`}
          role="img"
          aria-label={`Every message in the order of its number: ${words}. The list below has the same content as text.`}
        >
          {Array.from({ length: rows }, (_, row) => (
            <text key={row} x={left - 8} y={row * rowHeight + 16} text-anchor="end" class="tick">
              {number(row * columns * per)}
            </text>
          ))}
          <Axis columns={columns} rows={rows} per={per} left={left} unitWidth={unitWidth} />
          {runs.length > maxSeparateShapes ? (
            <Paths runs={runs} columns={columns} left={left} unitWidth={unitWidth} />
          ) : (
            runs.flatMap(run =>
              pieces(run, columns).map(({ row, from, count: length }) => {
                const height = Math.max(1, barHeight * heights[run.fate])
                return (
                  <rect
                    key={`${row}-${from}`}
                    class={`fate fate-${run.fate}`}
                    x={left + from * unitWidth}
                    y={row * rowHeight + 4 + barHeight - height}
                    width={Math.max(1, length * unitWidth)}
                    height={height}
                  >
                    <title>{describe(run, per)}</title>
                  </rect>
                )
              }),
            )
          )}
          {lane.windows.flatMap(window =>
            pieces(
              {
                fate: 's',
                from: Math.floor(window.from / per),
                count: Math.floor(window.to / per) - Math.floor(window.from / per) + 1,
              },
              columns,
            ).map(({ row, from, count: length }) => (
              <rect
                key={`${window.name}-${row}`}
                class="window-mark"
                x={left + from * unitWidth}
                y={row * rowHeight}
                width={Math.max(2, length * unitWidth)}
                height={2.5}
              >
                <title>
                  window {window.name}: messages {window.from}–{window.to}
                </title>
              </rect>
            )),
          )}
        </svg>
      )}
      <ul class="keys">
        {present.map(([letter, name, means]) => (
          <li key={letter} title={means}>
            <svg width="14" height="16" aria-hidden="true">
              <rect
                class={`fate fate-${letter}`}
                x="1"
                width="12"
                y={16 - Math.max(1, 16 * heights[letter])}
                height={Math.max(1, 16 * heights[letter])}
              />
            </svg>{' '}
            {per === 1 ? number(count(totals.get(letter) ?? [])) : ''} {name}
          </li>
        ))}
        {lane.windows.length > 0 && (
          <li>
            <svg width="14" height="16" aria-hidden="true">
              <rect class="window-mark" x="0" y="2" width="14" height="3" />
            </svg>{' '}
            {lane.windows.map(({ name, from, to }) => `sent in ${name}: ${number(from)}–${number(to)}`).join('; ')}
          </li>
        )}
      </ul>
      {per > 1 && (
        <p class="muted">Each step stands for {plural(per, 'message')} and shows the worst fate among them.</p>
      )}
      <FateList runs={runs} per={per} />
    </div>
  )
}

/** What the position in a row means. In several rows, the number of a message is that of its row and column together. */
function Axis({
  columns,
  rows,
  per,
  left,
  unitWidth,
}: Record<'columns' | 'rows' | 'per' | 'left' | 'unitWidth', number>) {
  const width = columns * unitWidth
  const count = Math.max(1, Math.min(maxTicks, Math.floor(width / tickDistance), columns))
  const top = rows * rowHeight + 2
  return (
    <>
      <line class="axis" x1={left} x2={left + width} y1={top} y2={top} />
      {Array.from({ length: count }, (_, at) => {
        const column = Math.round((at * columns) / count)
        const x = left + column * unitWidth
        return (
          <g key={at}>
            <line class="axis" x1={x} x2={x} y1={top} y2={top + 4} />
            <text class="tick" x={x} y={top + 15}>
              {rows > 1 ? `+${number(column * per)}` : number(column * per)}
            </text>
          </g>
        )
      })}
      <text class="tick" x={left} y={top + 29}>
        {rows > 1 ? 'message number: that of the row + that of the column' : 'message number'}
      </text>
    </>
  )
}

function Paths({
  runs,
  columns,
  left,
  unitWidth,
}: {
  runs: readonly Run[]
  columns: number
  left: number
  unitWidth: number
}) {
  return (
    <>
      {[...Map.groupBy(runs, run => run.fate)].map(([fate, same]) => {
        const height = Math.max(1, barHeight * heights[fate])
        const d = same
          .flatMap(run => pieces(run, columns))
          .map(({ row, from, count: length }) => {
            const [x, y] = [(left + from * unitWidth).toFixed(1), row * rowHeight + 4 + barHeight - height]
            const width = Math.max(1, length * unitWidth).toFixed(1)
            return `M${x} ${y}h${width}v${height}h-${width}z`
          })
        return <path key={fate} class={`fate fate-${fate}`} d={d.join('')} />
      })}
    </>
  )
}

const count = (runs: readonly Run[]): number => runs.reduce((sum, run) => sum + run.count, 0)

function describe(run: Run, per: number): string {
  const from = run.from * per
  const to = (run.from + run.count) * per - 1
  return `${from === to ? `message ${number(from)}` : `messages ${number(from)}–${number(to)}`}: ${nameOf.get(run.fate) ?? ''}`
}

/** The pieces of a run, one for each row of the drawing that it touches. */
function pieces(run: Run, columns: number): { row: number; from: number; count: number }[] {
  const found: { row: number; from: number; count: number }[] = []
  for (let at = run.from; at < run.from + run.count;) {
    const row = Math.floor(at / columns)
    const end = Math.min(run.from + run.count, (row + 1) * columns)
    found.push({ row, from: at - row * columns, count: end - at })
    at = end
  }
  return found
}

function FateList({ runs, per }: { runs: Run[]; per: number }) {
  const notStored = runs.filter(run => run.fate !== 's' && run.fate !== 'n')
  if (notStored.length === 0) return null
  return (
    <details>
      <summary>{plural(notStored.length, 'range')} of messages that were not simply stored</summary>
      <ul class="plain">
        {notStored.slice(0, maxListed).map(run => (
          <li key={run.from}>
            {describe(run, per)} <span class="muted">({plural(run.count * per, 'message')})</span>
          </li>
        ))}
      </ul>
      {notStored.length > maxListed && <p class="muted">and {number(notStored.length - maxListed)} more</p>}
    </details>
  )
}

const StripPatterns = () => (
  <defs>
    <pattern id="fate-cross" width="4" height="4" patternUnits="userSpaceOnUse">
      <path d="M0 0l4 4M4 0l-4 4" class="fate-line" />
    </pattern>
    <pattern id="fate-diagonal" width="4" height="4" patternUnits="userSpaceOnUse">
      <path d="M-1 3l2 2M0 0l4 4M3 -1l2 2" class="fate-line" />
    </pattern>
    <pattern id="fate-rows" width="4" height="4" patternUnits="userSpaceOnUse">
      <path d="M0 1h4" class="fate-line" />
    </pattern>
    <pattern id="fate-dots" width="4" height="4" patternUnits="userSpaceOnUse">
      <rect x="1" y="1" width="2" height="2" class="fate-dot" />
    </pattern>
  </defs>
)
