/** Search over the cells of a run. */
import type { CellPage, RunPage } from '../page-data/page-data.ts'
import { faultsText } from '../words/faults.ts'
import { kindOf, kindWords } from '../words/kinds.ts'
import { explainedRanges } from '../words/ranges.ts'
import { resultOf } from '../words/results.ts'
import { settingValue } from '../words/settings.ts'

export interface SearchIndex {
  /** Whether the cell has every word of the search: in its name, settings, faults, results, causes or reasons. */
  matches: (cell: CellPage, search: string) => boolean
}

export function searchIndex(data: RunPage): SearchIndex {
  const faults = new Map(data.trials.map(trial => [trial.id, faultsText(trial.faults)]))
  const claims = Map.groupBy(
    data.claims.flatMap(({ id, text, cells }) => cells.map(cell => ({ cell, text: `${id} ${text}` }))),
    ({ cell }) => cell,
  )
  const texts = new Map<string, string>()
  const textOf = (cell: CellPage): string => {
    const known = texts.get(cell.id)
    if (known !== undefined) return known
    const text = [
      cell.id,
      data.systems[cell.system]?.label ?? '',
      ...Object.entries(cell.settings).map(([name, value]) => `${name}=${settingValue(value)}`),
      faults.get(cell.trial) ?? '',
      kindWords[kindOf(cell)].name,
      resultOf(cell).headline,
      resultOf(cell).line,
      ...explainedRanges(cell).map(({ cause }) => `${cause.code} ${cause.text}`),
      ...cell.reasons,
      ...(claims.get(cell.id) ?? []).map(claim => claim.text),
    ]
      .join('\n')
      .toLowerCase()
    texts.set(cell.id, text)
    return text
  }
  return { matches: (cell, search) => hasEveryWord(textOf(cell), search) }
}

/** Whether the text, in lower case, has every word of the search. */
export const hasEveryWord = (text: string, search: string): boolean =>
  search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(word))
