/** All cells of a run by system and scenario. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { kindOf, kinds, kindWords } from '../../words/kinds.ts'
import type { Kind } from '../../words/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { number, plural } from '../../words/numbers.ts'
import { hasCost } from '../../words/results.ts'
import { Legend } from '../parts/legend.tsx'
import { Icon } from '../parts/verdict.tsx'
import { WhenNear } from '../parts/when-near.tsx'
import { setQuery } from '../route.ts'
import { searchIndex } from '../search.ts'
import { Scenario } from './scenario.tsx'

/** Of a larger run, only the scenarios near the screen are drawn. */
const maxDrawnAtOnce = 200
/** The pause in typing after which the search is carried out. */
const typingMs = 150
const tileHeightPx = 28

interface Props {
  data: RunPage
  /** Id of a cell that the address names and the run does not have. */
  missing: string | undefined
  query: URLSearchParams
}

export function Matrix({ data, missing, query }: Props) {
  const hidden = hiddenKinds(query)
  const text = query.get('find') ?? ''
  const index = useMemo(() => searchIndex(data), [data])
  const counts = useMemo(() => Map.groupBy(data.cells, kindOf), [data])
  const cost = useMemo(() => costSummary(data.cells), [data])
  const all = useMemo(() => Map.groupBy(data.cells, cell => cell.scenario), [data])
  const trials = useMemo(() => new Map(data.trials.map(trial => [trial.id, trial])), [data])
  const shown = data.cells.filter(cell => !hidden.has(kindOf(cell)) && index.matches(cell, text))
  const toggle = (kind: Kind) => {
    const next = new Set(hidden)
    if (!next.delete(kind)) next.add(kind)
    setQuery({ hide: [...next].join(',') }, 'push')
  }
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
              <b>{number(count)}</b> {kindWords[kind].name}
            </button>
          )
        })}
        <Search text={text} />
        <span role="status" class="muted">
          {shown.length === data.cells.length
            ? plural(shown.length, 'cell')
            : `${number(shown.length)} of ${plural(data.cells.length, 'cell')}`}
        </span>
      </div>
      {shown.length === 0 && data.cells.length > 0 && (
        <p class="notice">
          No cell matches
          {text === '' ? (
            ' the filters'
          ) : (
            <>
              {' '}
              “<bdi>{text}</bdi>”
            </>
          )}
          . The search looks at scenarios, settings, faults, results and causes.
        </p>
      )}
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

/** The first letter of a search makes a step for the back button, which leads back to all cells; the others make none. */
function Search({ text }: { text: string }) {
  const [typed, setTyped] = useState(text)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => setTyped(text), [text])
  useEffect(() => () => clearTimeout(timer.current), [])
  const search = (value: string) => {
    setTyped(value)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setQuery({ find: value }, text === '' ? 'push' : 'replace'), typingMs)
  }
  return (
    <label>
      Find{' '}
      <input
        type="search"
        dir="auto"
        value={typed}
        placeholder="acks, crash, flush…"
        onInput={event => search(event.currentTarget.value)}
      />
    </label>
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
  const high = cells.filter(cell => kindOf(cell) === 'costly').length
  const costs = 'messages that were refused, stored twice, processed again or never processed, or an outage'
  return `${number(costly)} of ${plural(cells.length, 'cell')} had a cost: ${costs}.${
    high === 0 ? '' : ` For ${number(high)} that kept every message it was high.`
  }`
}
