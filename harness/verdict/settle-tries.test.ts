import { expect, test } from 'vitest'
import type { CellVerdict, VerdictWord } from '../../model/verdict.ts'
import { sampleRun } from '../testing/report/sample.ts'
import { kafkaPair } from '../testing/report/scenarios.ts'
import { settleTries } from './settle-tries.ts'

const [cell] = sampleRun(kafkaPair).verdict.cells
if (!cell) throw new Error('no cell')

const triesOf = (words: readonly VerdictWord[]) =>
  words.map((verdict, at): CellVerdict => ({
    ...cell,
    trial: `try-${at + 1}`,
    verdict,
    reasons: verdict === 'held' ? [] : [`reason ${at + 1}`],
  })) as [CellVerdict, ...CellVerdict[]]

test.each([
  [['inconclusive', 'held'], 'held', 'try-2'],
  [['inconclusive', 'inconclusive'], 'inconclusive', 'try-1'],
  // Other cells of the same trial can be the reason why it is run again.
  [['held', 'inconclusive'], 'held', 'try-1'],
  [['held', 'held'], 'held', 'try-1'],
  [['violated', 'held'], 'violated', 'try-1'],
  [['inconclusive', 'violated', 'held'], 'violated', 'try-2'],
  [['held', 'violated'], 'violated', 'try-2'],
  [['held', 'not-shown'], 'not-shown', 'try-2'],
  [['not-shown', 'held'], 'not-shown', 'try-1'],
] as const)('of the tries %j the cell is %s, from %s', (words, verdict, trial) => {
  const settled = settleTries(triesOf(words))
  expect(settled).toMatchObject({ verdict, trial })
  expect(settled.tries?.map(one => one.verdict)).toEqual(words)
  expect(settled.tries?.filter(({ counted }) => counted).map(one => one.trial)).toEqual([trial])
})

test('one try is the verdict as it is', () => {
  const [only] = triesOf(['inconclusive'])
  expect(settleTries([only])).toBe(only)
})
