/** All cells of a run by system and scenario. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import { faultsText } from '../../words/faults.ts'
import { kindOf, kinds, kindWords } from '../../words/kinds.ts'
import type { Kind } from '../../words/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { number, plural } from '../../words/numbers.ts'
import { hasCost } from '../../words/results.ts'
import { scenariosAlike } from '../../words/alike.ts'
import { variedSettings } from '../../words/settings.ts'
import { Legend } from '../parts/legend.tsx'
import { Tile } from '../parts/tile.tsx'
import { Icon } from '../parts/verdict.tsx'
import { rememberQuery } from '../route.ts'
import { searchIndex } from '../search.ts'
import { Pivot } from './pivot.tsx'

/** A scenario with this many cells becomes a table whose axes are its settings. */
const minCellsOfPivot = 9

export function Matrix({
  data,
  missing,
  query,
}: {
  data: RunPage
  missing: string | undefined
  query: URLSearchParams
}) {
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(() => hiddenKinds(query))
  const [text, setText] = useState(query.get('find') ?? '')
  useEffect(() => {
    setHidden(hiddenKinds(query))
    setText(query.get('find') ?? '')
  }, [query])
  useEffect(() => rememberQuery({ find: text, hide: [...hidden].join(',') }), [hidden, text])
  const index = useMemo(() => searchIndex(data), [data])
  const counts = Map.groupBy(data.cells, kindOf)
  const cost = costSummary(data.cells)
  const shown = data.cells.filter(cell => !hidden.has(kindOf(cell)) && index.matches(cell, text))
  const toggle = (kind: Kind) => {
    const next = new Set(hidden)
    if (!next.delete(kind)) next.add(kind)
    setHidden(next)
  }
  return (
    <>
      <h1 tabIndex={-1}>{headline(data)}</h1>
      {cost !== '' && <p class="lead">{cost}</p>}
      {data.warnings.map(warning => (
        <p class="notice" key={warning}>
          Warning: {warning}
        </p>
      ))}
      {missing !== undefined && <p class="notice">This run has no cell “{missing}”.</p>}
      <div class="filters" role="group" aria-label="Which cells are shown">
        {kinds.toReversed().map(kind => {
          const count = counts.get(kind)?.length ?? 0
          return (
            <button
              key={kind}
              type="button"
              class={`filter ${kind}`}
              aria-pressed={!hidden.has(kind)}
              disabled={count === 0}
              title={kindWords[kind].means}
              onClick={() => toggle(kind)}
            >
              <Icon kind={kind} />
              <b>{count}</b> {kindWords[kind].name}
            </button>
          )
        })}
        <label>
          Find{' '}
          <input
            type="search"
            value={text}
            placeholder="acks, crash, flush…"
            onInput={event => setText(event.currentTarget.value)}
          />
        </label>
        <span role="status" class="muted">
          {shown.length === data.cells.length
            ? plural(shown.length, 'cell')
            : `${shown.length} of ${plural(data.cells.length, 'cell')}`}
        </span>
      </div>
      {shown.length === 0 && data.cells.length > 0 && (
        <p class="notice">
          No cell matches{text === '' ? ' the filters' : ` “${text}”`}. The search looks at scenarios, settings, faults,
          results and causes.
        </p>
      )}
      {[...Map.groupBy(shown, cell => cell.system)].map(([system, cells]) => (
        <section key={system} aria-labelledby={`system-${system}`}>
          <h2 id={`system-${system}`}>
            {data.systems[system]?.label ?? system} <span class="muted">{data.versions[system]}</span>
          </h2>
          <div class="scenarios">
            {[...Map.groupBy(cells, cell => cell.scenario)].map(([scenario, members]) => (
              <Scenario key={scenario} data={data} scenario={scenario} cells={members} />
            ))}
          </div>
        </section>
      ))}
      <Legend />
    </>
  )
}

const hiddenKinds = (query: URLSearchParams): Set<Kind> => {
  const words = (query.get('hide') ?? '').split(',')
  return new Set(kinds.filter(kind => words.includes(kind)))
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
  const costs = 'messages that were refused, repeated or never processed, or an outage'
  return `${number(costly)} of ${plural(cells.length, 'cell')} had a cost: ${costs}.`
}

function Scenario({ data, scenario, cells }: { data: RunPage; scenario: string; cells: CellPage[] }) {
  // Of all cells of the scenario, so that a filter does not change the names of the cells.
  const all = data.cells.filter(cell => cell.scenario === scenario)
  const varied = variedSettings(all)
  const faults = data.trials
    .filter(trial => all.some(cell => cell.trial === trial.id))
    .map(trial => faultsText(trial.faults))
  const fault = faults.find(words => words !== '') ?? 'no fault'
  const faultsOf = (cell: CellPage) => data.trials.find(({ id }) => id === cell.trial)?.faults ?? []
  const alike = scenariosAlike(all, faultsOf)
  const pivoted = cells.length >= minCellsOfPivot && varied.length >= 2
  return (
    <section class={pivoted ? 'scenario wide' : 'scenario'} aria-label={scenario}>
      <div class="what">
        <h3>{scenario}</h3>
        <p>{fault}</p>
        {alike.map(({ text }) => (
          <p key={text}>{text}</p>
        ))}
      </div>
      {pivoted ? (
        <Pivot scenario={scenario} cells={cells} varied={varied} />
      ) : (
        <ul class="tiles">
          {cells.map(cell => (
            <li key={cell.id}>
              <Tile cell={cell} varied={varied} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
