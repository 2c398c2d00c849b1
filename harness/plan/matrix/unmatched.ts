/** Why no cell has the settings that somebody asked for. */
import { nearest } from '../../../model/nearest.ts'
import type { Settings } from '../../../model/settings.ts'
import { findSetting, valueText } from './matrix.ts'

/** A hint: the nearest setting for an unknown one, the values that there are for a value that no cell has. */
export function unmatchedHint(wanted: Settings, cells: readonly Settings[]): string {
  for (const [key, value] of Object.entries(wanted)) {
    const having = cells.flatMap(settings => {
      const name = findSetting(settings, key)
      return name === undefined ? [] : [{ name, value: valueText(settings[name]) }]
    })
    const [first] = having
    if (first === undefined) return unknownSetting(key, cells)
    const values = [...new Set(having.map(one => one.value))]
    if (!values.includes(valueText(value))) return `${first.name} has the values ${values.join(', ')}`
  }
  return 'there are cells with each of these settings, but none with all of them'
}

function unknownSetting(key: string, cells: readonly Settings[]): string {
  const names = [...new Set(cells.flatMap(settings => Object.keys(settings)))]
  const short = names.map(name => name.slice(name.indexOf('.') + 1))
  const meant = nearest(key, [...short, ...names])
  if (meant !== undefined) return `no cell has a setting "${key}"; did you mean "${meant}"?`
  const varied = names.filter(name => new Set(cells.map(settings => valueText(settings[name]))).size > 1)
  return `no cell has a setting "${key}"; the cells differ in ${varied.join(', ') || 'no setting'}`
}
