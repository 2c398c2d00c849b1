import { describe, expect, test } from 'vitest'
import { Counts } from '../../../model/verdict.ts'
import type { CellVerdict } from '../../../model/verdict.ts'
import { scenariosAlike } from './alike.ts'
import { withoutRunNumbers } from './expectations.ts'
import { faultsText } from './faults.ts'
import { cellNames, countedTexts, groupByText } from './reasons.ts'
import { resultOf } from './results.ts'

const noCounts = Counts.parse(Object.fromEntries(Object.keys(Counts.shape).map(key => [key, 0])))
const fault = { fault: 'crash', target: 'leader', node: 'broker-1', at: 1, evidence: {} }
const cell = (acks: string, counts: Partial<Counts>, more: Partial<CellVerdict> = {}): CellVerdict => ({
  id: `s/producer.acks=${acks}`,
  scenario: 's',
  system: 'kafka',
  trial: 's',
  settings: { 'producer.acks': acks },
  counts: { ...noCounts, sent: 1000, acked: 900, stored: 900, ...counts },
  lost: [],
  skipped: [],
  windows: {},
  faults: [fault],
  recovery: {},
  load: {},
  expect: [{ what: 'lost', expected: '0', actual: 0, ok: true }],
  verdict: 'held',
  reasons: [],
  ...more,
})

describe('the result of a cell', () => {
  test('says separately what was kept, what it cost and whether it was expected', () => {
    const held = cell('all', { givenUp: 100, duplicates: 1, parked: 3 }, { recovery: { unavailableMs: 8700 } })
    expect(resultOf(held).kept).toBe('lost 0 of 900 acknowledged')
    expect(resultOf(held).keptShort).toBe('kept all')
    expect(resultOf(held).cost).toBe(
      'refused 100 of 1,000 sent; stored 1 extra copy; parked 3 of 900 stored; out of service for 8.7 s',
    )
    expect(resultOf(held).costShort).toBe('refused 100; stored 1 extra copy; parked 3; out of service for 8.7 s')
    expect(resultOf(held).expected).toBe('as expected')
    expect(resultOf(held).line).toBe(`${resultOf(held).kept}, as expected; cost: ${resultOf(held).cost}`)
  })

  test.each([
    [cell('1', { lost: 52 }), 'lost 52, as predicted'],
    [cell('1', { skipped: 5 }), 'skipped 5, as predicted'],
    [cell('1', { lost: 52 }, { verdict: 'violated' }), 'lost 52, not expected'],
    [cell('1', { duplicates: 4 }, { verdict: 'violated' }), 'kept all, not expected'],
    [cell('1', {}, { verdict: 'not-shown' }), 'kept all, expected loss did not happen'],
    [cell('1', {}, { verdict: 'inconclusive' }), 'no verdict'],
    [cell('1', {}), 'kept all'],
    [cell('all', { givenUp: 301 }), 'kept all, at a high cost'],
    [cell('all', { givenUp: 300 }), 'kept all'],
    [cell('all', { duplicates: 50 }), 'kept all, at a high cost'],
    [cell('all', { stalled: 1 }), 'kept all, at a high cost'],
  ])('has a headline: %#', (given, text) => {
    expect(resultOf(given).headline).toBe(text)
  })

  test('of an inconclusive cell does not claim that anything was kept', () => {
    expect(resultOf(cell('1', {}, { verdict: 'inconclusive' })).kept).toBe('not known')
    expect(resultOf(cell('1', { lost: 3 }, { verdict: 'inconclusive' })).kept).toBe(
      'not known; lost 3 of 900 acknowledged',
    )
    const unread = cell('1', { unaccounted: 900 }, { verdict: 'inconclusive' })
    expect(resultOf(unread).keptShort).toBe('not known')
    expect(resultOf(unread).kept).toBe('not known; no account of 900 of 1,000 sent')
  })

  test('of a consumer counts what it skipped', () => {
    expect(resultOf(cell('1', { processed: 900 })).kept).toBe('skipped 0 of 900 stored')
  })
})

describe('cells that ended alike', () => {
  const texts = (...cells: CellVerdict[]) => scenariosAlike(cells, ({ faults }) => faults).map(({ text }) => text)

  test('are reported with their fault and settings', () => {
    expect(texts(cell('1', {}), cell('all', {}))).toEqual([
      'All 2 cells kept every message under “crash leader”. This schedule cannot tell them apart, so it shows nothing about acks.',
    ])
    expect(texts(cell('1', { lost: 50 }), cell('all', { lost: 52 }))[0]).toContain('All 2 cells lost messages')
  })

  test('are not reported when they differ in losses, or in what an expectation is about', () => {
    expect(texts(cell('1', { lost: 50 }), cell('all', {}))).toEqual([])
    expect(texts(cell('0', { lost: 500 }), cell('1', { lost: 50 }))).toEqual([])
    const givesUp = { expect: [{ what: 'givenUp', expected: '>= 1', actual: 100, ok: true }] }
    expect(texts(cell('1', { givenUp: 100 }, givesUp), cell('all', {}))).toEqual([])
  })

  test('are not reported without faults, without a verdict, or for a single cell', () => {
    expect(texts(cell('1', {}, { faults: [] }), cell('all', {}, { faults: [] }))).toEqual([])
    expect(texts(cell('1', {}, { verdict: 'inconclusive' }), cell('all', {}))).toEqual([])
    expect(texts(cell('1', {}))).toEqual([])
  })
})

test('equal texts are printed once, with their number', () => {
  expect(countedTexts(['a', 'b', 'a', 'a'])).toEqual(['a (3 times)', 'b'])
  const cells = Array.from({ length: 450 }, (_, at) => ({ id: `c${at}`, reason: at === 7 ? 'other' : 'same' }))
  const groups = groupByText(cells, ({ reason }) => reason)
  expect(groups.map(({ cells: same, text }) => [text, cellNames(same)])).toEqual([
    ['same', 'c0, c1, c2 and 446 more cells'],
    ['other', 'c7'],
  ])
})

test('expectations lose the numbers of the run and keep those of the author', () => {
  expect(
    [
      'acked-in(cut) = 52 (and 3 of those open at its edges)',
      '>= acked-in(cut) = 9',
      'acked-in(cut) = nothing: the window never opened',
      'truncated-after-election of all 52',
      '>= 5',
      '0',
    ].map(withoutRunNumbers),
  ).toEqual(['acked-in(cut)', '>= acked-in(cut)', 'acked-in(cut)', 'truncated-after-election', '>= 5', '0'])
})

test('faults are listed once, with their number', () => {
  expect(faultsText([fault, { fault: 'pause', target: 'leader' }, fault])).toBe('crash leader, 2 times; pause leader')
})
