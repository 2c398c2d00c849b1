import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { laneFile, trialPaths } from '../../../history/folder.ts'
import type { Plan } from '../../../model/plan.ts'
import { lane, planOf } from '../../testing/literal.ts'
import type { RunVerdict } from '../../../model/verdict.ts'
import { refuseWithoutHistory, trialsWithoutHistory } from './missing-history.ts'

/** Two trials of one cell each. */
function twoTrials(): Plan {
  const plan = planOf({ lost: 0 })
  const [cell] = plan.cells
  const [trial] = plan.trials
  if (!cell || !trial) throw new Error('a plan of one cell')
  return {
    ...plan,
    cells: ['t', 'u'].map(id => ({ ...cell, id: `s/${id}`, trial: id })),
    trials: ['t', 'u'].map(id => ({ ...trial, id })),
  }
}

const plan = twoTrials()
const judged = (sent: number) =>
  ({ cells: plan.cells.map(({ id, trial }) => ({ id, trial, counts: { sent } })) }) as unknown as RunVerdict

function folderWith(...trials: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-history-'))
  for (const trial of trials) {
    const file = laneFile(folder, trial, lane, 'producer-1')
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, '')
    writeFileSync(trialPaths(folder, trial).events, '')
  }
  return folder
}

test('nothing is missing where every trial has events and lane files', () => {
  expect(trialsWithoutHistory(folderWith('t', 'u'), plan, judged(5))).toEqual([])
})

test('without any history every trial is missing, whatever was judged before', () => {
  expect(trialsWithoutHistory(folderWith(), plan, undefined)).toEqual(['t', 'u'])
})

test('a trial that never ran is not missing, a trial that was judged before is', () => {
  expect(trialsWithoutHistory(folderWith('t'), plan, undefined)).toEqual([])
  expect(trialsWithoutHistory(folderWith('t'), plan, judged(0))).toEqual([])
  expect(trialsWithoutHistory(folderWith('t'), plan, judged(5))).toEqual(['u'])
})

test('a trial whose lane files are gone is missing, although its events are there', () => {
  const folder = folderWith('t', 'u')
  rmSync(trialPaths(folder, 'u').lanes, { recursive: true })
  expect(trialsWithoutHistory(folder, plan, judged(5))).toEqual(['u'])
})

test('the refusal names the trials and the file that is left unchanged', () => {
  expect(() => refuseWithoutHistory(folderWith('t'), plan, judged(5), 'verdict.json')).toThrow(
    /the history of 1 of 2 trials is missing \(u\), so verdict\.json cannot be computed again and is left unchanged/,
  )
})
