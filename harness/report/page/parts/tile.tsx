import { lostCount, resultTexts, shortestCount } from '../../words/counts.ts'
import { kindOf, kindWords } from '../../words/kinds.ts'
import { number } from '../../words/numbers.ts'
import { settingsText } from '../../words/settings.ts'
import type { CellPage } from '../../page-data/page-data.ts'
import { Icon } from './verdict.tsx'
import { Words } from './words.tsx'

export const cellHref = (id: string): string => `#/cell/${encodeURIComponent(id)}`

/** A cell of the matrix: verdict, settings and the worst count, with a link to the page of the cell. */
export function Tile({ cell, varied }: { cell: CellPage; varied: readonly string[] }) {
  const kind = kindOf(cell)
  const name = settingsText(cell, varied)
  return (
    <a class={`tile ${kind}`} href={cellHref(cell.id)} title={describe(cell, varied)}>
      <span class="top">
        <span class="kind">
          <Icon kind={kind} />
          {kindWords[kind].name}
        </span>{' '}
        <span class="figures">{shortestCount(cell.counts)}</span>
      </span>
      {name !== '' && (
        <span class="name">
          <Words text={name} />
        </span>
      )}
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
      <span class="figures">{number(lostCount(cell.counts) + cell.counts.skipped)}</span>
    </a>
  )
}

/** `held: acks=all; lost 0 of 200 acknowledged; gave up 3 of 203 sent`. */
function describe(cell: CellPage, varied: readonly string[]): string {
  return [`${kindWords[kindOf(cell)].name}: ${settingsText(cell, varied)}`, ...resultTexts(cell.counts)].join('; ')
}
