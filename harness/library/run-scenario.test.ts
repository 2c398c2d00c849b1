import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runFolder } from '../cli/testing/stored-run.ts'
import { audit, check, LossproofError, plan, runScenario } from './index.ts'
import type { ScenarioInput } from './index.ts'
import { runOf } from './result.ts'

const folder = mkdtempSync(join(tmpdir(), 'lossproof-library-'))
const written = (name: string, text: string): string => {
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

const orders: ScenarioInput = {
  name: 'orders',
  system: 'kafka',
  lanes: { defaults: { client: 'kafkajs' }, matrix: { 'producer.acks': [1, 'all'] } },
}

async function errorOf(work: () => unknown): Promise<LossproofError> {
  try {
    await work()
  } catch (error) {
    if (error instanceof LossproofError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

test('a shipped scenario is planned by its name, with settings and a selection', () => {
  const { cells, seed } = plan(['quick/kafka'], { only: 'acks=1', set: { 'producer.retries': 7 }, seed: 5 })
  expect(cells.map(({ settings }) => settings['producer.retries'])).toEqual([7])
  expect(seed).toBe(5)
})

test('a scenario can be given as data, alone or beside names', () => {
  expect(plan(orders).cells.map(({ id }) => id)).toEqual(['orders/producer.acks=1', 'orders/producer.acks=all'])
  expect(plan(['quick/kafka', orders]).name).toBe('kafka_orders')
})

test('an unknown scenario is an error with a code and a hint', async () => {
  expect(await errorOf(() => plan('quick/kafak'))).toMatchObject({ code: 'usage', hint: 'did you mean "quick/kafka"?' })
})

test('an error in a file names file, line and column; one in data names the key', async () => {
  const file = written('wrong.yaml', 'name: wrong\nsystem: kafka\nlanes:\n  defautls: {}\n')
  const wrong = await errorOf(async () => runScenario(file))
  expect(wrong).toMatchObject({ code: 'scenario', file: expect.stringContaining('wrong.yaml'), line: 4, column: 3 })
  expect(wrong.message).toContain('wrong.yaml:4:3: unknown key "defautls" in lanes')
  const data = await errorOf(() => plan({ ...orders, lanes: { defautls: {} } } as ScenarioInput))
  expect(data.message).toBe('the given scenario: unknown key "defautls" in lanes')
  expect(data.line).toBeUndefined()
})

test('an error in a configuration names file and line', async () => {
  const file = written('broken.json', '{\n  "acks": 1,\n  oops\n}\n')
  expect(await errorOf(async () => audit(file))).toMatchObject({ code: 'usage', file, line: 3 })
})

test('a damaged history names file and line', async () => {
  const run = runFolder()
  const file = join(run, 'trials/t/events.jsonl')
  writeFileSync(file, '{"kind":"leader"}\n')
  expect(await errorOf(async () => check(run))).toMatchObject({ code: 'history', file, line: 1 })
})

test('a folder that is no run is refused', async () => {
  const here = fileURLToPath(new URL('.', import.meta.url))
  expect(await errorOf(async () => check(here))).toMatchObject({ code: 'usage' })
})

test('an aborted signal ends the call before anything starts', async () => {
  const reason = new Error('the test took too long')
  const error = await errorOf(async () => runScenario(orders, { signal: AbortSignal.abort(reason) }))
  expect(error).toMatchObject({ code: 'interrupted', cause: reason, exitCode: 130 })
})

test('a stored run is judged with typed results, and its cells are found by their settings', async () => {
  const run = await check(runFolder())
  expect(run.verdict).toBe('violated')
  const [cell] = run.cells
  if (!cell) throw new Error('a run of one cell')
  expect(cell.counts.lost).toBe(2)
  expect(cell.lost[0]?.cause.code).toBe('truncated-after-election')
  const two = runOf({ ...run, cells: [1, 'all'].map(acks => ({ ...cell, settings: { 'producer.acks': acks } })) }, 'x')
  expect(two.cell('acks=all').settings).toEqual({ 'producer.acks': 'all' })
  expect(two.cell({ 'producer.acks': 1 }).folder).toBe('x')
  expect(() => two.cell('acks=0')).toThrow('no cell of this run has acks=0')
  expect(() => two.cell('')).toThrow('expected settings such as acks=1')
  expect(() => two.cell({})).toThrow('several cells of this run have {}')
})
