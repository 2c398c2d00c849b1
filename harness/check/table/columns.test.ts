import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { NumberColumn, SmallColumn } from './columns.ts'
import { longestGap } from '../../verdict/timing/longest-gap.ts'
import { pausedBetween } from '../../verdict/timing/pauses.ts'
import { StoredLog } from '../final-log/final-log.ts'
import { flag, largestNumber, MessageTable } from './table.ts'

const largest = Number.MAX_SAFE_INTEGER
const anyRow = fc.oneof(fc.nat(20), fc.nat(20_000), fc.integer({ min: largestNumber - 9, max: largestNumber }))
const place = fc.oneof(fc.nat(9), fc.nat(2 ** 33), fc.integer({ min: largest - 99, max: largest }), fc.maxSafeNat())
const time = fc.oneof(
  fc.nat(1e10).map(us => us / 1000),
  fc.nat(9),
  fc.double({ min: 0, max: 1e12, noNaN: true }),
  fc.constantFrom(Number.MAX_VALUE, Number.MIN_VALUE, 0.1 + 0.2, largest),
)

describe('a column gives back exactly what was put into it, in rows near and far', () => {
  test.each([
    ['offsets', 1, place],
    ['times', 1000, time],
  ] as const)('%s', (_, perUnit, value) => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyRow, fc.oneof({ weight: 9, arbitrary: value }, fc.constant(-1))), { maxLength: 60 }),
        entries => {
          const column = new NumberColumn(perUnit)
          for (const [at, one] of entries) column.set(at, one)
          const known = new Map(entries)
          for (const [at, one] of known) expect(column.get(at)).toBe(one)
          expect(column.get(12_345)).toBe(known.get(12_345) ?? -1)
        },
      ),
    )
  })

  test('small numbers', () => {
    const small = fc.oneof(fc.nat(300), fc.nat(70_000), fc.maxSafeNat())
    fc.assert(
      fc.property(fc.array(fc.tuple(anyRow, small), { maxLength: 60 }), entries => {
        const column = new SmallColumn()
        for (const [at, one] of entries) column.set(at, one)
        for (const [at, one] of new Map(entries)) expect(column.get(at)).toBe(one)
      }),
    )
  })

  test("times on both sides of a window's edge stay there, however close", () => {
    const column = new NumberColumn(1000)
    const edges = [1000, 1000.0004, 999.9996, 1000.0000000000001, 1000.001]
    edges.forEach((t, at) => column.set(at, t))
    expect(edges.map((_, at) => column.get(at))).toEqual(edges)
  })
})

test('counts go beyond what a byte, and two, can hold', () => {
  const table = new MessageTable()
  const five = table.rowOf(5)
  for (let times = 0; times < 70_000; times++) table.copied(five)
  expect(table.copies.get(five)).toBe(70_000)
})

test('sparse numbers: each has one row, and rows without a number have no flags', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyRow, { maxLength: 40 }), numbers => {
      const table = new MessageTable()
      for (const s of numbers) table.sent(table.rowOf(s), { p: 0, t: 1 })
      const seen: number[] = []
      for (let row = 0, { rows } = table; row < rows; row++)
        if (table.has(row, flag.sent)) seen.push(table.numberOf(row))
      expect(seen.toSorted((a, b) => a - b)).toEqual(numbers.toSorted((a, b) => a - b))
    }),
  )
})

describe('the log of a partition', () => {
  const gap = fc.oneof(
    { weight: 8, arbitrary: fc.constant(1) },
    { weight: 2, arbitrary: fc.integer({ min: 2, max: 5 }) },
    { weight: 1, arbitrary: fc.nat(2 ** 40).map(far => far + 1) },
  )
  const record = fc.record({
    gap,
    s: fc.oneof(fc.constantFrom(-1, -2), fc.nat(99), fc.nat(largestNumber)),
    epoch: fc.nat(3),
  })
  const log = fc.record({
    first: fc.oneof(fc.constant(0), fc.nat(2 ** 52)),
    records: fc.array(record, { maxLength: 1500, size: 'max' }),
  })

  test('tells what stands at every offset, in any order of asking, and between them nothing', () => {
    fc.assert(
      fc.property(log, fc.array(fc.nat(), { maxLength: 50 }), ({ first, records }, asked) => {
        const table = new MessageTable()
        const stored = new StoredLog(table)
        const known: { offset: number; s: number; epoch: number }[] = []
        let offset = first
        for (const { gap: step, s, epoch } of records) {
          if (offset + step > largest) break
          offset += step
          stored.add(offset, s < 0 ? s : table.rowOf(s), epoch)
          known.push({ offset, s, epoch })
        }
        expect(stored.length).toBe(known.length)
        expect(stored.lastOffset).toBe(known.at(-1)?.offset ?? -1)
        const at = (where: number) => {
          const found = known.find(one => one.offset === where)
          return found && { s: found.s, epoch: found.epoch }
        }
        for (const pick of asked) {
          const where = (known[pick % Math.max(1, known.length)]?.offset ?? 0) + (pick % 3) - 1
          expect(stored.at(where)).toEqual(at(where))
        }
        const visited: { s: number; offset: number }[] = []
        stored.each((row, where) => visited.push({ s: table.numberOf(row), offset: where }))
        expect(visited).toEqual(known.filter(({ s }) => s >= 0).map(({ s, offset: where }) => ({ s, offset: where })))
        for (const { offset: where, s, epoch } of known) expect(stored.at(where)).toEqual({ s, epoch })
        expect(stored.firstAfter(1)).toEqual(
          known.find(({ epoch }) => epoch > 1) && {
            offset: known.find(({ epoch }) => epoch > 1)?.offset,
            epoch: known.find(({ epoch }) => epoch > 1)?.epoch,
          },
        )
      }),
      { numRuns: 60 },
    )
  }, 60_000)

  test('keeps up to the last offset there is', () => {
    const table = new MessageTable()
    const stored = new StoredLog(table)
    stored.add(largest - 2, table.rowOf(7), 0)
    stored.add(largest, table.rowOf(3), 1)
    expect([stored.at(largest - 2), stored.at(largest - 1), stored.at(largest)]).toEqual([
      { s: 7, epoch: 0 },
      undefined,
      { s: 3, epoch: 1 },
    ])
  })
})

test('the longest gap between acknowledgements is found without sorting them', () => {
  const pauses = [
    { from: 20_000, to: 30_000 },
    { from: 55_000, to: 56_000 },
  ]
  for (const hole of [0, 3, 12_000]) {
    const table = new MessageTable()
    const times: number[] = []
    for (let s = 0; s < 70_000; s++) {
      // Answers of neighbours are swapped, and there is a hole in the middle.
      const t = (s ^ 1) + (s > 40_000 ? hole : 0) + 0.5
      const row = table.rowOf(s)
      table.sent(row, { p: 0, t })
      table.answered(row, flag.acked, { t, p: 0, o: s }, -1)
      times.push(t)
    }
    times.sort((a, b) => a - b)
    const gaps = times.map((t, at) =>
      at === 0 || t <= 100 ? 0 : t - (times[at - 1] ?? 0) - pausedBetween(pauses, times[at - 1] ?? 0, t),
    )
    expect(longestGap(table, 100, pauses)).toBe(gaps.reduce((most, one) => Math.max(most, one), 0))
  }
})
