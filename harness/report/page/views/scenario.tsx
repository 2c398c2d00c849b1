/** The cells of one scenario: tiles, or a table when there are many. */
import { useState } from 'preact/hooks'
import type { CellPage } from '../../page-data/page-data.ts'
import type { TrialTimeline } from '../../timeline/trial-timeline.ts'
import { scenariosAlike } from '../../words/alike.ts'
import { faultsText } from '../../words/faults.ts'
import { number, plural } from '../../words/numbers.ts'
import { variedSettings } from '../../words/settings.ts'
import { Tile } from '../parts/tile.tsx'
import { Pivot } from './pivot.tsx'

/** A scenario with this many cells becomes a table whose axes are its settings. */
const minCellsOfPivot = 9
/** More cells than this are shown on request only: a browser needs seconds for thousands. */
const maxShown = 300

interface Props {
  scenario: string
  /** The cells that the filters leave. */
  cells: readonly CellPage[]
  /** All cells of the scenario, so that a filter does not change the names of the cells. */
  all: readonly CellPage[]
  trials: ReadonlyMap<string, TrialTimeline>
}

export function Scenario({ scenario, cells, all, trials }: Props) {
  const [everything, setEverything] = useState(false)
  const varied = variedSettings(all)
  const faultsOf = (cell: CellPage) => trials.get(cell.trial)?.faults ?? []
  const fault = faultsText(all.map(faultsOf).find(({ length }) => length > 0) ?? []) || 'no fault'
  const alike = scenariosAlike(all, faultsOf)
  const pivoted = cells.length >= minCellsOfPivot && varied.length >= 2
  const shown = everything ? cells : cells.slice(0, maxShown)
  return (
    <section class={pivoted ? 'scenario wide' : 'scenario'} aria-label={scenario}>
      <div class="what">
        <h3>
          <bdi>{scenario}</bdi>
        </h3>
        <p>
          <bdi>{fault}</bdi>
        </p>
        {alike.map(({ text }) => (
          <p key={text}>{text}</p>
        ))}
      </div>
      {pivoted ? (
        <Pivot scenario={scenario} cells={shown} varied={varied} />
      ) : (
        <ul class="tiles">
          {shown.map(cell => (
            <li key={cell.id}>
              <Tile cell={cell} varied={varied} />
            </li>
          ))}
        </ul>
      )}
      {shown.length < cells.length && (
        <p>
          {number(shown.length)} of {plural(cells.length, 'cell')} are shown.{' '}
          <button type="button" class="more" onClick={() => setEverything(true)}>
            Show all
          </button>
        </p>
      )}
    </section>
  )
}
