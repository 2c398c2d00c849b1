import { expect, test } from 'vitest'
import { planOf } from '../harness/testing/report/sample.ts'
import { kafkaPair } from '../harness/testing/report/scenarios.ts'
import { tryId, withTries } from './tries.ts'

const plan = planOf(kafkaPair)
const done = { phases: { boot: 1 } }

test('a run without further tries has its plan as it is', () => {
  expect(withTries({ plan, trials: { pair: done } })).toBe(plan)
})

test('each further try is a trial of its own, with the cells of the first', () => {
  const again = { ...done, again: 'pair' }
  const all = withTries({ plan, trials: { pair: done, 'pair.try-2': again, 'pair.try-3': again } })
  expect(all.trials.map(({ id }) => id)).toEqual(['pair', 'pair.try-2', 'pair.try-3'])
  expect(all.cells.map(({ id, trial }) => `${id} ${trial}`)).toEqual(
    plan.cells.flatMap(({ id }) => [`${id} pair`, `${id} pair.try-2`, `${id} pair.try-3`]),
  )
})

test('the first try has the folder of the trial', () => {
  expect([tryId('t', 1), tryId('t', 2)]).toEqual(['t', 't.try-2'])
})
