/** Lanes that are valid and made to exhaust the checker: it refuses them, or judges them in bounded time and memory. */
import { expect, test } from 'vitest'
import type { LaneHeader, LaneRecord } from '../../history/records.ts'
import { LaneCheck } from './lane.ts'

const header = (role: LaneHeader['role'], process: string): LaneHeader => ({ lane: 'a', role, process, client: 'test' })
const bare = { partitions: undefined, fences: undefined, epochs: undefined }

/** Adds records until one is refused. Returns why, with the number of records before it. */
function refusal(role: LaneHeader['role'], records: Iterable<LaneRecord>): { reason: string; at: number } | undefined {
  const lane = new LaneCheck()
  lane.begin(header(role, 'p-1'))
  let at = 0
  for (const record of records) {
    const reason = lane.add(record)
    if (reason !== undefined) return { reason, at }
    at += 1
  }
  return undefined
}

function* partitions(): Generator<LaneRecord> {
  for (let p = 0; p < 300_000; p++) yield { op: 'end', p, o: 0, t: 1 }
}

test('a reader that names hundreds of thousands of partitions is refused before it fills the memory', () => {
  expect(refusal('reader', partitions())).toEqual({
    reason: 'the records of a lane name more than 100000 partitions',
    at: 100_000,
  })
})

test('a hundred thousand attempts of one message are judged in seconds, each with its own answer', () => {
  const count = 100_000
  const lane = new LaneCheck()
  lane.begin(header('producer', 'producer-1'))
  const began = performance.now()
  for (let n = 1; n <= count; n++) lane.add({ op: 'sent', s: 0, p: 0, t: n, n })
  for (let n = count; n >= 1; n--) {
    const t = 2 * count - n
    lane.add(n === 7 ? { op: 'acked', s: 0, p: 0, o: 0, t, n } : { op: 'unknown', s: 0, t, n, c: 'TIMEOUT' })
  }
  lane.begin(header('reader', 'reader-1'))
  lane.add({ op: 'stored', s: 0, p: 0, o: 0, t: 2 * count })
  lane.add({ op: 'end', p: 0, o: 1, t: 2 * count })
  expect(lane.finish(bare)).toMatchObject({ complete: true, counts: { sent: 1, acked: 1, stored: 1 } })
  expect(performance.now() - began).toBeLessThan(15_000)
}, 60_000)

test('many producer files beside many messages cost no more than their records', () => {
  const lane = new LaneCheck()
  const began = performance.now()
  for (let file = 0; file < 3000; file++) {
    lane.begin(header('producer', `producer-${file}`))
    for (let k = 0; k < 100; k++) lane.add({ op: 'sent', s: file * 100 + k, p: 0, t: k })
  }
  expect(lane.finish(bare).counts).toMatchObject({ sent: 300_000, unknown: 300_000 })
  expect(performance.now() - began).toBeLessThan(15_000)
}, 60_000)
