/** An application in the middle is judged by what it wrote, and what it wrote by the fence behind it. */
import { expect, test } from 'vitest'
import type { TrialEvent } from '../../history/events.ts'
import type { LaneRecord } from '../../history/records.ts'
import type { Application } from '../../model/plan.ts'
import type { Literal } from './literal.ts'
import { acked, check, closed, fence, groupOffset, lane, sent, stored } from './literal.ts'

const app: Application = { out: { name: 'invoices' }, correlate: 'key' }
const out = (s: number, o = s, t = 1000 + s * 10, p = 0): LaneRecord => ({ op: 'came-out', s, p, o, t })
const end = (o: number, p = 0): LaneRecord => ({ op: 'output-end', p, o, t: 9000 })
const passed = (o: number, t: number): LaneRecord => ({ op: 'committed', p: 0, o, t })

/** Messages 0 to 9, sent and acknowledged at 1000 + 10 s, all stored; the group has passed them all at the end. */
const numbers = Array.from({ length: 10 }, (_, s) => s)
const producer = numbers.flatMap(s => [sent(s, 1000 + s * 10), acked(s, 1002 + s * 10, s)])
const reader = [...numbers.map(s => stored(s, s)), ...closed(10)]
const quiet: TrialEvent[] = [
  { kind: 'leader', t: 0, lane, p: 0, leader: 1, epoch: 0 },
  { kind: 'observer', t: 9900, intervalMs: 100, longestGapMs: 100 },
  fence(10),
]
const kill: TrialEvent[] = [
  { kind: 'fault', t: 1060, id: 'crash-app-1', fault: 'crash-app', target: 'app', nodes: ['app-1'] },
  { kind: 'injected', t: 1061, id: 'crash-app-1' },
  { kind: 'evidence', t: 1070, id: 'crash-app-1', complete: true, evidence: {} },
  { kind: 'healed', t: 1200, id: 'crash-app-1' },
]

const judge = (output: LaneRecord[], more: Partial<Literal> & { commits?: LaneRecord[] } = {}) =>
  check({
    app,
    events: quiet,
    observer: [groupOffset(10)],
    ...more,
    files: [producer, more.commits ?? [passed(10, 3000)], output, reader],
  })

const all = [...numbers.map(s => out(s)), end(10)]
const without = (...gone: number[]) => [...numbers.filter(s => !gone.includes(s)).map(s => out(s)), end(10)]

test('every input came out once', () => {
  const { verdict, counts, reasons } = judge(all, { expect: { redelivered: 0, outOfOrder: 0, stalled: 0 } })
  expect([verdict, reasons]).toEqual(['held', []])
  expect(counts).toMatchObject({ stored: 10, processed: 10, redelivered: 0, skipped: 0, outOfOrder: 0, late: 0 })
})

test('an input that never came out, and that the group has passed, is skipped', () => {
  const { verdict, counts } = judge(without(4, 5))
  expect(verdict).toBe('violated')
  expect(counts).toMatchObject({ skipped: 2, processed: 8 })
})

test('an input that the group has not passed has stalled', () => {
  const { verdict, counts, reasons } = judge(without(8, 9), { observer: [groupOffset(8)] })
  expect(counts).toMatchObject({ skipped: 0, stalled: 2 })
  expect([verdict, reasons]).toEqual(['inconclusive', [expect.stringContaining('2 stored messages were neither')]])
})

test('an input that came out twice is redelivered, and its copy is not out of order', () => {
  const twice = [...numbers.map(s => out(s)), out(3, 10, 2000), end(11)]
  const { verdict, counts } = judge(twice, { expect: { redelivered: 0, outOfOrder: 0 } })
  expect(verdict).toBe('violated')
  expect(counts).toMatchObject({ redelivered: 1, outOfOrder: 0, effects: 11 })
})

test('an input behind a later one of its partition is out of order, in one partition of the output', () => {
  const swapped = [...numbers.map(s => out(s, s === 2 ? 3 : s === 3 ? 2 : s)), end(10)]
  expect(judge(swapped, { expect: { outOfOrder: 0 } }).counts.outOfOrder).toBe(1)
  // The file is in the order of time, and the log in that of offsets.
  expect(judge([...numbers.toReversed().map(s => out(s, s, 1000)), end(10)]).counts.outOfOrder).toBe(0)
})

test('an input is late by the time from its acknowledgement', () => {
  const late = [...numbers.map(s => out(s, s, s === 6 ? 1062 + 501 : 1062 + 500)), end(10)]
  const withLimit = { app: { ...app, withinMs: 500 } }
  const { verdict, counts } = judge(late, { ...withLimit, expect: { late: 0 } })
  expect([verdict, counts.late]).toEqual(['violated', 4 + 3])
  expect(judge(all, { ...withLimit, expect: { late: 0 } }).verdict).toBe('held')
})

test('an output that was not read to its end is inconclusive, and what was seen twice is certain', () => {
  const unread = judge(without(4).slice(0, -1))
  expect(unread).toMatchObject({ verdict: 'inconclusive', counts: { skipped: 0 } })
  expect(unread.reasons).toContainEqual('partition 0 of the output was not read to its end')
  const twice = judge([...numbers.map(s => out(s)), out(0, 10)], { expect: { redelivered: 0 } })
  expect(twice).toMatchObject({ verdict: 'violated', counts: { redelivered: 1 } })
})

