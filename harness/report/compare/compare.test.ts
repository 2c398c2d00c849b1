import { describe, expect, test } from 'vitest'
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { assembleRun } from '../../verdict/judge-trial.ts'
import { compareSides, sideOfBaseline, sideOfRun, updatedBaseline } from './compare.ts'
import type { Baseline } from './compare.ts'
import { compareMarkdown, compareTerminal } from './compare-text.ts'
import { mergeVerdicts } from './merge.ts'
import { sideBySide } from '../claims/side-by-side.ts'
import { sampleRun } from '../../testing/report/sample.ts'
import { kafkaPair } from '../../testing/report/scenarios.ts'

const [model] = sampleRun(kafkaPair).verdict.cells
const cell = (id: string, verdict: VerdictWord, broken: string[] = []): CellVerdict => {
  if (!model) throw new Error('no sample')
  return {
    ...model,
    id,
    verdict,
    reasons: verdict === 'held' ? [] : [`${id} ${verdict}`],
    expect: [
      ...broken.map(what => ({ what, expected: '0', actual: 5, ok: false })),
      { what: 'x', expected: '0', actual: 0, ok: true },
    ],
  }
}
const run = (name: string, cells: CellVerdict[]): RunVerdict => assembleRun({ run: name, seed: 1, claims: [] }, cells)
const statusesOf = (before: CellVerdict[], after: CellVerdict[]) =>
  Object.fromEntries(
    compareSides(sideOfRun(run('a', before)), sideOfRun(run('b', after))).changes.map(change => [
      change.id,
      change.status,
    ]),
  )

const before = run('before', [
  cell('old', 'violated', ['lost']),
  cell('same', 'violated', ['lost']),
  cell('fresh', 'held'),
  cell('gone', 'held'),
  cell('plain', 'held'),
  cell('dim', 'held'),
])
const after = run('after', [
  cell('old', 'held'),
  cell('same', 'violated', ['lost']),
  cell('fresh', 'violated', ['lost']),
  cell('added', 'held'),
  cell('plain', 'held'),
  cell('dim', 'inconclusive'),
])

describe('two runs', () => {
  test('a new violation, a fixed one and an unchanged one are told apart', () => {
    expect(statusesOf(before.cells, after.cells)).toEqual({
      old: 'fixed',
      same: 'known violation',
      fresh: 'newly violated',
      gone: 'not run',
      added: 'new',
      plain: 'unchanged',
      dim: 'worse',
    })
  })

  test('another broken expectation of a violated cell is new', () => {
    expect(statusesOf([cell('c', 'violated', ['lost'])], [cell('c', 'violated', ['lost', 'duplicates'])])).toEqual({
      c: 'newly violated',
    })
    expect(statusesOf([cell('c', 'violated', ['lost', 'duplicates'])], [cell('c', 'violated', ['lost'])])).toEqual({
      c: 'known violation',
    })
  })

  test('a violation that cannot be seen any more is not fixed', () => {
    expect(statusesOf([cell('c', 'violated', ['lost'])], [cell('c', 'inconclusive')])).toEqual({ c: 'worse' })
  })

  test('a new violation comes before what cannot be told, and that before all else', () => {
    const outcome = (cells: CellVerdict[]) => compareSides(sideOfRun(before), sideOfRun(run('b', cells))).outcome
    expect(outcome([cell('fresh', 'violated', ['lost']), cell('dim', 'inconclusive')])).toBe('worse')
    expect(outcome([cell('fresh', 'held'), cell('dim', 'inconclusive')])).toBe('undecided')
    expect(outcome([cell('fresh', 'held'), cell('same', 'violated', ['lost'])])).toBe('fine')
  })
})

