import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { RunVerdict } from '../../../model/verdict.ts'
import { laneFile, laneFolder, runPaths, trialPaths } from '../../../history/folder.ts'
import { eventsOf, laneFiles, planOf, sampleRun } from '../../testing/report/sample.ts'
import type { Sample } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { checkRunFolder } from '../judging/check-folder.ts'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const base = mkdtempSync(join(tmpdir(), 'lossproof-reports-'))
const lossproof = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, ...args],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )
  return { code: status, stdout, stderr }
}
const lines = (records: readonly unknown[]) => records.map(record => `${JSON.stringify(record)}\n`).join('')

/** A run's folder with a history, as `run` leaves it. */
async function written(
  name: string,
  {
    fate = () => ({ acked: true, stored: true }),
    only = () => true,
  }: { fate?: NonNullable<Sample['fate']>; only?: (id: string) => boolean } = {},
): Promise<string> {
  const folder = join(base, name)
  const whole = planOf(kafkaPair)
  const cells = whole.cells.filter(({ id }) => only(id)).map(cell => ({ ...cell, expect: [] }))
  const trials = whole.trials.map(trial => ({ ...trial, lanes: trial.lanes.filter(({ cell }) => only(cell)) }))
  const plan = {
    ...whole,
    cells,
    trials,
    claims: whole.claims.map(claim => ({ ...claim, cells: claim.cells.filter(only) })),
  }
  for (const trial of plan.trials) {
    const stored = (lane: string) =>
      laneFiles({ ...cells.find(cell => cell.lane === lane)! }, 200, fate)[1]!.records.length - 2
    mkdirSync(trialPaths(folder, trial.id).folder, { recursive: true })
    writeFileSync(trialPaths(folder, trial.id).events, lines(eventsOf(trial, 200, stored)))
    for (const cell of cells) {
      mkdirSync(laneFolder(folder, trial.id, cell.lane), { recursive: true })
      for (const { header, records } of laneFiles(cell, 200, fate))
        writeFileSync(laneFile(folder, trial.id, cell.lane, header.process), lines([header, ...records]))
    }
  }
  writeFileSync(
    runPaths(folder).runFile,
    JSON.stringify({
      schema: 1,
      run: name,
      seed: 1,
      plan,
      versions: { kafka: '4.3.1' },
      images: {},
      capabilities: {},
      trials: {},
    }),
  )
  writeFileSync(runPaths(folder).verdict, JSON.stringify(await checkRunFolder(folder)))
  return folder
}

const lossOf =
  (acks: unknown): NonNullable<Sample['fate']> =>
  (cell, s) => ({ acked: true, stored: cell.settings['producer.acks'] !== acks || s < 101 || s > 140 })
const clean = await written('20260101-000000-clean-1')
const one = await written('20260102-000000-one-1', { fate: lossOf(1) })
const other = await written('20260103-000000-other-1', { fate: lossOf('all') })

describe('report', () => {
  test('writes every report of a run, its page with the fate of every message', () => {
    const { code, stdout } = lossproof('report', one)
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${runPaths(one).report}\n` })
    const html = readFileSync(runPaths(one).report, 'utf8')
    expect(html).toContain('"runs":"s101l40s59"')
    for (const file of ['summary.md', 'junit.xml', 'metrics.prom', 'benchmark.json'])
      expect(existsSync(join(one, file)), file).toBe(true)
  })

  test('a verdict without its history is reported too', () => {
    const folder = join(base, 'alone')
    mkdirSync(folder)
    writeFileSync(runPaths(folder).verdict, JSON.stringify(sampleRun(kafkaPair).verdict))
    expect(lossproof('report', folder).code).toBe(0)
    expect(readFileSync(runPaths(folder).report, 'utf8')).not.toContain('"timeline"')
  })

  test('several runs make a dashboard that links to their pages; a folder that is no run is named', () => {
    const { code, stdout, stderr } = lossproof('report', clean, one, base)
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${join(base, 'dashboard.html')}\n` })
    expect(stderr).toContain(`${base}: left out`)
    expect(readFileSync(join(base, 'dashboard.html'), 'utf8')).toContain('"href":"20260102-000000-one-1/report.html"')
  })

  test('shards become one run with the stories of all, whichever comes first and however often', async () => {
    const first = await written('shard-1', { only: id => id.endsWith('acks=1'), fate: lossOf(1) })
    const second = await written('shard-2', { only: id => id.endsWith('acks=all') })
    const merged = join(base, 'merged')
    expect(lossproof('report', '--merge', merged, first, second).code).toBe(0)
    expect(RunVerdict.parse(JSON.parse(readFileSync(runPaths(merged).verdict, 'utf8')))).toMatchObject({
      run: 'merged',
      verdict: 'violated',
      cells: [{}, {}],
    })
    const html = readFileSync(runPaths(merged).report, 'utf8')
    expect(html.match(/"timeline"/g)).toHaveLength(2)
    for (const [file, text] of [
      ['report.html', html],
      ['junit.xml', readFileSync(runPaths(merged).junit, 'utf8')],
      ['summary.md', readFileSync(runPaths(merged).summary, 'utf8')],
    ] as const)
      expect(text, file).toContain('./lossproof replay results/shard-1')
    const verdict = readFileSync(runPaths(merged).verdict, 'utf8')
    expect(lossproof('report', '--merge', merged, second, first, second).code).toBe(0)
    expect(readFileSync(runPaths(merged).verdict, 'utf8')).toBe(verdict)
  })

  test('an error about bad input says what to do', () => {
    expect(lossproof('report', join(base, 'nowhere'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nowhere does not exist'),
    })
    expect(lossproof('report', clean, '--baseline', join(base, 'none.json'))).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/the baseline .* does not exist/),
    })
  })
})

describe('compare', () => {
  test('ends with 99 for a new violation, whatever else was fixed, and tells both', () => {
    const { code, stdout } = lossproof('compare', one, other)
    expect(stdout).toMatch(/acks=all .*newly violated/)
    expect(stdout).toMatch(/acks=1 .*fixed/)
    expect(code).toBe(99)
    expect(lossproof('compare', one, clean).code).toBe(0)
    expect(lossproof('compare', one, one)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('known violation'),
    })
  })

  test('a baseline that is kept: what it lists passes, new violations fail, fixed ones are told', () => {
    const file = join(base, 'baseline.json')
    expect(lossproof('compare', file, one, '--update')).toMatchObject({
      code: 0,
      stdout: `${file}: 1 known violation\n`,
    })
    expect(lossproof('compare', file, one)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('known violation'),
    })
    expect(lossproof('compare', file, clean)).toMatchObject({ code: 0, stdout: expect.stringContaining('fixed') })
    const worse = lossproof('compare', file, other, '--markdown')
    expect(worse.code).toBe(99)
    expect(worse.stdout).toContain('| ❌ newly violated | pair/producer.acks=all |')
    lossproof('report', one, '--baseline', file)
    expect(readFileSync(runPaths(one).junit, 'utf8')).toContain('failures="0"')
    expect(readFileSync(runPaths(one).summary, 'utf8')).toContain('(known)')
  })

  test('a file that is neither a baseline nor a verdict is refused', () => {
    const file = join(base, 'strange.json')
    writeFileSync(file, '{"schema":1,"violations":[{"cell":1}]}')
    expect(lossproof('compare', file, one).code).toBe(2)
  })
})
