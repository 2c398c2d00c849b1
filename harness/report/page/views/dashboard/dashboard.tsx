/** The cells of several runs over time. */
import { faultsText } from '../../../words/faults.ts'
import { countKinds, kindOf, kindWords } from '../../../words/kinds.ts'
import { duration, plural } from '../../../words/numbers.ts'
import { resultOf } from '../../../words/results.ts'
import { settingsText, settingValue, variedByScenario } from '../../../words/settings.ts'
import type { CellFacts, CellPoint, DashboardPage } from '../../../page-data/page-data.ts'
import { median } from '../../../compare/side-by-side.ts'
import { shortRunTime } from '../../run-time.ts'
import { hasEveryWord } from '../../search.ts'
import { filterOf, Filters } from '../../parts/filters.tsx'
import { Legend } from '../../parts/legend.tsx'
import { Icon } from '../../parts/verdict.tsx'
import { Changes, ChangesLead } from './changes.tsx'
import { Subjects } from './subjects.tsx'

type Point = CellPoint | undefined

export function Dashboard({ data: given, query }: { data: DashboardPage; query: URLSearchParams }) {
  // Newest first, because narrow screens show only the first columns.
  const data = { ...given, runs: given.runs.toReversed() }
  const varied = variedByScenario(data.cells)
  const points = data.runs.map(run => new Map(run.cells.map(cell => [cell.id, cell])))
  const lastOf = (id: string) => points.map(run => run.get(id)).find(point => point !== undefined)
  const filter = filterOf(query)
  const shown = data.cells.filter(cell => {
    const last = lastOf(cell.id)
    return (last === undefined || !filter.hidden.has(kindOf(last))) && matches(cell, last, filter.text)
  })
  return (
    <>
      <h1 tabIndex={-1}>
        {plural(data.cells.length, 'cell')} over {plural(data.runs.length, 'run')}
      </h1>
      {data.changes && <ChangesLead changes={data.changes} />}
      <Subjects data={data} />
      {data.changes && <Changes changes={data.changes} />}
      <h2>Every cell</h2>
      <p class="muted">The newest run is the leftmost. Filters and figures are of the last run of each cell.</p>
      <Filters
        filter={filter}
        counts={countKinds(data.cells.flatMap(({ id }) => lastOf(id) ?? []))}
        shown={shown.length}
        all={data.cells.length}
        searched="scenarios, settings, faults and results"
      />
      <div class="scroll" role="region" tabIndex={0} aria-label="Cells over runs">
        <table class="history">
          <thead>
            <tr>
              <th scope="col">cell</th>
              <th scope="col" class="right">
                last run
              </th>
              <th scope="col" class="right">
                outage, median
              </th>
              <th scope="col">outages, oldest first</th>
              {data.runs.map(run => (
                <th key={run.run} scope="col" class="run-name">
                  <span>
                    {run.href === undefined ? (
                      shortRunTime(run.run)
                    ) : (
                      <a href={run.href} title={run.run}>
                        {shortRunTime(run.run)}
                      </a>
                    )}
                  </span>
                </th>
              ))}
            </tr>
          </thead>
          {[...Map.groupBy(shown, cell => cell.scenario)].map(([scenario, cells]) => (
            <tbody key={scenario}>
              <tr>
                <th scope="rowgroup" colSpan={data.runs.length + 4} class="group">
                  {scenario} <span class="muted">{data.systems[cells[0]?.system ?? '']?.label}</span>
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
      <Legend />
    </>
  )
}

/** Whether the cell has every word of the search. */
function matches(cell: CellFacts, last: Point, search: string): boolean {
  const texts = [
    cell.id,
    ...Object.entries(cell.settings).map(([name, value]) => `${name}=${settingValue(value)}`),
    faultsText(cell.faults),
    ...(last === undefined ? [] : [kindWords[kindOf(last)].name, resultOf(last).headline, resultOf(last).line]),
  ]
  return hasEveryWord(texts.join('\n').toLowerCase(), search)
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
        <a href={`#/trend/${encodeURIComponent(cell.id)}`}>{settingsText(cell, varied) || cell.scenario}</a>
      </th>
      <td class="right">{last ? resultOf(last).headline : '–'}</td>
      <td class="right">{duration(median(outages))}</td>
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
  const text = `${kindWords[kind].name}: ${resultOf(point).line}`
  const mark = <Icon kind={kind} />
  return href === undefined ? (
    <span class={`mark ${kind}`} role="img" aria-label={text} title={text}>
      {mark}
    </span>
  ) : (
    <a class={`mark ${kind}`} href={`${href}#/cell/${encodeURIComponent(id)}`} aria-label={text} title={text}>
      {mark}
    </a>
  )
}

/** The longest outage of each run as a small line. The page of the cell has the figures. */
function Spark({ values }: { values: (number | undefined)[] }) {
  const known = values.flatMap((value, at) => (value === undefined ? [] : [{ at, value }]))
  if (known.length < 2) return null
  const [width, height] = [90, 20]
  const most = Math.max(1, ...known.map(({ value }) => value))
  const points = known.map(
    ({ at, value }) =>
      `${(2 + (at / Math.max(1, values.length - 1)) * (width - 4)).toFixed(1)},${(height - 2 - (value / most) * (height - 4)).toFixed(1)}`,
  )
  const firstAndLast = `first run ${duration(known[0]?.value)}, last run ${duration(known.at(-1)?.value)}`
  const label = `longest outage: ${firstAndLast}, at most ${duration(most)}`
  return (
    <svg class="spark" width={width} height={height} role="img" aria-label={label}>
      <polyline points={points.join(' ')} />
    </svg>
  )
}
