import { missingCount } from '../../words/counts.ts'
import { kindOf } from '../../words/kinds.ts'
import { number } from '../../words/numbers.ts'
import { resultOf } from '../../words/results.ts'
import { settingsText } from '../../words/settings.ts'
import type { CellPage } from '../../page-data/page-data.ts'
import { cellHref } from '../route.ts'
import { Icon } from './verdict.tsx'
import { Words } from './words.tsx'

/** A cell of the matrix: whether it kept its messages, whether that was expected, its settings and the cost. */
export function Tile({ cell, varied }: { cell: CellPage; varied: readonly string[] }) {
  const kind = kindOf(cell)
  const name = settingsText(cell, varied)
  const { keptShort, costShort, expected } = resultOf(cell)
  return (
    <a class={`tile ${kind}`} href={cellHref(cell.id)} title={describe(cell, varied)}>
      <span class="top">
        <span class="kind">
          <Icon kind={kind} />
          {keptShort}
        </span>{' '}
        <span class="expected">{expected}</span>
      </span>
      {name !== '' && (
        <span class="name">
          <Words text={name} />
        </span>
      )}
      {costShort !== '' && <span class="cost">cost: {costShort}</span>}
    </a>
  )
}

/** A cell where there is room for an icon and a number only. Its label and tooltip have the rest. */
export function SmallTile({ cell, varied }: { cell: CellPage; varied: readonly string[] }) {
  const kind = kindOf(cell)
  const label = describe(cell, varied)
  return (
    <a class={`tile small ${kind}`} href={cellHref(cell.id)} title={label} aria-label={label}>
      <Icon kind={kind} />
      <span class="figures">{number(missingCount(cell.counts))}</span>
    </a>
  )
}

/** `acks=1: lost 52 of 1,377 acknowledged, as predicted; cost: refused 3 of 1,380 sent`. */
function describe(cell: CellPage, varied: readonly string[]): string {
  return `${settingsText(cell, varied) || cell.scenario}: ${resultOf(cell).line}`
}
