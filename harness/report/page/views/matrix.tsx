/** All cells of a run by system and scenario. */
import { useState } from 'preact/hooks'
import { faultsText } from '../../words/faults.ts'
import { kindOf, kinds, kindWords } from '../../words/kinds.ts'
import type { Kind } from '../../words/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { plural } from '../../words/numbers.ts'
import { variedSettings } from '../../words/settings.ts'
import { Tile } from '../parts/tile.tsx'
import { Icon } from '../parts/verdict.tsx'
import { Pivot } from './pivot.tsx'

/** A scenario with this many cells becomes a table whose axes are its settings. */
const minCellsOfPivot = 9

export function Matrix({ data, missing }: { data: RunPage; missing: string | undefined }) {
  const [hidden, setHidden] = useState<ReadonlySet<Kind>>(new Set())
  const [text, setText] = useState('')
  const counts = Map.groupBy(data.cells, kindOf)
  const shown = data.cells.filter(cell => !hidden.has(kindOf(cell)) && matches(cell, text))
  const toggle = (kind: Kind) => {
    const next = new Set(hidden)
    if (!next.delete(kind)) next.add(kind)
    setHidden(next)
  }
  return (
    <>
      <h1 tabIndex={-1}>{headline(data)}</h1>
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
      <dl class="legend">
        {kinds.toReversed().map(kind => (
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

function matches(cell: CellPage, text: string): boolean {
  const words = text.toLowerCase().split(/\s+/)
  const all =
    `${cell.id} ${kindOf(cell)} ${cell.reasons.join(' ')} ${cell.lost.map(({ cause }) => cause.code).join(' ')}`.toLowerCase()
  return words.every(word => all.includes(word))
}

function headline({ verdict, cells }: RunPage): string {
  const bad = (word: string) => cells.filter(cell => cell.verdict === word).length
  if (verdict === 'held') return `All ${plural(cells.length, 'cell')} held`
  if (verdict === 'violated') return `${bad('violated')} of ${plural(cells.length, 'cell')} violated`
  if (verdict === 'not-shown')
    return `${bad('not-shown')} of ${plural(cells.length, 'cell')} did not show the expected loss`
  return `${bad('inconclusive')} of ${plural(cells.length, 'cell')} inconclusive`
}

function Scenario({ data, scenario, cells }: { data: RunPage; scenario: string; cells: CellPage[] }) {
  // Of all cells of the scenario, so that a filter does not change the names of the cells.
  const all = data.cells.filter(cell => cell.scenario === scenario)
  const varied = variedSettings(all)
  const faults = data.trials
    .filter(trial => all.some(cell => cell.trial === trial.id))
    .map(trial => faultsText(trial.faults))
  const fault = faults.find(words => words !== '') ?? 'no fault'
  const pivoted = cells.length >= minCellsOfPivot && varied.length >= 2
  return (
    <section class={pivoted ? 'scenario wide' : 'scenario'} aria-label={scenario}>
      <div class="what">
        <h3>{scenario}</h3>
        <p>{fault}</p>
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
