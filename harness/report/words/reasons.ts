/** Equal texts are printed once, with their number: a fault that fails can make hundreds of cells inconclusive. */
import { number, plural } from './numbers.ts'

/** `the reason`, or `the reason (3 times)`. */
export function countedTexts(texts: readonly string[]): string[] {
  return [...Map.groupBy(texts, text => text)].map(([text, same]) =>
    same.length === 1 ? text : `${text} (${number(same.length)} times)`,
  )
}

export interface CellsWithText<C> {
  cells: C[]
  text: string
}

/** Groups cells by their text, in the order of the first cell of each text. Cells with an empty text are left out. */
export function groupByText<C>(cells: readonly C[], textOf: (cell: C) => string): CellsWithText<C>[] {
  return [...Map.groupBy(cells, textOf)]
    .filter(([text]) => text !== '')
    .map(([text, members]) => ({ cells: members, text }))
}

const maxNames = 3

/** `a/x=1`, or `a/x=1, a/x=2, a/x=3 and 447 more cells`. */
export function cellNames(cells: readonly { id: string }[]): string {
  const names = cells.slice(0, maxNames).map(({ id }) => id)
  const others = cells.length - names.length
  return others === 0 ? names.join(', ') : `${names.join(', ')} and ${plural(others, 'more cell')}`
}
