/** For tests: verdicts of runs before and after a change. */
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../../model/verdict.ts'
import { sampleRun } from '../../../testing/report/sample.ts'
import { kafkaPair } from '../../../testing/report/scenarios.ts'
import { assembleRun } from '../../../verdict/judge-trial.ts'

const [model] = sampleRun(kafkaPair).verdict.cells
export const cell = (id: string, verdict: VerdictWord, broken: string[] = []): CellVerdict => {
  if (!model) throw new Error('no sample')
  return {
    ...model,
    id,
    verdict,
    reasons: verdict === 'held' ? [] : [`${id} ${verdict}`],
    expect: [
      ...broken.map(what => ({ what, expected: '0', actual: 5, ok: false })),
      { what: 'x', expected: '0', actual: 0, ok: true },
    ],
  }
}
export const run = (name: string, cells: CellVerdict[]): RunVerdict =>
  assembleRun({ run: name, seed: 1, claims: [] }, cells)

export const before = run('before', [
  cell('old', 'violated', ['lost']),
  cell('same', 'violated', ['lost']),
  cell('fresh', 'held'),
  cell('gone', 'held'),
  cell('plain', 'held'),
  cell('dim', 'held'),
])
export const after = run('after', [
  cell('old', 'held'),
  cell('same', 'violated', ['lost']),
  cell('fresh', 'violated', ['lost']),
  cell('added', 'held'),
  cell('plain', 'held'),
  cell('dim', 'inconclusive'),
])
