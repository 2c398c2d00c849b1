import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flag, largestNumber, MessageTable } from '../../check/table/table.ts'
import { kafkaConsumers, kafkaPair } from '../../testing/report/scenarios.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import { Line } from '../../../history/line.ts'
import type { LaneRecord } from '../../../history/records.ts'
import { consumerTimeline } from './consumer-timeline.ts'
import type { ReadConsumers } from './consumer-timeline.ts'
import { fateOf, fatesOf } from './fates.ts'
import { parseRuns } from './fate-words.ts'
import { seriesOf } from './series.ts'

/** Messages 0… of which each is stored (by outcome code 0) or lost (1). */
function tableOf(lost: readonly boolean[]): MessageTable {
  const table = new MessageTable()
  lost.forEach((isLost, s) => {
    const row = table.rowOf(s)
    table.sent(row, { p: 0, t: s })
    table.answered(row, flag.acked, { t: s + 1, p: 0, o: s }, -1)
    if (!isLost) table.copied(row)
    table.setOutcome(row, isLost ? 1 : 0)
  })
  return table
}

describe('fates of messages', () => {
  test('become runs of equal letters in the order of the message numbers', () => {
    expect(fatesOf(tableOf([false, false, true, false]), 100)).toEqual({ per: 1, runs: 's2ls' })
  })

  test('mark numbers that were never sent', () => {
    const table = tableOf([false])
    const row = table.rowOf(2)
    table.sent(row, { p: 0, t: 5 })
    table.setOutcome(row, 1)
    expect(fatesOf(table, 100).runs).toBe('snl')
  })

  test('of numbers scattered up to the highest one are made without counting through the gaps', () => {
    const table = new MessageTable()
    for (const s of [5, 2 ** 30, largestNumber]) {
      const row = table.rowOf(s)
      table.sent(row, { p: 0, t: 1 })
      table.answered(row, flag.acked, { t: 2, p: 0, o: s }, -1)
      table.setOutcome(row, s === 5 ? 1 : 0)
      if (s !== 5) table.copied(row)
    }
    const began = performance.now()
    expect(fatesOf(table, 100)).toEqual({ per: 1, runs: `n5ln${2 ** 30 - 6}sn${largestNumber - 2 ** 30 - 1}s` })
    expect(fatesOf(table, 3)).toMatchObject({ runs: expect.stringMatching(/^l/) })
    expect(performance.now() - began).toBeLessThan(5000)
  })

  test('cover every message once, with its own fate', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 200 }), lost => {
        const table = tableOf(lost)
        const runs = parseRuns(fatesOf(table, 1000).runs)
        expect(runs.flatMap(run => Array.from({ length: run.count }, () => run.fate))).toEqual(
          lost.map((_, s) => fateOf(table, s)),
        )
      }),
    )
  })

  test('keep every loss visible when runs are merged', () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 20 }),
        (lost, most) => {
          const { per, runs: text } = fatesOf(tableOf(lost), most)
          const runs = parseRuns(text)
          expect(runs.length).toBeLessThanOrEqual(most)
          const drawn = runs.flatMap(run => Array.from({ length: run.count }, () => run.fate))
          lost.forEach((isLost, s) => {
            if (isLost) expect(drawn[Math.floor(s / per)]).toBe('l')
          })
        },
      ),
    )
  })
})

test('series count every message and every acknowledgement once, for any bucket size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 100 }),
      fc.integer({ min: 100, max: 5_000_000 }),
      (lost, to) => {
        const series = seriesOf(tableOf(lost), { from: 0, to: Math.max(to, 101) })
        const sum = (values: number[] = []) => values.reduce((total, value) => total + value, 0)
        expect(sum(series.lost)).toBe(lost.filter(Boolean).length)
        expect(sum(series.sent)).toBe(lost.length)
        expect(sum(series.acked)).toBe(lost.length)
        expect(series.sent.length).toBeLessThanOrEqual(242)
        expect(series.p50.filter(value => value !== null).every(value => value === 1)).toBe(true)
      },
    ),
  )
})

