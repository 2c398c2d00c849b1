/** Every cell of a run at a glance: system, fault, settings. */
import { useState } from 'preact/hooks'
import { faultWords, kindOf, kinds, kindWords, variedSettings } from '../../page-data/kinds.ts'
import type { Kind } from '../../page-data/kinds.ts'
import type { CellPage, RunPage } from '../../page-data/page-data.ts'
import { plural } from '../format.ts'
import { Tile } from '../parts/tile.tsx'
import { Icon } from '../parts/verdict.tsx'
import { Pivot } from './pivot.tsx'

/** From so many cells on, a scenario's settings become the axes of a table. */
const pivotFrom = 9
const systemNames: Record<string, string> = { kafka: 'Kafka', rocketmq: 'RocketMQ' }

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
            {systemNames[system] ?? system} <span class="muted">{data.versions[system]}</span>
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
  if (verdict === 'violated') return `${plural(bad('violated'), 'cell')} of ${cells.length} violated`
  if (verdict === 'not-shown')
    return `${plural(bad('not-shown'), 'cell')} of ${cells.length} did not show the loss that was expected`
  return `${plural(bad('inconclusive'), 'cell')} of ${cells.length} inconclusive`
}

function Scenario({ data, scenario, cells }: { data: RunPage; scenario: string; cells: CellPage[] }) {
  // Of the whole scenario, so that a filter does not rename its cells.
  const all = data.cells.filter(cell => cell.scenario === scenario)
  const varied = variedSettings(all)
  const faults = data.trials
    .filter(trial => all.some(cell => cell.trial === trial.id))
    .map(trial => faultWords(trial.faults))
  const fault = faults.find(words => words !== '') ?? 'no fault'
  const pivoted = cells.length >= pivotFrom && varied.length >= 2
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
