import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { replicasFile, trialPaths } from '../../../history/folder.ts'
import { checkRunFolder } from '../judging/check-folder.ts'
import { readRunFile } from '../judging/run-file.ts'
import { runFolder } from '../testing/stored-run.ts'
import { cellFiles } from './cell-files.ts'
import { removeUnneeded } from './report-run.ts'

/** A run that lost messages, with broker logs. */
function withLogs() {
  const folder = runFolder()
  const { logs } = trialPaths(folder, 't')
  mkdirSync(logs, { recursive: true })
  writeFileSync(join(logs, 'broker-1.log'), 'text')
  return { folder, logs }
}

test('a cell links to its history, the events and the broker logs, and to nothing that is missing', () => {
  const { folder } = withLogs()
  const { cells } = readRunFile(folder).plan
  const [cell] = cells
  if (!cell) throw new Error('no cell')
  expect(existsSync(replicasFile(folder, 't', cell.lane))).toBe(false)
  expect(cellFiles(folder, cells).get(cell.id)).toEqual([
    { name: 'history of the clients', path: `trials/t/lanes/${cell.lane}` },
    { name: 'events of the trial', path: 'trials/t/events.jsonl' },
    { name: 'broker logs', path: 'trials/t/logs' },
  ])
})

test('broker logs stay when messages were lost, also as predicted, and go when all were kept', async () => {
  const { folder, logs } = withLogs()
  const verdict = await checkRunFolder(folder)
  const held = { ...verdict, cells: verdict.cells.map(cell => ({ ...cell, verdict: 'held' as const })) }
  expect(held.cells[0]?.lost).not.toEqual([])
  removeUnneeded(folder, held)
  expect(existsSync(logs)).toBe(true)
  removeUnneeded(folder, { ...held, cells: held.cells.map(cell => ({ ...cell, lost: [] })) })
  expect(existsSync(logs)).toBe(false)
})
