import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { acked, closed, failover, fence, lane, planOf, sent, stored } from '../check/literal.ts'
import { LaneFile } from '../history/appender.ts'
import { laneFile, runPaths, trialPaths } from '../history/folder.ts'
import type { LaneRecord } from '../history/records.ts'
import { checkLaneFolder, checkRunFolder } from './check-folder.ts'

const writer = [sent(0, 1100), acked(0, 1110, 0), sent(1, 1200), acked(1, 1210, 1), sent(2, 1300), acked(2, 1310, 2)]
const log = [stored(0, 0), ...closed(1)]

function write(path: string, role: 'producer' | 'reader', records: LaneRecord[], id = lane): void {
  const file = new LaneFile(path, { lane: id, role, process: role, client: 'test' })
  file.append(...records)
  file.close()
}

/** A run of one trial with one lane, that lost messages 1 and 2. */
function runFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-check-'))
  const plan = planOf({ lost: 0 })
  const trial = plan.trials[0]?.id ?? ''
  const run = { schema: 1, run: 'r', seed: 1, plan, versions: {}, images: {}, capabilities: {}, trials: { [trial]: { phases: { boot: 1 } } } }
  writeFileSync(runPaths(folder).runFile, JSON.stringify(run))
  const { events } = trialPaths(folder, trial)
  mkdirSync(dirname(events), { recursive: true })
  writeFileSync(events, [...failover, fence(1)].map(event => `${JSON.stringify(event)}\n`).join(''))
  write(laneFile(folder, trial, lane, 'producer-1'), 'producer', writer)
  write(laneFile(folder, trial, lane, 'reader-1'), 'reader', log)
  return folder
}

test('a stored run is judged from its files alone, to the same bytes each time', () => {
  const folder = runFolder()
  const verdict = checkRunFolder(folder)
  expect(verdict).toMatchObject({ verdict: 'violated', cells: [{ counts: { sent: 3, stored: 1, lost: 2 }, lost: [{ from: 1, to: 2, cause: { code: 'truncated-after-election' } }] }] })
  expect(JSON.stringify(checkRunFolder(folder))).toBe(JSON.stringify(verdict))
})

test('a lane that no cell knows is refused', () => {
  const folder = runFolder()
  write(laneFile(folder, 't', 'stranger', 'producer-1'), 'producer', writer, 'stranger')
  expect(() => checkRunFolder(folder)).toThrow(/stranger: a lane that no cell of the plan knows/)
})

test('a file of another lane is refused', () => {
  const folder = runFolder()
  write(laneFile(folder, 't', lane, 'producer-2'), 'producer', [], 'b')
  expect(() => checkRunFolder(folder)).toThrow(/producer-2\.jsonl:1: lane "b" in the folder of lane "a"/)
})

test('a trial that left no events has said nothing', () => {
  const folder = runFolder()
  writeFileSync(trialPaths(folder, 't').events, '')
  expect(checkRunFolder(folder)).toMatchObject({ verdict: 'inconclusive', cells: [{ counts: { lost: 0, unaccounted: 2 } }] })
})

test('a bare folder of lane files, whoever wrote them, is complete when every partition ends', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-lane-'))
  write(join(folder, 'p.jsonl'), 'producer', writer)
  expect(checkLaneFolder(folder)).toMatchObject({ complete: false, counts: { unaccounted: 3, lost: 0 } })
  write(join(folder, 'r.jsonl'), 'reader', log)
  expect(checkLaneFolder(folder)).toMatchObject({ complete: true, counts: { stored: 1, lost: 2, unaccounted: 0 } })
})
