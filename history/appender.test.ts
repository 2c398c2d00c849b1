import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { LaneFile } from './appender.ts'
import type { LaneRecord } from './records.ts'

const acked = (s: number): LaneRecord => ({ op: 'acked', s, p: 0, o: s, t: s })

function opened() {
  const path = join(mkdtempSync(join(tmpdir(), 'lossproof-appender-')), 'producer-1.jsonl')
  const file = new LaneFile(path, { lane: 'a', role: 'producer', process: 'producer-1', client: 'kafkajs' })
  const numbers = () =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map(line => (JSON.parse(line) as { s: number }).s)
  return { file, numbers }
}

test('a record is in the file when append returns', () => {
  const { file, numbers } = opened()
  file.append(acked(1), acked(2))
  expect(numbers()).toEqual([1, 2])
})

test('appendSoon writes after the turn of the event loop, not before', async () => {
  const { file, numbers } = opened()
  file.appendSoon([acked(1)])
  file.appendSoon([acked(2), acked(3)])
  expect(numbers()).toEqual([])
  await turn()
  expect(numbers()).toEqual([1, 2, 3])
})

test('append and close write waiting lines first, so order is kept', async () => {
  const { file, numbers } = opened()
  file.appendSoon([acked(1)])
  file.append(acked(2))
  expect(numbers()).toEqual([1, 2])
  file.appendSoon([acked(3)])
  file.close()
  expect(numbers()).toEqual([1, 2, 3])
  await turn()
  expect(numbers()).toEqual([1, 2, 3])
})
