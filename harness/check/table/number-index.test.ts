import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NumberIndex } from './number-index.ts'
import { RowIndex } from './row-index.ts'

const number = fc.oneof(
  fc.nat(60),
  fc.nat(2 ** 31 - 2),
  fc.nat(5000).map(k => k * 4096),
  fc.constant(2 ** 32 - 1),
)

test('each number has the rank at which it was added, and no other number has one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(number, { maxLength: 300, size: 'max' }), number, (added, other) => {
      const index = new NumberIndex()
      for (const [rank, one] of added.entries()) {
        expect(index.find(one)).toBe(-1)
        expect(index.add(one)).toBe(rank)
      }
      expect(added.map(one => index.find(one))).toEqual(added.map((_, rank) => rank))
      expect(added.map((_, rank) => index.numberOf(rank))).toEqual(added)
      expect(index.find(other)).toBe(added.indexOf(other))
    }),
  )
})

const random = (at: number) => Math.imul(at, 0x9e3779b1) & (2 ** 31 - 1)
const numberings: [string, (at: number) => number][] = [
  ['one after the other', at => at],
  ['backwards', at => 9000 - at],
  ['in two places in turn', at => (at % 2 === 0 ? at : 1e9 + at)],
  ['every third', at => at * 3],
  ['every thousandth', at => at * 1000],
  ['at random', random],
  ['first one after the other, then at random', at => (at < 5000 ? at : random(at))],
  ['first at random, then one after the other', at => (at < 5000 ? random(at) : at)],
]

test.each(numberings)('numbers %s: each has a row of its own, in any range', (_, numberOf) => {
  const used = new Set<number>()
  const index = new RowIndex(row => used.has(row))
  const numbers = Array.from({ length: 8000 }, (_never, at) => numberOf(at))
  const rows = numbers.map(s => {
    const row = index.make(s)
    used.add(row)
    return row
  })
  expect(new Set(rows).size).toBe(new Set(numbers).size)
  // So many rows for each number at most: dense numbers share blocks, scattered ones have rows of their own.
  expect(Math.max(...rows)).toBeLessThan(numbers.length * 1.5)
  for (const [at, s] of numbers.entries())
    if (index.find(s) !== rows[at] || index.make(s) !== rows[at] || index.numberOf(rows[at] ?? -1) !== s)
      expect.fail(`number ${s} has another row than at first`)
  expect(index.rows).toBeGreaterThan(Math.max(...rows))
})
