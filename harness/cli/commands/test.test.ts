import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { countTests } from './test.ts'

const file = join(mkdtempSync(join(tmpdir(), 'lossproof-report-')), 'report.json')
const written = (passed: number, failed: number, testResults: readonly object[] = []) =>
  writeFileSync(file, JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults }))

test.each([
  [5, 0, true, { passed: 5, failed: 0, failures: [] }],
  [5, 2, false, { passed: 5, failed: 2, failures: [] }],
  [5, 0, false, { passed: 5, failed: 1, failures: ['unit tests: vitest failed, though no test did'] }],
  [0, 0, true, { passed: 0, failed: 1, failures: ['unit tests: no test ran'] }],
] as const)('%i passed and %i failed tests, success %j: counted as %j', async (passed, failed, succeeded, expected) => {
  written(passed, failed)
  expect(await countTests(file, succeeded, 'unit tests')).toEqual(expected)
})

test('each failure is told with its file, its test and the first lines of its message', async () => {
  const message = ['\u001B[31mexpected 1 to be 2\u001B[39m', ...Array.from({ length: 20 }, (_, at) => `line ${at}`)]
  const assertionResults = [
    { fullName: 'a thing works', status: 'passed', failureMessages: [] },
    { fullName: 'a thing breaks', status: 'failed', failureMessages: [message.join('\n')] },
  ]
  written(1, 1, [
    { name: join(process.cwd(), 'model/a.test.ts'), status: 'failed', assertionResults },
    {
      name: join(process.cwd(), 'model/b.test.ts'),
      status: 'failed',
      message: 'cannot be loaded',
      assertionResults: [],
    },
  ])
  const { failed, failures } = await countTests(file, false, 'unit tests')
  expect(failed).toBe(1)
  expect(failures).toEqual([
    'model/a.test.ts: a thing breaks\n    expected 1 to be 2\n    line 0\n    line 1\n    line 2\n    line 3\n    line 4',
    'model/b.test.ts\n    cannot be loaded',
  ])
})

test('a run that left no report counts as one failure', async () => {
  const missing = await countTests(join(file, 'none'), false, 'unit tests')
  expect(missing).toEqual({
    passed: 0,
    failed: 1,
    failures: [expect.stringContaining('vitest left no readable report')],
  })
  writeFileSync(file, '{')
  expect(await countTests(file, false, 'unit tests')).toMatchObject({ passed: 0, failed: 1 })
})
