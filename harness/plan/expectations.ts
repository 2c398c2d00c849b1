/** Which expectations a cell gets: the most specific entry of `expect` whose `when` it meets; a tie is an error. */
import { parseExpectation } from './expectation.ts'
import { LossproofError, messageOf } from '../../model/errors.ts'
import { findSetting, matches } from './matrix.ts'
import { nearest } from '../../model/nearest.ts'
import { unknownWindow, windowsOf } from './schedule.ts'
import type { ScenarioSource } from './scenario/source.ts'
import type { Expectation, Settings } from '../../model/plan.ts'

/** Parses every entry once, so that a mistake is told even where no cell meets it. */
export function planExpectations(source: ScenarioSource, cells: Settings[]): (settings: Settings) => Expectation[] {
  const windows = windowsOf(source.scenario)
  const entries = (source.scenario.expect ?? []).map((entry, index) => {
    const { when = {}, ...values } = entry
    const path = ['expect', index]
    for (const key of Object.keys(when)) {
      if (cells.some(settings => findSetting(settings, key) !== undefined)) continue
      const word = nearest(key, new Set(cells.flatMap(settings => Object.keys(settings))))
      throw source.error([...path, 'when'], `no cell has the setting "${key}"`, {
        key,
        ...(word === undefined ? {} : { hint: `did you mean "${word}"?` }),
      })
    }
    const expect = Object.entries(values).map(([what, raw]) => {
      const expectation = parse(source, path, what, raw)
      const { expected } = expectation
      if (expected.kind === 'set' && expected.window !== undefined && !windows.includes(expected.window)) {
        throw unknownWindow(source, [...path, what], expected.window, windows)
      }
      return expectation
    })
    return { index, when, expect }
  })
  return settings => {
    const met = entries.filter(entry => matches(settings, entry.when))
    const most = Math.max(-1, ...met.map(entry => Object.keys(entry.when).length))
    const [chosen, rival] = met.filter(entry => Object.keys(entry.when).length === most)
    if (chosen && rival) {
      throw source.error(
        ['expect', rival.index],
        `this and expect.${chosen.index} are equally specific for the same cell`,
        {
          hint: `make one "when" more specific; the cell is ${JSON.stringify(settings)}`,
        },
      )
    }
    return chosen?.expect ?? []
  }
}

function parse(source: ScenarioSource, path: (string | number)[], what: string, raw: unknown): Expectation {
  try {
    return parseExpectation(what, raw)
  } catch (error) {
    const hint = error instanceof LossproofError ? error.hint : undefined
    throw source.error(path, messageOf(error), { key: what, ...(hint === undefined ? {} : { hint }) })
  }
}
