/** Settings of cells as people read them. */
import type { SettingValue } from '../../../model/plan.ts'
import type { CellVerdict } from '../../../model/verdict.ts'

type CellWithSettings = Pick<CellVerdict, 'id' | 'settings'>

/** `acks` for `producer.acks`: people know where a setting belongs. */
export const shortSetting = (name: string): string => name.replace(/^[a-z]+\./, '')

/** The value as text. A setting that is absent or null is at the system's default. */
export const settingValue = (value: SettingValue | undefined): string =>
  value === null || value === undefined ? 'default' : String(value)

/** Names of the settings in which the cells of one scenario differ, in the order in which the cell ids list them. */
export function variedSettings(cells: readonly CellWithSettings[]): string[] {
  const names = [...new Set(cells.flatMap(cell => Object.keys(cell.settings)))]
  const varied = names.filter(name => new Set(cells.map(cell => JSON.stringify(cell.settings[name] ?? null))).size > 1)
  const positionInId = (name: string) => {
    const at = cells[0]?.id.indexOf(`${name}=`) ?? -1
    return at < 0 ? Infinity : at
  }
  return varied.toSorted((a, b) => (positionInId(a) === positionInId(b) ? 0 : positionInId(a) - positionInId(b)))
}

/** The varied settings of each scenario, by the scenario's name. */
export function variedByScenario(
  cells: readonly (CellWithSettings & Pick<CellVerdict, 'scenario'>)[],
): Map<string, string[]> {
  return new Map(
    [...Map.groupBy(cells, cell => cell.scenario)].map(([scenario, members]) => [scenario, variedSettings(members)]),
  )
}

/** The named settings of a cell: `acks=1, min.insync.replicas=2`. */
export function settingsText(cell: Pick<CellVerdict, 'settings'>, names: readonly string[]): string {
  return names.map(name => `${shortSetting(name)}=${settingValue(cell.settings[name])}`).join(', ')
}

/** The matrix part of the cell's id with short setting names: `acks=1 min.insync.replicas=2`. */
export function shortCellName(cell: { id: string }): string {
  const slash = cell.id.indexOf('/')
  if (slash < 0) return cell.id
  return cell.id
    .slice(slash + 1)
    .split(',')
    .map(shortSetting)
    .join(' ')
}
