/** Whether every value of the matrix, every excluded point and every --set has an effect. */
import { suggestion } from '../../../model/nearest.ts'
import type { Settings } from '../../../model/settings.ts'
import type { ScenarioSource } from '../scenario/source.ts'
import { ambiguousKey, expandMatrix, findSetting, matches, pointName, valueText } from './matrix.ts'

/** Excluded points count too. */
const mostPoints = 20_000

/** Throws LossproofError('scenario') at the line of a part without effect. */
export function checkMatrix(source: ScenarioSource): void {
  const { matrix = {}, exclude = [], cells } = source.scenario.lanes
  if (cells !== undefined) return checkCells(source, cells)
  for (const [name, values] of Object.entries(matrix)) {
    if (Object.hasOwn(source.overrides, name))
      throw source.settingError(name, 'the matrix of the scenario varies this setting', {
        hint: `choose cells with --only ${name.slice(name.indexOf('.') + 1)}=${valueText(source.overrides[name])}`,
      })
    const twice = values.find((value, at) => values.findIndex(other => valueText(other) === valueText(value)) < at)
    if (twice !== undefined)
      throw source.error(['lanes', 'matrix'], `the matrix has ${name}: ${valueText(twice)} twice`, { key: name })
  }
  refuseTooManyPoints(source, matrix)
  const points = expandMatrix(matrix, [])
  for (const [index, rule] of exclude.entries()) {
    const ambiguous = ambiguousKey(Object.keys(matrix), Object.keys(rule))
    if (ambiguous) throw source.error(['lanes', 'exclude', index], ambiguous.reason, { key: ambiguous.key })
    if (points.some(point => matches(point, rule))) continue
    for (const [key, value] of Object.entries(rule)) {
      if (points.some(point => matches(point, { [key]: value }))) continue
      const known = findSetting(matrix, key)
      const words = known === undefined ? Object.keys(matrix) : (matrix[known] ?? []).map(valueText)
      const word = known === undefined ? key : valueText(value)
      throw source.error(
        ['lanes', 'exclude', index],
        known === undefined ? `the matrix does not vary "${key}"` : `the matrix has no ${key}: ${valueText(value)}`,
        { key, hint: suggestion(word, words, `it has ${words.join(', ')}`) },
      )
    }
  }
}

/** Before the points are made: a few settings with many values each would fill the memory. */
function refuseTooManyPoints(source: ScenarioSource, matrix: Record<string, unknown[]>): void {
  const points = Object.values(matrix).reduce((product, values) => product * values.length, 1)
  if (points > mostPoints)
    throw source.error(['lanes', 'matrix'], `the matrix has ${points} cells; at most ${mostPoints} are supported`, {
      hint: 'give fewer values, or the cells one by one in lanes.cells',
    })
}

function checkCells(source: ScenarioSource, cells: readonly Settings[]): void {
  const { matrix, exclude } = source.scenario.lanes
  const other = matrix === undefined ? exclude && 'exclude' : 'matrix'
  if (other !== undefined)
    throw source.error(['lanes'], `lanes.cells and lanes.${other} exclude each other`, {
      key: other,
      hint: 'give the cells as a matrix, or one by one',
    })
  const seen = new Map<string, number>()
  for (const [index, cell] of cells.entries()) {
    for (const name of Object.keys(cell))
      if (Object.hasOwn(source.overrides, name))
        throw source.settingError(name, 'the cells of the scenario vary this setting', {
          hint: `choose cells with --only ${name.slice(name.indexOf('.') + 1)}=${valueText(cell[name])}`,
        })
    const text = pointName(Object.fromEntries(Object.entries(cell).toSorted(([a], [b]) => a.localeCompare(b))))
    const same = seen.get(text)
    if (same !== undefined)
      throw source.error(['lanes', 'cells', index], `lanes.cells has this cell twice: ${text === '' ? '{}' : text}`)
    seen.set(text, index)
  }
}
