import { describe, expect, test } from 'vitest'
import type { RunVerdict } from '../../../model/verdict.ts'
import { mergeShards } from './merge.ts'
import { cell, run } from './testing/verdicts.ts'

describe('shards', () => {
  const part = (id: string): RunVerdict => ({
    ...run('x', [cell(id, 'held')]),
    claims: [{ id: 'k', text: 't', shown: true, cells: [id] }],
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

  test('are refused when two of them have the same cell', () => {
    expect(() => mergeShards('whole', [part('a'), part('a')])).toThrow('cell a is in more than one')
  })
})