test('an application that was at work when the harness ended it has skipped nothing', () => {
  const seen = '9 of 10 came out'
  const expired: TrialEvent = { kind: 'wait-expired', t: 8000, lane, what: 'consumers drained', limitMs: 120_000, seen }
  const { verdict, counts, reasons } = judge(without(9), { events: [...quiet, expired] })
  expect([verdict, counts.skipped]).toEqual(['inconclusive', 0])
  expect(reasons).toContainEqual(
    `the application may have been at work when it was ended: waited 120 s for: consumers drained; last seen: ${seen}`,
  )
})

test('without the file of the output nothing is skipped', () => {
  const { verdict, counts, reasons } = check({
    app,
    events: quiet,
    observer: [groupOffset(10)],
    files: [producer, [passed(10, 3000)], reader],
  })
  expect([verdict, counts.skipped]).toEqual(['inconclusive', 0])
  expect(reasons).toContainEqual('partition 0 of the output was not read to its end')
})

test('an output without any record says nothing about single inputs', () => {
  const { verdict, counts, reasons } = judge([end(0)])
  expect([verdict, counts.skipped]).toEqual(['inconclusive', 0])
  expect(reasons).toContainEqual('nothing came out: the output topic holds no record')
})

test('an output that names no input may be that of one that is missing', () => {
  const nameless: LaneRecord = { op: 'came-out', p: 0, o: 4, t: 1000, c: 'uncorrelated' }
  const shown: TrialEvent = {
    kind: 'unnamed-output',
    t: 9000,
    lane,
    p: 0,
    o: 4,
    seen: 'key none, value "x", headers none',
  }
  const found = judge([nameless, ...without(4)], { events: [...quiet, shown] })
  expect(found).toMatchObject({ verdict: 'inconclusive', counts: { skipped: 0 } })
  expect(found.reasons).toContainEqual(
    '1 of 10 records of the output name no input in the key; the first of them: partition 0, offset 4: key none, value "x", headers none',
  )
  expect(judge([nameless, end(5)]).reasons).toContainEqual(
    'none of the 1 record of the output names an input in the key',
  )
})

test('an output of another run is no output of this one', () => {
  const foreign: LaneRecord = { op: 'came-out', p: 0, o: 4, t: 1000, c: 'foreign' }
  const found = judge([foreign, ...without(4)])
  expect(found).toMatchObject({ verdict: 'inconclusive', counts: { processed: 9, skipped: 0 } })
  expect(found.reasons).toContainEqual(
    '1 of 10 records of the output name an input of another lane or of another trial in the key',
  )
})

test('an output that names an input that nobody sent is a phantom', () => {
  expect(judge([...all.slice(0, -1), out(77, 10), end(11)])).toMatchObject({
    verdict: 'violated',
    counts: { phantom: 1 },
  })
})

test('after the end of the output nothing may follow', () => {
  expect(() => judge([end(0), out(0)])).toThrow('after its end')
  expect(() => judge([...all, end(10)])).toThrow('a second end of partition 0 of the output')
})

test('a message that was passed before the application died, and then never came out, was committed before the work', () => {
  const { skipped, verdict } = judge(
    [...numbers.filter(s => s < 4 || s > 6).map(s => out(s, s, s < 4 ? 1040 : 8000)), end(7)],
    {
      events: [...quiet, ...kill],
      commits: [passed(4, 1030), passed(7, 1055), passed(10, 3000)],
      expect: { skipped: 3, cause: 'committed-before-processing' },
    },
  )
  expect(verdict).toBe('held')
  expect(skipped).toMatchObject([{ from: 4, to: 6, count: 3, cause: { code: 'committed-before-processing' } }])
  expect(skipped[0]?.cause.text).toMatch(
    /last seen in the log; the application's group was behind them at 1\.1 s, and the application was gone at 1\.1 s/,
  )
})

test('a message that the living application passed by was dropped', () => {
  const { skipped } = judge(without(4))
  expect(skipped).toMatchObject([{ from: 4, to: 4, cause: { code: 'dropped-by-application' } }])
})

test('what was in the output and is not any more was last seen there', () => {
  const seen: LaneRecord[] = [{ op: 'seen-out', s: 4, p: 0, o: 44, t: 1500 }]
  const { skipped } = check({
    app,
    events: quiet,
    observer: [groupOffset(10)],
    files: [producer, [passed(10, 3000)], seen, without(4), reader],
  })
  expect(skipped).toMatchObject([{ count: 1, cause: { code: 'output-vanished' } }])
  expect(skipped[0]?.cause.text).toContain('last seen in the output, at offset 44 of its partition 0')
})

const died: TrialEvent = { kind: 'client-died', t: 1050, lane, process: 'app-1', how: 'exit code 1' }

test.each([
  ['later messages had come out before it died', without(4), kill, [passed(10, 1059)]],
  ['no look saw when the group passed it', without(4), [], [passed(3, 1000)]],
  ['a fault hit brokers too', without(4), [{ ...kill[0], id: 'x', fault: 'crash', target: 'leader' }], undefined],
  ['a fault hit the links of the application', without(4), [{ ...kill[0], id: 'x', fault: 'cut' }], undefined],
  ['the application ended by itself', without(4), [died], undefined],
  ['the end of the application is not proved', without(4), kill.slice(0, 1), undefined],
  ['it was the last of its partition', without(9), [], undefined],
])('the cause is not established where %s', (_, output, events, commits) => {
  const { skipped } = judge(output, {
    events: [...quiet, ...(events as TrialEvent[])],
    ...(commits === undefined ? {} : { commits }),
  })
  expect(skipped.map(({ cause }) => cause.code)).toEqual(['not-established'])
})
