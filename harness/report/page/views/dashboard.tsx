/** The same cells over many runs. */
import { kindOf, kindWords } from '../../page-data/kinds.ts'
import type { CellFacts, CellPoint, DashboardPage } from '../../page-data/page-data.ts'
import { median } from '../../claims/side-by-side.ts'
import { ms, plural, runTime, settingsWords, variedByScenario } from '../format.ts'
import { figure, happened } from '../parts/tile.tsx'
import { Icon } from '../parts/verdict.tsx'

type Point = CellPoint | undefined

export function Dashboard({ data: given }: { data: DashboardPage }) {
  // What is new is what is looked for, and what a narrow screen shows.
  const data = { ...given, runs: given.runs.toReversed() }
  const varied = variedByScenario(data.cells)
  const points = data.runs.map(run => new Map(run.cells.map(cell => [cell.id, cell])))
  return (
    <>
      <h1 tabIndex={-1}>
        {plural(data.cells.length, 'cell')} over {plural(data.runs.length, 'run')}
      </h1>
      <p class="lead">Newest run at the left. {changesWords(data, points)}</p>
      <div class="scroll" role="region" tabIndex={0} aria-label="Cells over runs">
        <table class="history">
          <thead>
            <tr>
              <th scope="col">cell</th>
              <th scope="col" class="right">
                last run
              </th>
              <th scope="col" class="right">
                out for, median
              </th>
              <th scope="col">time out, oldest first</th>
              {data.runs.map(run => (
                <th key={run.run} scope="col" class="run-name">
                  <span>
                    {run.href === undefined ? (
                      shortTime(run.run)
                    ) : (
                      <a href={run.href} title={run.run}>
                        {shortTime(run.run)}
                      </a>
                    )}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          {[...Map.groupBy(data.cells, cell => cell.scenario)].map(([scenario, cells]) => (
            <tbody key={scenario}>
              <tr>
                <th scope="rowgroup" colSpan={data.runs.length + 4} class="group">
                  {scenario} <span class="muted">{cells[0]?.system}</span>
                </th>
              </tr>
              {cells.map(cell => (
                <CellRow
                  key={cell.id}
                  data={data}
                  cell={cell}
                  varied={varied.get(scenario) ?? []}
                  points={points.map(run => run.get(cell.id))}
                />
              ))}
            </tbody>
          ))}
        </table>
      </div>
      <dl class="legend">
        {(['held', 'expected-loss', 'not-shown', 'inconclusive', 'violated'] as const).map(kind => (
          <div key={kind}>
            <dt class={kind}>
              <Icon kind={kind} />
              {kindWords[kind].name}
            </dt>
            <dd>{kindWords[kind].means}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function CellRow({
  data,
  cell,
  varied,
  points,
}: {
  data: DashboardPage
  cell: CellFacts
  varied: readonly string[]
  points: Point[]
}) {
  const known = points.filter(point => point !== undefined)
  const [last] = known
  const outages = known.flatMap(({ recovery }) => recovery.unavailableMs ?? [])
  return (
    <tr>
      <th scope="row">
        <a href={`#/trend/${encodeURIComponent(cell.id)}`}>{settingsWords(cell, varied) || cell.scenario}</a>
      </th>
      <td class="right">{last ? figure(last) : '–'}</td>
      <td class="right">{ms(median(outages))}</td>
      <td>
        <Spark values={points.map(point => point?.recovery.unavailableMs).toReversed()} />
      </td>
      {points.map((point, at) => (
        <td key={data.runs[at]?.run} class="point">
          {point ? (
            <PointMark point={point} href={data.runs[at]?.href} id={cell.id} />
          ) : (
            <span class="muted">
              <span class="sr">not run</span>
              <span aria-hidden="true">·</span>
            </span>
          )}
        </td>
      ))}
    </tr>
  )
}

function PointMark({ point, href, id }: { point: CellPoint; href: string | undefined; id: string }) {
  const kind = kindOf(point)
  const words = `${kindWords[kind].name}: ${happened(point)}`
  const mark = <Icon kind={kind} />
  return href === undefined ? (
    <span class={`mark ${kind}`} role="img" aria-label={words} title={words}>
      {mark}
    </span>
  ) : (
    <a class={`mark ${kind}`} href={`${href}#/cell/${encodeURIComponent(id)}`} aria-label={words} title={words}>
      {mark}
    </a>
  )
}

/** Service lost in each run, as a small line; the trend page has the figures. */
function Spark({ values }: { values: (number | undefined)[] }) {
  const known = values.flatMap((value, at) => (value === undefined ? [] : [{ at, value }]))
  if (known.length < 2) return null
  const [width, height] = [90, 20]
  const most = Math.max(1, ...known.map(({ value }) => value))
  const points = known.map(
    ({ at, value }) =>
      `${(2 + (at / Math.max(1, values.length - 1)) * (width - 4)).toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`,
  )
  return (
    <svg
      class="spark"
      width={width}
      height={height}
      role="img"
      aria-label={`longest time without an acknowledgement: ${ms(known[0]?.value)} at first, ${ms(known.at(-1)?.value)} at last, ${ms(most)} at most`}
    >
      <polyline points={points.join(' ')} />
    </svg>
  )
}

/** The last run against the one before it that had the same cells. */
function changesWords(data: DashboardPage, points: ReadonlyMap<string, CellPoint>[]): string {
  let worse = 0
  let better = 0
  for (const { id } of data.cells) {
    const [last, before] = points.flatMap(run => run.get(id) ?? [])
    if (!last || !before) continue
    if (last.verdict === 'violated' && before.verdict !== 'violated') worse += 1
    if (last.verdict !== 'violated' && before.verdict === 'violated') better += 1
  }
  return `Of each cell's last two runs: ${worse} newly violated, ${better} violated no more.`
}

const shortTime = (run: string) => runTime(run).replace(/ \d{4},/, '') || run