describe('a baseline', () => {
  const baseline: Baseline = {
    schema: 1,
    violations: [
      { cell: 'old', broken: ['lost'], note: 'ours' },
      { cell: 'same', broken: ['lost'] },
    ],
  }
  const comparison = compareSides(sideOfBaseline('baseline.json', baseline), sideOfRun(after))

  test('lets known violations pass, fails new ones and tells fixed ones', () => {
    const status = (id: string) => comparison.changes.find(change => change.id === id)?.status
    expect([status('fresh'), status('old'), status('same'), status('plain')]).toEqual([
      'newly violated',
      'fixed',
      'known violation',
      'unchanged',
    ])
    expect(comparison.outcome).toBe('worse')
  })

  test('an inconclusive cell that it does not list is not green', () => {
    expect(
      compareSides(
        sideOfBaseline('b', { schema: 1, violations: [] }),
        sideOfRun(run('r', [cell('dim', 'inconclusive')])),
      ).outcome,
    ).toBe('undecided')
  })

  test('is written with what the run violated; notes, and what the run cannot tell, stay', () => {
    expect(updatedBaseline(baseline, after)).toEqual({
      schema: 1,
      violations: [
        { cell: 'fresh', broken: ['lost'] },
        { cell: 'same', broken: ['lost'] },
      ],
    })
    expect(
      updatedBaseline(baseline, run('r', [cell('old', 'inconclusive')])).violations.map(known => known.cell),
    ).toEqual(['old', 'same'])
    expect(updatedBaseline(baseline, run('r', [cell('old', 'violated', ['lost'])])).violations[0]).toEqual({
      cell: 'old',
      broken: ['lost'],
      note: 'ours',
    })
  })

  test('the terminal and Markdown say all three, and why the new one is', () => {
    for (const text of [compareTerminal(comparison, { colour: false }), compareMarkdown(comparison)]) {
      const line = (id: string) => text.split('\n').find(one => new RegExp(`\\b${id}\\b`).test(one)) ?? ''
      expect(line('fresh')).toContain('newly violated')
      expect(line('old')).toContain('fixed')
      expect(line('same')).toContain('known violation')
      expect(text).toContain('fresh violated')
      expect(text).toContain('new violations')
    }
    expect(compareTerminal(comparison, { colour: false })).not.toContain('\u001B')
  })
})

describe('shards', () => {
  const part = (id: string): RunVerdict => ({
    ...run('x', [cell(id, 'held')]),
    claims: [{ id: 'k', text: 't', shown: true, cells: [id] }],
  })

  test('are one run: its verdict the worst, its claims shown when every shard held', () => {
    expect(mergeVerdicts('whole', [part('a'), part('b')]).claims).toEqual([
      { id: 'k', text: 't', shown: true, cells: ['a', 'b'] },
    ])
    const bad = { ...part('b'), cells: [cell('b', 'violated', ['lost'])] }
    expect(mergeVerdicts('whole', [part('a'), bad])).toMatchObject({
      run: 'whole',
      verdict: 'violated',
      claims: [{ shown: false }],
    })
  })

  test('a cell in two of them makes them no shards', () => {
    expect(() => mergeVerdicts('whole', [part('a'), part('a')])).toThrow('cell a is in more than one')
  })
})

test('side by side, a master of RocketMQ stands beside a leader of Kafka, and what both met comes first', () => {
  const side = (id: string, system: 'kafka' | 'rocketmq', target: string, fault = 'crash') => ({
    id,
    system,
    version: '1',
    scenario: id,
    settings: {},
    faults: [{ fault, target }],
    points: [cell(id, 'held')],
  })
  const { columns, rows } = sideBySide([
    side('a', 'kafka', 'all', 'power-loss'),
    side('b', 'kafka', 'leader'),
    side('c', 'rocketmq', 'master'),
  ])
  expect(columns.map(({ system }) => system)).toEqual(['kafka', 'rocketmq'])
  expect(rows.map(({ fault, entries }) => [fault, entries.map(({ length }) => length)])).toEqual([
    ['crash leader', [1, 1]],
    ['power-loss all', [1, 0]],
  ])
})
