/** Trials that were run again, judged from their stored files. */
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { laneFile, runPaths, trialPaths } from '../../../history/folder.ts'
import { RunFile } from '../../../history/run-file.ts'
import { tryId, withTries } from '../../../history/tries.ts'
import { lane, stored } from '../../testing/literal.ts'
import { planOf } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { runFolder, write } from '../testing/stored-run.ts'
import { reportedRun } from '../reporting/reported-run.ts'
import { checkRunFolder, judgeRunFolder } from './check-folder.ts'
import { judgeTry } from './judge-try.ts'

const second = 't.try-2'

/** A run of two tries. Each lost messages 1 and 2, unless `changed` changes its files. */
function twice(changed: (folder: string) => void): string {
  const folder = runFolder()
  cpSync(trialPaths(folder, 't').folder, trialPaths(folder, second).folder, { recursive: true })
  const file = RunFile.parse(JSON.parse(readFileSync(runPaths(folder).runFile, 'utf8')))
  file.trials[second] = { phases: { boot: 1 }, again: 't' }
  writeFileSync(runPaths(folder).runFile, JSON.stringify(file))
  changed(folder)
  return folder
}

/** The final log of a try was not read to its end. */
const unread = (trial: string) => (folder: string) => {
  rmSync(laneFile(folder, trial, lane, 'reader-1'))
  write(laneFile(folder, trial, lane, 'reader-1'), 'reader', [stored(0, 0)])
}

test('an inconclusive first try gives way to a second one that has a verdict, and both are in verdict.json', async () => {
  const [cell] = (await checkRunFolder(twice(unread('t')))).cells
  expect(cell).toMatchObject({
    verdict: 'violated',
    trial: second,
    counts: { lost: 2 },
    tries: [
      { trial: 't', verdict: 'inconclusive', counted: false },
      { trial: second, verdict: 'violated', counted: true },
    ],
  })
  expect(cell?.tries?.[0]?.reasons.length).toBeGreaterThan(0)
})

test('a second try that is inconclusive does not hide the violation of the first', async () => {
  const verdict = await checkRunFolder(twice(unread(second)))
  expect(verdict).toMatchObject({
    verdict: 'violated',
    cells: [{ verdict: 'violated', trial: 't', counts: { lost: 2 } }],
  })
})

test('in threads the verdict is the same', async () => {
  const folder = twice(unread('t'))
  expect((await judgeRunFolder(folder, { threads: 2 })).verdict).toEqual(await checkRunFolder(folder, 1))
}, 60_000)

test('reports show the history of the try that counts', async () => {
  const folder = twice(unread('t'))
  const verdict = await checkRunFolder(folder)
  const { files, trials, lanes } = reportedRun(folder, verdict)
  expect([...trials.keys()]).toEqual(['t', second])
  expect([...lanes.keys()]).toEqual(verdict.cells.map(({ id }) => id))
  expect(files?.get(verdict.cells[0]?.id ?? '')?.map(({ path }) => path)).toContain(`trials/${second}/events.jsonl`)
})

test('a further try that did not end is no part of the history', async () => {
  const folder = runFolder()
  const before = JSON.stringify(await checkRunFolder(folder))
  mkdirSync(trialPaths(folder, second).folder)
  appendFileSync(trialPaths(folder, second).events, '{"kind":"phase","t":1,"phase":"boot"}\n')
  expect(JSON.stringify(await checkRunFolder(folder))).toBe(before)
})

test('a try is judged by itself while other trials still run', async () => {
  const folder = twice(unread('t'))
  const { plan } = RunFile.parse(JSON.parse(readFileSync(runPaths(folder).runFile, 'utf8')))
  const [trial] = plan.trials
  if (!trial) throw new Error('no trial')
  const words = async (id: string) => (await judgeTry(folder, plan, trial, id)).map(({ verdict }) => verdict)
  expect(await words('t')).toEqual(['inconclusive'])
  expect(await words(second)).toEqual(['violated'])
})

const pair = planOf(kafkaPair)
const done = { phases: { boot: 1 } }

test('a run without further tries has its plan as it is', () => {
  expect(withTries({ plan: pair, trials: { pair: done } })).toBe(pair)
})

test('each further try is a trial of its own, with the cells of the first', () => {
  const again = { ...done, again: 'pair' }
  const all = withTries({ plan: pair, trials: { pair: done, 'pair.try-2': again, 'pair.try-3': again } })
  expect(all.trials.map(({ id }) => id)).toEqual(['pair', 'pair.try-2', 'pair.try-3'])
  expect(all.cells.map(({ id, trial }) => `${id} ${trial}`)).toEqual(
    pair.cells.flatMap(({ id }) => [`${id} pair`, `${id} pair.try-2`, `${id} pair.try-3`]),
  )
})

test('the first try has the folder of the trial', () => {
  expect([tryId('t', 1), tryId('t', 2)]).toEqual(['t', 't.try-2'])
})