describe('what consumers did over time', () => {
  const [lane] = [...sampleRun(kafkaConsumers).lanes.values()]
  const consumers = lane?.consumers
  const sum = (values: readonly number[] = []) => values.reduce((total, value) => total + value, 0)

  test('counts every delivery, and each message once as processed', () => {
    expect(sum(consumers?.delivered)).toBe(200)
    expect(sum(consumers?.processed)).toBe(200)
    expect(consumers?.again).toBeUndefined()
    expect(sum(consumers?.committed)).toBe(200)
    expect(consumers?.delivered).toHaveLength(lane?.series.sent.length ?? 0)
  })

  test('tells which process read a partition, and when another took over', () => {
    expect(consumers?.readers).toEqual([
      {
        p: 0,
        spans: [
          { process: 'consumer-1', from: 1020, to: 2010 },
          { process: 'consumer-2', from: 2020, to: 3010 },
        ],
      },
    ])
  })

  test('counts a message as waiting from its acknowledgement until it is processed', () => {
    // One message every 10 ms, each acknowledged after 1 to 7 ms and processed after 30.
    expect(Math.max(...(consumers?.waiting ?? []))).toBeGreaterThanOrEqual(2)
    expect(Math.max(...(consumers?.waiting ?? []))).toBeLessThanOrEqual(3)
    expect(consumers?.waiting?.at(-1)).toBe(0)
  })

  const table = new MessageTable()
  for (const s of [0, 1, 2]) {
    const row = table.rowOf(s)
    table.sent(row, { p: 0, t: 1000 })
    table.answered(row, flag.acked, { t: 1010, p: 0, o: s }, -1)
  }
  const records: LaneRecord[] = [
    { op: 'committed', p: 0, o: 2, t: 1100 },
    { op: 'processed', s: 0, p: 0, o: 0, t: 1100 },
    { op: 'committed', p: 0, o: 1, t: 1200 },
    { op: 'processed', s: 0, p: 0, o: 0, t: 1300, c: 'suppressed' },
    { op: 'committed', p: 0, o: 3, t: 1400 },
    { op: 'parked', s: 1, p: 0, o: 1, t: 1500 },
  ]
  const read: ReadConsumers = (begin, take) => {
    begin('consumer-1')
    for (const record of records) take(new Line().takeOver(record))
  }

  test('a second processing is counted by itself, a step back of the offset is nothing, and parked is done', () => {
    const made = consumerTimeline(table, { from: 1000, to: 2000 }, read, true)
    expect([sum(made.processed), sum(made.again), sum(made.committed)]).toEqual([2, 1, 3])
    expect(made.waiting?.[0]).toBe(3)
    expect(made.waiting?.at(-1)).toBe(1)
  })

  test('in broadcasting nobody waits for others, and nobody takes over', () => {
    expect(consumerTimeline(table, { from: 1000, to: 2000 }, read, false)).not.toHaveProperty('waiting')
    expect(consumerTimeline(table, { from: 1000, to: 2000 }, read, false)).not.toHaveProperty('readers')
  })
})

test('timelines contain windows as message numbers, leaders, and the faults of the trial', () => {
  const { lanes, trials, verdict } = sampleRun(kafkaPair)
  const [lane] = [...lanes.values()]
  const [trial] = [...trials.values()]
  expect(verdict.cells).toHaveLength(2)
  expect(lane?.windows).toEqual([{ name: 'cut', from: 101, to: 140 }])
  expect(lane?.partitions[0]?.leaders.map(({ leader }) => leader)).toEqual([1, 2])
  expect(trial?.faults.map(({ fault }) => fault)).toEqual(['cut-replication', 'crash'])
  expect(trial?.events.map(({ text }) => text)).toContain('partition 0: broker 2 leads, epoch 1')
  expect(trial?.schedule[0]).toContain('cut-replication leader')
})
