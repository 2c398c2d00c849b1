import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LaneFile } from '../history/appender.ts'
import type { LaneRecord } from '../history/records.ts'
import { nextNumber } from './earlier-records.ts'

function folderWith(sends: 'unrecorded' | undefined, ...records: LaneRecord[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'lossproof-earlier-'))
  const header = { lane: 'a', role: 'producer', process: 'producer-1', client: 'x' } as const
  const file = new LaneFile(join(folder, 'producer-1.jsonl'), sends === undefined ? header : { ...header, sends })
  if (records.length > 0) file.append(...records)
  file.close()
  return folder
}

test('a new producer goes on behind the numbers of earlier ones', () => {
  expect(nextNumber('/no/such/folder', 1000)).toBe(0)
  expect(nextNumber(folderWith(undefined, { op: 'sent', s: 4, p: 0, t: 1 }), 1000)).toBe(5)
})

test('it leaves room for messages that an earlier producer sent without a record, also when it left none at all', () => {
  expect(nextNumber(folderWith('unrecorded', { op: 'acked', s: 4, t: 1 }), 1000)).toBe(1005)
  expect(nextNumber(folderWith('unrecorded'), 1000)).toBe(1000)
})
