import { expect, test } from 'vitest'
import { LossproofError } from '../../model/errors.ts'
import { planOf } from '../testing/report/sample.ts'
import { kafka64, kafkaPair } from '../testing/report/scenarios.ts'
import { chooseCells } from './choose-cells.ts'

const pair = planOf(kafkaPair)

test('a cell is chosen by its id, with its lane alone in trial, schedule and claim', () => {
  const plan = chooseCells(pair, 'pair/producer.acks=all')
  expect(plan.cells.map(({ id }) => id)).toEqual(['pair/producer.acks=all'])
  expect(plan.trials.map(({ lanes }) => lanes.map(({ cell }) => cell))).toEqual([['pair/producer.acks=all']])
  expect(plan.claims.map(({ cells }) => cells)).toEqual([['pair/producer.acks=all']])
  const lane = plan.cells[0]?.lane
  for (const { after } of plan.trials[0]?.schedule ?? []) expect(after.lanes).toEqual([lane])
  expect(plan.seed).toBe(pair.seed)
})

test('cells are chosen by settings', () => {
  const plan = chooseCells(planOf(kafka64), 'acks=1,replication.factor=2')
  expect(plan.cells).toHaveLength(16)
  expect(plan.cells.every(({ settings }) => settings['producer.acks'] === 1)).toBe(true)
})

test('a lane that a step waits for stays, with its cell', () => {
  const [trial] = pair.trials
  const [one, all] = pair.cells
  if (!trial || !one || !all) throw new Error('no sample')
  const schedule = trial.schedule.map(step => ({ ...step, after: { ...step.after, lanes: [one.lane] } }))
  const plan = chooseCells({ ...pair, trials: [{ ...trial, schedule }] }, all.id)
  expect(plan.cells.map(({ id }) => id)).toEqual([one.id, all.id])
  expect(plan.trials[0]?.schedule).toEqual(schedule)
})

test('an unknown cell is refused with the nearest one', () => {
  const refused = () => chooseCells(pair, 'pair/producer.acks=al')
  expect(refused).toThrow('--only pair/producer.acks=al: the run has no such cell')
  try {
    refused()
  } catch (error) {
    expect(error instanceof LossproofError && error.hint).toBe('did you mean "pair/producer.acks=all"?')
  }
})
