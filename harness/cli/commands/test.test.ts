import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countTests } from './test.ts'

const file = join(mkdtempSync(join(tmpdir(), 'lossproof-report-')), 'report.json')
const written = (passed: number, failed: number) =>
  writeFileSync(file, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults: [] }))

test.each([
  [5, 0, true, { passed: 5, failed: 0 }],
  [5, 2, false, { passed: 5, failed: 2 }],
  [5, 0, false, { passed: 5, failed: 1 }],
  [0, 0, true, { passed: 0, failed: 1 }],
] as const)('%i passed and %i failed tests, success %j: counted as %j', async (passed, failed, succeeded, expected) => {
  written(passed, failed)
  expect(await countTests(file, succeeded)).toEqual(expected)
})

test('a run that left no report counts as one failure', async () => {
  expect(await countTests(join(file, 'none'), false)).toEqual({ passed: 0, failed: 1 })
  writeFileSync(file, '{')
  expect(await countTests(file, false)).toEqual({ passed: 0, failed: 1 })
})
