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

test('ranks come in the order of numbers, and a place is found by its number', () => {
  fc.assert(
    fc.property(fc.uniqueArray(number, { maxLength: 100 }), number, (added, from) => {
      const index = new NumberIndex()
      for (const one of added) index.add(one)
      const sorted = added.toSorted((a, b) => a - b)
      expect(sorted.map((_, place) => index.numberOf(index.rankAt(place)))).toEqual(sorted)
      const place = sorted.findIndex(one => one >= from)
      expect(index.placeOf(from)).toBe(place < 0 ? sorted.length : place)
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
  const index = new RowIndex()
  const numbers = Array.from({ length: 8000 }, (_never, at) => numberOf(at))
  const rows = numbers.map(s => index.make(s))
  expect(new Set(rows).size).toBe(new Set(numbers).size)
  // So many rows for each number at most: dense numbers share blocks, scattered ones have rows of their own.
  expect(Math.max(...rows)).toBeLessThan(numbers.length * 1.5)
  for (const [at, s] of numbers.entries())
    if (index.find(s) !== rows[at] || index.make(s) !== rows[at] || index.numberOf(rows[at] ?? -1) !== s)
      expect.fail(`number ${s} has another row than at first`)
  const met: number[] = []
  index.each((s, row) => {
    met.push(s)
    if (row !== index.find(s)) expect.fail(`number ${s} was visited with row ${row}`)
  })
  expect(met.toSorted((a, b) => a - b)).toEqual(numbers.toSorted((a, b) => a - b))
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b)
  for (const [from, to] of [
    [0, 2 ** 31 - 2],
    [sorted[700] ?? 0, sorted[7001] ?? 0],
    [(sorted[700] ?? 0) + 1, (sorted[7001] ?? 0) - 1],
  ] as const) {
    const visited: number[] = []
    index.between(from, to, (s, row) => {
      visited.push(s)
      if (row !== index.find(s)) expect.fail(`number ${s} was visited with row ${row}`)
    })
    expect(visited).toEqual(sorted.filter(s => s >= from && s <= to))
  }
})
