import { describe, expect, test } from 'vitest'
import type { RunVerdict } from '../../../model/verdict.ts'
import { mergeShards } from './merge.ts'
import { cell, run } from './testing/verdicts.ts'

describe('shards', () => {
  const part = (id: string): RunVerdict => ({
    ...run('x', [cell(id, 'held')]),
    claims: [{ id: 'k', text: 't', shown: true, cells: [id] }],
  })

  test('of a number that no plan has are refused before they are counted out', () => {
    const one = { ...part('a'), run: 'x-1of4000000000' }
    expect(() => mergeShards('whole', [one])).toThrow(
      'x-1of4000000000 is one of 4000000000 shards; at most 1000 are supported',
    )
  })

  test('become one run with the worst verdict; its claims are shown when every shard held', () => {
    expect(mergeShards('whole', [part('a'), part('b')]).verdict.claims).toEqual([
      { id: 'k', text: 't', shown: true, cells: ['a', 'b'] },
    ])
    const bad = { ...part('b'), cells: [cell('b', 'violated', ['lost'])] }
    expect(mergeShards('whole', [part('a'), bad]).verdict).toMatchObject({
      run: 'whole',
      verdict: 'violated',
      claims: [{ shown: false }],
    })
  })

  const shard = (name: string, id: string): RunVerdict => ({ ...part(id), run: name })

  test('are named when they are missing; the merged run is inconclusive and shows no claim', () => {
    const present = [shard('20260101-000000-quick-1of3-7', 'a'), shard('20260101-000009-quick-3of3-7', 'b')]
    expect(mergeShards('merged', present)).toMatchObject({
      missing: ['2 of 3'],
      verdict: { verdict: 'inconclusive', claims: [{ shown: false }] },
    })
    const complete = [...present, shard('20260101-000005-quick-2of3-7', 'c')]
    expect(mergeShards('merged', complete)).toMatchObject({
      missing: [],
      verdict: { verdict: 'held', claims: [{ shown: true }] },
    })
  })

  test('keep a violation when others are missing', () => {
    const bad = { ...shard('r-quick-1of2-7', 'a'), cells: [cell('a', 'violated', ['lost'])] }
    expect(mergeShards('merged', [bad]).verdict.verdict).toBe('violated')
  })

  test('are refused when they are of different runs', () => {
    expect(() => mergeShards('m', [shard('x-quick-1of2-7', 'a'), shard('x-other-2of2-7', 'b')])).toThrow(
      'shards of different runs',
    )
    expect(() => mergeShards('m', [shard('x-quick-1of2-7', 'a'), shard('x-quick-2of3-7', 'b')])).toThrow(
      'shards of different runs',
    )
  })

  test('are refused when two of them say different things of one cell', () => {
    const other = { ...part('a'), run: 'y', cells: [cell('a', 'violated', ['lost'])] }
    expect(() => mergeShards('whole', [part('a'), other])).toThrow(
      'cell a is in more than one of these runs with different results (x, y)',
    )
  })

  test('give the same result in any order, and when one comes twice or overlaps another', () => {
    const [a, b, c] = [
      shard('20260101-000000-quick-1of3-7', 'a'),
      shard('20260101-000005-quick-2of3-7', 'b'),
      shard('20260101-000009-quick-3of3-7', 'c'),
    ]
    const whole = mergeShards('merged', [a, b, c])
    expect(whole.verdict.cells.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
    expect(mergeShards('merged', [c, a, b])).toEqual(whole)
    expect(mergeShards('merged', [b, c, a, b])).toEqual(whole)
    const overlapping = { ...b, cells: [...a.cells, ...b.cells] }
    expect(mergeShards('merged', [a, overlapping, c]).verdict.cells).toEqual(whole.verdict.cells)
  })
})
