/** The matchers, used as in a test suite of an application, on stored runs whose verdict is known. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { laneFile, runPaths, trialPaths } from '../../history/folder.ts'
import { LossproofError } from '../../model/errors.ts'
import { runFolder, severalLanes } from '../cli/testing/stored-run.ts'
import { lane } from '../testing/literal.ts'
import { check } from './index.ts'
import './vitest.ts'

/** Messages 1 and 2 of three were acknowledged in the window `cut`, and are lost. */
const lossy = async () => check(runFolder())

/** The same run without its reader: nothing can be said about the final log. */
async function unread() {
  const folder = runFolder()
  rmSync(laneFile(folder, 't', lane, 'reader-1'))
  return check(folder)
}

/** The same run without the evidence of its faults, and with a scenario that expected the loss. */
async function unproved() {
  const folder = runFolder()
  const { events } = trialPaths(folder, 't')
  const lines = readFileSync(events, 'utf8').split('\n')
  writeFileSync(events, lines.filter(line => !line.includes('"kind":"evidence"')).join('\n'))
  return check(folder)
}

function failure(assertion: () => void): string {
  try {
    assertion()
  } catch (error) {
    if (error instanceof LossproofError || !(error instanceof Error)) throw error
    return error.message
  }
  throw new Error('the assertion passed')
}

test('a loss fails toLoseNothing with the autopsy, and passes its opposite', async () => {
  const run = await lossy()
  const text = failure(() => expect(run).toLoseNothing())
  expect(text).toContain('expected nothing to be lost, and 1 of 1 cell lost messages')
  expect(text).toMatch(/lost 2 of 3 acknowledged/)
  expect(text).toMatch(/lost messages 1–2 \(tail\): .+ \[truncated-after-election\]/s)
  expect(text).toContain(`history and reports: ${run.folder}`)
  expect(run).not.toLoseNothing()
})

test('toLose takes a number, a window, a bound and causes', async () => {
  const run = await lossy()
  expect(run).toLose()
  expect(run).toLose({ exactly: 2, cause: 'truncated-after-election' })
  expect(run).toLose({ atLeast: 2 })
  expect(run).not.toLose({ exactly: 1 })
  expect(failure(() => expect(run).toLose({ exactly: 3 }))).toMatch(/expected lost: 3.*happened 2.*truncated/s)
  // Message 0 was acknowledged in the window too, and is stored.
  expect(failure(() => expect(run.cells[0]).toLose({ exactly: 'acked-in(cut)' }))).toContain(
    'acked-in(cut) = 3 (1 of them not)',
  )
  expect(failure(() => expect(run).toLose({ cause: 'disk-wiped' }))).toContain('truncated-after-election')
  expect(failure(() => expect(run).not.toLose({ exactly: 2 }))).toContain('expected another loss than lost: 2')
})

test('an inconclusive run fails every assertion and its opposite, with the reason', async () => {
  const run = await unread()
  expect(run.verdict).toBe('inconclusive')
  for (const assertion of [
    () => expect(run).toLoseNothing(),
    () => expect(run).not.toLoseNothing(),
    () => expect(run).toLose(),
    () => expect(run).not.toLose(),
    () => expect(run).toLose({ exactly: 2 }),
    () => expect(run).not.toLose({ exactly: 2 }),
  ])
    expect(failure(assertion)).toMatch(/not known.*the final log was not read/s)
})

test('a loss that is certain needs no evidence of the fault, an exact loss does', async () => {
  const run = await unproved()
  expect(failure(() => expect(run).toLoseNothing())).toContain('lost 2 of 3 acknowledged')
  expect(run).not.toLoseNothing()
  expect(failure(() => expect(run).toLose({ exactly: 2 }))).toContain('no evidence was read for fault')
  expect(failure(() => expect(run).not.toLose({ exactly: 2 }))).toContain('no evidence was read for fault')
})

test('the history decides, not the result that was passed', async () => {
  const run = await lossy()
  const forged = { ...run, verdict: 'held' as const, cells: run.cells.map(cell => ({ ...cell, lost: [] })) }
  expect(failure(() => expect(forged).toLoseNothing())).toContain('lost 2 of 3 acknowledged')
  rmSync(runPaths(run.folder).runFile)
  expect(() => expect(run).toLoseNothing()).toThrow('is not a run folder')
})

test('wrong use is an error with a hint', async () => {
  const run = await lossy()
  const several = await check(severalLanes(2))
  expect(() => expect(several).toLose()).toThrow('toLose judges one cell, and this run has 2')
  expect(() => expect(run).toLose({ exactly: 'acked-in(cutt)' })).toThrow('has no window "cutt"')
  expect(() => expect(run).toLose({ exactly: 0, cause: 'disk-wiped' })).toThrow('cannot fail')
  expect(() => expect(lossy()).toLoseNothing()).toThrow('await it first')
  expect(() => expect({}).not.toLoseNothing()).toThrow('toLoseNothing judges what runScenario')
})
