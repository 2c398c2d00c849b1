import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folder, lossproof, root } from '../support/cli.ts'
import { verdictIn } from '../support/verdict.ts'

/** Some run only in `./lossproof test --soak`, because they take a minute. */
const isSoak = Boolean(process.env['LOSSPROOF_SOAK'])

test('trials side by side, a dedicated controller, partitions, batches, and windows under load: sets with open edges hold', async () => {
  const results = folder()
  const { code } = await lossproof([
    'run',
    join(root, 'test/scenarios/variants.yaml'),
    '--parallel',
    '2',
    '--results',
    results,
  ])
  const verdict = verdictIn(results)
  expect(
    verdict.cells
      .map(cell => [cell.trial, cell.verdict, cell.reasons])
      .toSorted((a, b) => String(a).localeCompare(String(b))),
  ).toEqual([
    ['variants-1', 'held', []],
    ['variants-1', 'held', []],
    ['variants-2', 'held', []],
    ['variants-2', 'held', []],
  ])
  expect(code).toBe(0)
})

test.runIf(isSoak)('consumers process what is stored, through the crash of a leader', async () => {
  const results = folder()
  const { code } = await lossproof(['run', join(root, 'test/scenarios/consumer.yaml'), '--results', results])
  const verdict = verdictIn(results)
  expect(verdict.cells.map(cell => [cell.id, cell.verdict, cell.reasons])).toEqual([
    ['consumer/client=kafkajs', 'held', []],
    ['consumer/client=platformatic', 'held', []],
  ])
  for (const { counts } of verdict.cells) expect([counts.processed, counts.stored > 50]).toEqual([counts.stored, true])
  expect(code).toBe(0)
})

test.runIf(isSoak)(
  'composites: two faults at once, a repeat with pauses, and the next node once the last is back',
  async () => {
    const results = folder()
    const { code } = await lossproof(['run', join(root, 'test/scenarios/composites.yaml'), '--results', results])
    const verdict = verdictIn(results)
    expect(verdict.cells.map(cell => [cell.verdict, cell.reasons])).toEqual([['held', []]])
    const [cell] = verdict.cells
    expect(cell?.faults.map(fault => [fault.fault, fault.healedAt !== undefined])).toEqual([
      ['partition', true],
      ['latency', true],
      ['crash', true],
      ['crash', true],
      ['crash', true],
    ])
    // Each round hits another node, and only once the one before is back.
    const crashes = cell?.faults.filter(fault => fault.fault === 'crash') ?? []
    expect(new Set(crashes.map(fault => fault.node)).size).toBe(3)
    for (const [at, crash] of crashes.entries())
      if (at > 0) expect(crash.at).toBeGreaterThan(crashes[at - 1]?.healedAt ?? Infinity)
    expect(code).toBe(0)
  },
)
