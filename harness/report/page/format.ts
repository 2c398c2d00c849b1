/** Values as people read them. */
import { shortSetting, valueWords, variedSettings } from '../page-data/kinds.ts'
import type { CellVerdict } from '../../../model/verdict.ts'

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 100_000 ? 1 : 0)} s`
export const ms = (value: number | undefined | null): string =>
  value === undefined || value === null ? '–' : value < 1000 ? `${Math.round(value)} ms` : seconds(value)
export const number = (value: number): string => value.toLocaleString('en-US')
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`

/** `25 Nov 2026, 23:35` from a run's name; nothing for a name without a time. */
export function runTime(run: string): string {
  const found = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)/.exec(run)
  if (!found) return ''
  const [, year, month, day, hour, minute] = found
  const name =
    ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(month) - 1] ?? month
  return `${Number(day)} ${name} ${year}, ${hour}:${minute}`
}

/** What tells a cell from its neighbours: `acks=1, min.insync.replicas=2`. */
export function settingsWords(cell: Pick<CellVerdict, 'settings'>, names: readonly string[]): string {
  return names.map(name => `${shortSetting(name)}=${valueWords(cell.settings[name])}`).join(', ')
}

/** The varied settings of each scenario. */
export function variedByScenario(
  cells: readonly Pick<CellVerdict, 'id' | 'settings' | 'scenario'>[],
): Map<string, string[]> {
  return new Map(
    [...Map.groupBy(cells, cell => cell.scenario)].map(([scenario, members]) => [scenario, variedSettings(members)]),
  )
}
