import { expect, test } from 'vitest'
import { demo, planOf } from '../plan/testing/demo.ts'
import { openTrials, planHash } from './resume.ts'

const plan = planOf(demo)
const [trial] = plan.trials
if (!trial) throw new Error('the demo has a trial')
const file = (trials: Parameters<typeof openTrials>[0]['trials'], of = plan) => ({ plan: of, trials, run: 'r' })

test('only trials without a result are run again', () => {
  expect(openTrials(file({})).map(({ id }) => id)).toEqual([trial.id])
  expect(openTrials(file({ [trial.id]: { phases: {}, plan: planHash(plan, trial) } }))).toEqual([])
  // Written by a version that kept no hash.
  expect(openTrials(file({ [trial.id]: { phases: {} } }))).toEqual([])
})

test('a result of another plan is refused', () => {
  const other = { ...plan, trials: [{ ...trial, tail: trial.tail + 1 }] }
  expect(() => openTrials(file({ [trial.id]: { phases: {}, plan: planHash(plan, trial) } }, other))).toThrow(
    `trial ${trial.id} of r was run with another plan`,
  )
})

test('the hash covers what the cells expect', () => {
  const changed = { ...plan, cells: plan.cells.map(cell => ({ ...cell, expect: [] })) }
  expect(planHash(changed, trial)).not.toBe(planHash(plan, trial))
  expect(planHash(structuredClone(plan), structuredClone(trial))).toBe(planHash(plan, trial))
})
