/** All cells of a run by system and scenario. */
import { useMemo } from 'preact/hooks'
import { countKinds, kindOf } from '../../words/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { number, plural } from '../../words/numbers.ts'
import { hasCost } from '../../words/results.ts'
import { filterOf, Filters } from '../parts/filters.tsx'
import { Legend } from '../parts/legend.tsx'
import { WhenNear } from '../parts/when-near.tsx'
import { searchIndex } from '../search.ts'
import { Scenario } from './scenario.tsx'

/** Of a larger run, only the scenarios near the screen are drawn. */
const maxDrawnAtOnce = 200
const tileHeightPx = 28

interface Props {
  data: RunPage
  /** Id of a cell that the address names and the run does not have. */
  missing: string | undefined
  query: URLSearchParams
}

export function Matrix({ data, missing, query }: Props) {
  const filter = filterOf(query)
  const index = useMemo(() => searchIndex(data), [data])
  const counts = useMemo(() => countKinds(data.cells), [data])
  const cost = useMemo(() => costSummary(data.cells), [data])
  const all = useMemo(() => Map.groupBy(data.cells, cell => cell.scenario), [data])
  const trials = useMemo(() => new Map(data.trials.map(trial => [trial.id, trial])), [data])
  const shown = data.cells.filter(cell => !filter.hidden.has(kindOf(cell)) && index.matches(cell, filter.text))
  let drawn = 0
  return (
    <>
      <h1 tabIndex={-1}>{headline(data)}</h1>
      {cost !== '' && <p class="lead">{cost}</p>}
      {data.warnings.map(warning => (
        <p class="notice" key={warning}>
          Warning: <bdi>{warning}</bdi>
        </p>
      ))}
      {missing !== undefined && (
        <p class="notice">
          This run has no cell “<bdi>{missing}</bdi>”.
        </p>
      )}
      <Filters
        filter={filter}
        counts={counts}
        shown={shown.length}
        all={data.cells.length}
        searched="scenarios, settings, faults, results and causes"
      />
      {[...Map.groupBy(shown, cell => cell.system)].map(([system, cells]) => (
        <section key={system} aria-labelledby={`system-${system}`}>
          <h2 id={`system-${system}`}>
            {data.systems[system]?.label ?? system} <span class="muted">{data.versions[system]}</span>
          </h2>
          <div class="scenarios">
            {[...Map.groupBy(cells, cell => cell.scenario)].map(([scenario, members]) => {
              drawn += members.length
              return (
                <WhenNear
                  key={scenario}
                  eager={drawn === members.length || drawn <= maxDrawnAtOnce}
                  heightPx={Math.min(members.length, maxDrawnAtOnce) * tileHeightPx}
                >
                  {() => <Scenario scenario={scenario} cells={members} all={all.get(scenario) ?? []} trials={trials} />}
                </WhenNear>
              )
            })}
          </div>
        </section>
      ))}
      <Legend />
    </>
  )
}

function headline({ verdict, cells }: RunPage): string {
  if (cells.length === 0) return 'This run has no cells, so it tested nothing'
  const bad = (word: string) => cells.filter(cell => cell.verdict === word).length
  if (verdict === 'held') return heldHeadline(cells)
  if (verdict === 'violated') return `${bad('violated')} of ${plural(cells.length, 'cell')} violated`
  if (verdict === 'not-shown')
    return `${bad('not-shown')} of ${plural(cells.length, 'cell')} did not show the expected loss`
  return `${bad('inconclusive')} of ${plural(cells.length, 'cell')} inconclusive`
}

/** `76 cells, all as predicted: 47 kept every message, 29 lost some`. */
function heldHeadline(cells: readonly CellPage[]): string {
  const lossy = cells.filter(cell => kindOf(cell) === 'expected-loss').length
  const kept = cells.length - lossy
  if (lossy === 0) return `All ${plural(cells.length, 'cell')} kept every message, as expected`
  return `${plural(cells.length, 'cell')}, all as predicted: ${number(kept)} kept every message, ${number(lossy)} lost some`
}

/** A cell can keep every message and still be of little use. */
function costSummary(cells: readonly CellPage[]): string {
  const costly = cells.filter(hasCost).length
  if (costly === 0) return ''
  const high = cells.filter(cell => kindOf(cell) === 'costly').length
  const costs = 'messages that were refused, stored twice, processed again or never processed, or an outage'
  return `${number(costly)} of ${plural(cells.length, 'cell')} had a cost: ${costs}.${
    high === 0 ? '' : ` For ${number(high)} that kept every message it was high.`
  }`
}
