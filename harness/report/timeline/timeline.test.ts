import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { flag, MessageTable } from '../../check/table/table.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'
import { sampleRun } from '../../testing/report/sample.ts'
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
        const series = seriesOf(tableOf(lost), 0, Math.max(to, 101))
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
