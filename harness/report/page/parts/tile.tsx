import { harmsOf, kindOf, kindWords } from '../../page-data/kinds.ts'
import type { CellPage } from '../../page-data/page-data.ts'
import { number, settingsWords } from '../format.ts'
import { Icon } from './verdict.tsx'
import { Words } from './words.tsx'

export const cellHref = (id: string): string => `#/cell/${encodeURIComponent(id)}`

/** What happened in a few words: `53 lost`. */
export const figure = (cell: Pick<CellPage, 'counts'>): string => harmsOf(cell.counts)[0] ?? '0 lost'

/** The same with how many there were: `53 lost of 713`. */
export const happened = (cell: Pick<CellPage, 'counts'>): string => `${figure(cell)} of ${number(cell.counts.sent)}`

/** A cell in the grid: shape, word, settings, figures, and the way to its story. */
export function Tile({ cell, varied }: { cell: CellPage; varied: readonly string[] }) {
  const kind = kindOf(cell)
  const name = settingsWords(cell, varied)
  return (
    <a class={`tile ${kind}`} href={cellHref(cell.id)} title={happened(cell)}>
      <span class="top">
        <span class="kind">
          <Icon kind={kind} />
          {kindWords[kind].name}
        </span>{' '}
        <span class="figures">{figure(cell)}</span>
      </span>
      {name !== '' && (
        <span class="name">
          <Words text={name} />
        </span>
      )}
    </a>
  )
}

/** The same where there is room for a shape and a number only; the rest is read out. */
export function SmallTile({ cell, varied }: { cell: CellPage; varied: readonly string[] }) {
  const kind = kindOf(cell)
  const { lost, clientLost, skipped } = cell.counts
  const gone = number(lost + clientLost + skipped)
  const figures = happened(cell)
  // Who reads aloud hears the number that stands there, also where something else than a loss is told first.
  const whole = `${kindWords[kind].name}: ${settingsWords(cell, varied)}; ${figures.startsWith(`${gone} `) ? '' : `${gone} lost; `}${figures}`
  return (
    <a class={`tile small ${kind}`} href={cellHref(cell.id)} title={whole} aria-label={whole}>
      <Icon kind={kind} />
      <span class="figures">{gone}</span>
    </a>
  )
}
