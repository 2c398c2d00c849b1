/** The first lines of a cell's page: what it kept, why it lost messages, what it cost, and which cell keeps them. */
import type { CellPage } from '../../../page-data/page-data.ts'
import { failureTexts } from '../../../words/counts.ts'
import { costShort, costText, expectedShort, keptText } from '../../../words/results.ts'
import { settingsText } from '../../../words/settings.ts'
import { cellHref } from '../../parts/tile.tsx'
import { Words } from '../../parts/words.tsx'

/** `neighbours`: all cells of the scenario. `varied`: the settings in which they differ. */
export function Answer({
  cell,
  neighbours,
  varied,
}: {
  cell: CellPage
  neighbours: readonly CellPage[]
  varied: readonly string[]
}) {
  const cause = [...cell.lost, ...cell.skipped][0]?.cause
  const safe = failureTexts(cell.counts).length > 0 ? nearestSafe(cell, neighbours, varied) : undefined
  const cost = safe === undefined ? '' : costShort(safe)
  return (
    <>
      {cause !== undefined && <p class="answer">{cause.text}</p>}
      {safe !== undefined && (
        <p class="answer">
          Under the same faults every message was kept with{' '}
          <a href={cellHref(safe.id)}>
            <Words text={differingSettings(safe, cell, varied)} />
          </a>
          {cost === '' ? '' : ` (cost: ${cost})`}.
        </p>
      )}
      <dl class="three">
        <div>
          <dt>kept?</dt>
          <dd>{keptText(cell)}</dd>
        </div>
        <div>
          <dt>cost</dt>
          <dd>{costText(cell) || 'none'}</dd>
        </div>
        <div>
          <dt>expected?</dt>
          <dd class={cell.verdict}>{expectedShort(cell)}</dd>
        </div>
      </dl>
    </>
  )
}

/** The cell with the fewest other settings that kept everything. */
function nearestSafe(cell: CellPage, neighbours: readonly CellPage[], varied: readonly string[]): CellPage | undefined {
  const differences = (other: CellPage) => varied.filter(name => other.settings[name] !== cell.settings[name]).length
  return neighbours
    .filter(({ verdict, counts }) => verdict === 'held' && failureTexts(counts).length === 0)
    .toSorted((a, b) => differences(a) - differences(b))[0]
}

function differingSettings(other: CellPage, cell: CellPage, varied: readonly string[]): string {
  const names = varied.filter(name => other.settings[name] !== cell.settings[name])
  return settingsText(other, names)
}
