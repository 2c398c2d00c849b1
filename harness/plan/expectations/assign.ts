/** Which expectations a cell gets: those of the most specific entry of `expect` whose `when` the cell meets. */
import { vainExpectation } from './can-fail.ts'
import type { ExpectingCell } from './can-fail.ts'
import { parseExpectation } from './parse.ts'
import { LossproofError, messageOf } from '../../../model/errors.ts'
import { suggestion } from '../../../model/nearest.ts'
import type { Expectation, Settings } from '../../../model/plan.ts'
import type { ScenarioPath } from '../../../model/scenario-errors.ts'
import { ambiguousKey, findSetting, matches, pointName, valueText } from '../matrix/matrix.ts'
import { unknownWindow, windowsOf } from '../schedule/windows.ts'
import type { ScenarioSource } from '../scenario/source.ts'

interface Entry {
  index: number
  when: Settings
  expect: Expectation[]
}

/**
 * Parses every entry of `expect`, also those that no cell meets. `cells`: the settings of every cell of the scenario.
 * Returns the expectations of a cell; throws LossproofError('scenario') for a cell for which two entries tie, and for an
 * expectation that cannot fail in the cell.
 */
export function planExpectations(
  source: ScenarioSource,
  cells: Settings[],
): (settings: Settings, cell: ExpectingCell) => Expectation[] {
  const windows = windowsOf(source.scenario)
  const entries = (source.scenario.expect ?? []).map((entry, index): Entry => {
    const { when = {}, ...values } = entry
    refuseUnmet(source, index, when, cells)
    if (Object.keys(values).length === 0)
      throw source.error(['expect', index], 'this entry expects nothing', {
        hint: 'add an expectation, such as lost: 0',
      })
    return {
      index,
      when,
      expect: Object.entries(values).map(([what, raw]) => parse(source, index, what, raw, windows)),
    }
  })
  return (settings, cell) => {
    const entry = mostSpecific(source, entries, settings)
    const vain = entry && vainExpectation(entry.expect, cell)
    if (vain)
      throw source.error(['expect', entry.index], `${vain.what} cannot fail here: ${vain.reason}`, { key: vain.what })
    return entry?.expect ?? []
  }
}

function mostSpecific(source: ScenarioSource, entries: Entry[], settings: Settings): Entry | undefined {
  const met = entries.filter(entry => matches(settings, entry.when))
  const most = Math.max(-1, ...met.map(entry => Object.keys(entry.when).length))
  const [chosen, rival] = met.filter(entry => Object.keys(entry.when).length === most)
  if (chosen && rival)
    throw source.error(
      ['expect', rival.index],
      `expect.${rival.index} and expect.${chosen.index} are equally specific for one cell`,
      { hint: `add a setting to one "when"; the cell is ${JSON.stringify(settings)}` },
    )
  return chosen
}

/** A `when` that no cell meets would silently leave its cells without the expectations that the author meant. */
function refuseUnmet(source: ScenarioSource, index: number, when: Settings, cells: Settings[]): void {
  refuseUnknownSettings(source, index, when, cells)
  if (cells.some(settings => matches(settings, when))) return
  const path = ['expect', index, 'when']
  for (const [key, value] of Object.entries(when)) {
    if (cells.some(settings => matches(settings, { [key]: value }))) continue
    const values = [...new Set(cells.map(settings => valueText(settings[findSetting(settings, key) ?? ''])))]
    throw source.error(path, `no cell has ${key}: ${valueText(value)}`, {
      key,
      hint: suggestion(valueText(value), values, `values of the cells: ${values.join(', ')}`),
    })
  }
  throw source.error(path, `no cell has all of these settings: ${pointName(when)}`, {
    hint: 'each of them occurs, but not together; see lanes.exclude',
  })
}

function refuseUnknownSettings(source: ScenarioSource, index: number, when: Settings, cells: Settings[]): void {
  const known = [...new Set(cells.flatMap(settings => Object.keys(settings)))]
  const ambiguous = ambiguousKey(known, Object.keys(when))
  if (ambiguous) throw source.error(['expect', index, 'when'], ambiguous.reason, { key: ambiguous.key })
  for (const key of Object.keys(when)) {
    if (cells.some(settings => findSetting(settings, key) !== undefined)) continue
    throw source.error(['expect', index, 'when'], `no cell has the setting "${key}"`, {
      key,
      hint: suggestion(key, known, `settings of the cells: ${known.join(', ')}`),
    })
  }
}

function parse(source: ScenarioSource, index: number, what: string, raw: unknown, windows: string[]): Expectation {
  const path: ScenarioPath = ['expect', index]
  const expectation = located(source, path, what, () => parseExpectation(what, raw))
  const { expected } = expectation
  if (expected.kind === 'set' && expected.window !== undefined && !windows.includes(expected.window))
    throw unknownWindow(source, [...path, what], expected.window, windows)
  return expectation
}

/** Adds file and line to an error of the parser. */
function located<T>(source: ScenarioSource, path: ScenarioPath, key: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    const hint = error instanceof LossproofError ? error.hint : undefined
    throw source.error(path, messageOf(error), { key, ...(hint === undefined ? {} : { hint }) })
  }
}
