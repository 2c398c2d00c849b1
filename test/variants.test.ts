import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RunVerdict } from '../harness/check/verdict.ts'
import { folder, lossproof, root } from './support/cli.ts'

test('trials side by side, a dedicated controller, partitions, batches, and windows under load: sets with open edges hold', async () => {
  const results = folder()
  const { code } = await lossproof(['run', join(root, 'test/scenarios/variants.yaml'), '--parallel', '2', '--results', results])
  const verdict = RunVerdict.parse(JSON.parse(readFileSync(join(results, readdirSync(results)[0] ?? '', 'verdict.json'), 'utf8')))
  expect(verdict.cells.map(cell => [cell.trial, cell.verdict, cell.reasons]).toSorted((a, b) => String(a).localeCompare(String(b)))).toEqual([
    ['variants-1', 'held', []],
    ['variants-1', 'held', []],
    ['variants-2', 'held', []],
    ['variants-2', 'held', []],
  ])
  expect(code).toBe(0)
})
