import fc from 'fast-check'
import { expect, test } from 'vitest'
import { planOf } from '../testing/report/sample.ts'
import { kafkaPair } from '../testing/report/scenarios.ts'
import { parseShard, shardOf } from './shard.ts'
import type { Plan } from '../../model/plan.ts'

const [trial, cell] = (({ trials, cells }) => [trials[0], cells[0]])(planOf(kafkaPair))

function planWith(trials: number): Plan {
  if (!trial || !cell) throw new Error('no sample')
  const ids = Array.from({ length: trials }, (_, at) => `t${at}`)
  const cells = ids.map(id => ({ ...cell, id: `c-${id}`, trial: id }))
  return {
    schema: 1,
    name: 'n',
    seed: 1,
    cells,
    trials: ids.map(id => ({ ...trial, id })),
    claims: [{ id: 'k', text: 't', cells: cells.map(({ id }) => id) }],
  }
}

test('every trial, cell and cell of a claim is in exactly one shard, and shards differ by one trial at most', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 8 }), (trials, count) => {
      fc.pre(count <= trials)
      const plan = planWith(trials)
      const shards = Array.from({ length: count }, (_, at) => shardOf(plan, { index: at + 1, count }))
      expect(shards.flatMap(shard => shard.trials.map(({ id }) => id)).toSorted()).toEqual(
        plan.trials.map(({ id }) => id).toSorted(),
      )
      expect(shards.flatMap(shard => shard.cells.map(({ id }) => id)).toSorted()).toEqual(
        plan.cells.map(({ id }) => id).toSorted(),
      )
      expect(shards.flatMap(shard => shard.claims.flatMap(claim => claim.cells)).toSorted()).toEqual(
        plan.cells.map(({ id }) => id).toSorted(),
      )
      const sizes = shards.map(shard => shard.trials.length)
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      expect(new Set(shards.map(({ name }) => name)).size).toBe(count)
    }),
  )
})

test('an empty shard and a malformed shard are refused', () => {
  expect(() => shardOf(planWith(2), { index: 3, count: 3 })).toThrow('only 2 trials')
  expect(parseShard('2/4')).toEqual({ index: 2, count: 4 })
  for (const text of ['0/4', '5/4', '1', 'a/b', '1/0', '1/4000000000'])
    expect(() => parseShard(text)).toThrow('--shard')
})
