import { describe, expect, test } from 'vitest'
import type { CellVerdict, RunVerdict, VerdictWord } from '../../../model/verdict.ts'
import { assembleRun } from '../../verdict/judge-trial.ts'
import { compareRuns } from './compare.ts'
import { comparedBaseline, comparedRun } from './compared-run.ts'
import { updatedBaseline } from './baseline.ts'
import type { Baseline } from './baseline.ts'
import { compareMarkdown, compareTerminal } from './compare-text.ts'
import { mergeShards } from './merge.ts'
import { sideBySide } from '../compare/side-by-side.ts'
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
    compareRuns(comparedRun(run('a', before)), comparedRun(run('b', after))).changes.map(change => [
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
  test('a cell is newly violated, fixed, known, new, not run, worse or unchanged', () => {
    expect(statusesOf(before.cells, after.cells)).toEqual({
      old: 'fixed',
      same: 'known violation',
      fresh: 'newly violated',
      gone: 'vanished',
      added: 'new',
      plain: 'unchanged',
      dim: 'worse',
    })
  })

  test('a second failed expectation of a violated cell is a new violation', () => {
    expect(statusesOf([cell('c', 'violated', ['lost'])], [cell('c', 'violated', ['lost', 'duplicates'])])).toEqual({
      c: 'newly violated',
    })
    expect(statusesOf([cell('c', 'violated', ['lost', 'duplicates'])], [cell('c', 'violated', ['lost'])])).toEqual({
      c: 'known violation',
    })
  })

  test('a violated cell that is inconclusive now is worse, not fixed', () => {
    expect(statusesOf([cell('c', 'violated', ['lost'])], [cell('c', 'inconclusive')])).toEqual({ c: 'worse' })
  })

  test('the outcome is worse for a failure, then undecided, then fine', () => {
    const outcome = (...changed: CellVerdict[]) => {
      const others = before.cells.filter(({ id }) => !changed.some(one => one.id === id))
      return compareRuns(comparedRun(before), comparedRun(run('b', [...others, ...changed]))).outcome
    }
    expect(outcome(cell('fresh', 'violated', ['lost']), cell('dim', 'inconclusive'))).toBe('worse')
    expect(outcome(cell('dim', 'inconclusive'))).toBe('undecided')
    expect(outcome(cell('same', 'violated', ['lost']))).toBe('fine')
  })
})

describe('what a verdict alone does not show', () => {
  const base = cell('c', 'held')
  const counts = { ...base.counts, sent: 1000, acked: 1000, stored: 1000, skipped: 5 }
  const earlier: CellVerdict = { ...base, counts, recovery: { unavailableMs: 3000 } }
  const changeOf = (later: CellVerdict) =>
    compareRuns(comparedRun(run('a', [earlier])), comparedRun(run('b', [later]))).changes[0]

  test.each([
    [
      'an outage ten times as long',
      { ...earlier, recovery: { unavailableMs: 30_000 } },
      'longest outage 3.0 s → 30.0 s',
    ],
    ['three times the skips', { ...earlier, counts: { ...counts, skipped: 15 } }, 'skipped 5 of 1,000 → 15 of 1,000'],
    [
      '900 new duplicates',
      { ...earlier, counts: { ...counts, duplicates: 900 } },
      'duplicates 0 of 1,000 → 900 of 1,000',
    ],
  ])('%s in a held cell is a worse figure', (_, later, text) => {
    expect(changeOf(later)).toMatchObject({ status: 'worse figures', worseFigures: [{ text }] })
    const comparison = compareRuns(comparedRun(run('a', [earlier])), comparedRun(run('b', [later])))
    expect(compareTerminal(comparison, { colour: false })).toContain(text)
    expect(compareMarkdown(comparison)).toContain(text)
    expect(comparison.outcome).toBe('fine')
    expect(
      compareRuns(comparedRun(run('a', [earlier])), comparedRun(run('b', [later])), ['worse-figures']).outcome,
    ).toBe('worse')
  })

  test('more messages in a longer run are not worse, and neither is a small difference', () => {
    const longer = { ...counts, sent: 3000, acked: 3000, stored: 3000, skipped: 15 }
    expect(changeOf({ ...earlier, counts: longer })).toMatchObject({ status: 'unchanged' })
    expect(changeOf({ ...earlier, counts: { ...counts, duplicates: 2 } })).toMatchObject({ status: 'unchanged' })
    expect(changeOf({ ...earlier, recovery: { unavailableMs: 3900 } })).toMatchObject({ status: 'unchanged' })
  })

  test('figures of an inconclusive cell are not compared', () => {
    const later: CellVerdict = { ...earlier, verdict: 'inconclusive', counts: { ...counts, unaccounted: 500 } }
    expect(changeOf(later)).toMatchObject({ status: 'worse', worseFigures: [] })
  })

  test('other settings or expectations under the same id are shown', () => {
    const weaker: CellVerdict = {
      ...earlier,
      settings: { ...earlier.settings, 'topic.min.insync.replicas': 7 },
      expect: [{ what: 'x', expected: '>= 0', actual: 0, ok: true }],
    }
    expect(changeOf(weaker)).toMatchObject({
      status: 'unchanged',
      differences: ['topic.min.insync.replicas: 1 → 7', 'expected x: 0 → x: >= 0'],
    })
    const comparison = compareRuns(comparedRun(run('a', [earlier])), comparedRun(run('b', [weaker])))
    expect(compareTerminal(comparison, { colour: false })).toContain('changed: topic.min.insync.replicas: 1 → 7')
  })

  test('the number of messages in a window is not another expectation', () => {
    const cut = (size: number): CellVerdict => ({
      ...earlier,
      expect: [{ what: 'lost', expected: `acked-in(cut) = ${size}`, actual: size, ok: true }],
    })
    const { changes } = compareRuns(comparedRun(run('a', [cut(52)])), comparedRun(run('b', [cut(40)])))
    expect(changes).toMatchObject([{ differences: [] }])
  })

  test('different versions are shown', () => {
    const comparison = compareRuns(
      comparedRun(run('a', [earlier]), { kafka: '4.2.0', node: '24' }),
      comparedRun(run('b', [earlier]), { kafka: '4.3.1', node: '24' }),
    )
    expect(comparison.versions).toEqual([{ name: 'kafka', before: '4.2.0', after: '4.3.1' }])
    for (const text of [compareTerminal(comparison, { colour: false }), compareMarkdown(comparison)])
      expect(text).toContain('4.2.0 → 4.3.1')
  })

  test('vanished cells fail by default, new cells do not', () => {
    const two = run('two', [earlier, cell('d', 'held')])
    const one = run('one', [earlier])
    expect(compareRuns(comparedRun(two), comparedRun(one))).toMatchObject({
      outcome: 'worse',
      failures: [{ condition: 'vanished', count: 1 }],
    })
    expect(compareRuns(comparedRun(two), comparedRun(one), []).outcome).toBe('fine')
    const grown = compareRuns(comparedRun(one), comparedRun(two))
    expect(grown).toMatchObject({ outcome: 'fine', changes: [{ id: 'd', status: 'new' }, { id: 'c' }] })
    expect(compareTerminal(grown, { colour: false })).toMatch(/d .*new/)
  })

  test('a run without cells is undecided, because it proves nothing', () => {
    expect(compareRuns(comparedRun(run('a', [])), comparedRun(run('b', []))).outcome).toBe('undecided')
    expect(compareRuns(comparedRun(run('a', [earlier])), comparedRun(run('b', []))).outcome).toBe('worse')
  })

  test('runs of different systems are refused', () => {
    const other = run('b', [{ ...earlier, system: 'other' }])
    expect(() => compareRuns(comparedRun(run('a', [earlier])), comparedRun(other))).toThrow(
      'a ran Kafka and b ran other: different systems have no cell in common',
    )
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
  const comparison = compareRuns(comparedBaseline('baseline.json', baseline), comparedRun(after))

  test('accepts known violations, fails for new ones and reports fixed ones', () => {
    const status = (id: string) => comparison.changes.find(change => change.id === id)?.status
    expect([status('fresh'), status('old'), status('same'), status('plain')]).toEqual([
      'newly violated',
      'fixed',
      'known violation',
      'unchanged',
    ])
    expect(comparison.outcome).toBe('worse')
  })

  test('does not accept an inconclusive cell that it does not list', () => {
    expect(
      compareRuns(
        comparedBaseline('b', { schema: 1, violations: [] }),
        comparedRun(run('r', [cell('dim', 'inconclusive')])),
      ).outcome,
    ).toBe('undecided')
  })

  test('is updated with the violations of a run; notes stay, and so do cells that the run cannot judge', () => {
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

  test('is compared in the terminal and in Markdown, with the reasons of new violations', () => {
    for (const text of [compareTerminal(comparison, { colour: false }), compareMarkdown(comparison)]) {
      const line = (id: string) => text.split('\n').find(one => new RegExp(`\\b${id}\\b`).test(one)) ?? ''
      expect(line('fresh')).toContain('newly violated')
      expect(line('old')).toContain('fixed')
      expect(line('same')).toContain('known violation')
      expect(text).toContain('fresh violated')
      expect(text).toContain('1 cell newly violated')
    }
    expect(compareTerminal(comparison, { colour: false })).not.toContain('\u001B')
  })
})

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

test('side by side, roles with a common name share a row, and rows with the most systems come first', () => {
  const side = (id: string, system: string, target: string, fault = 'crash') => ({
    id,
    system,
    version: '1',
    scenario: id,
    settings: {},
    faults: [{ fault, target }],
    points: [cell(id, 'held')],
  })
  const { columns, rows } = sideBySide(
    [side('a', 'one', 'all', 'power-loss'), side('b', 'one', 'leader'), side('c', 'other', 'master')],
    { other: { master: 'leader' } },
  )
  expect(columns.map(({ system }) => system)).toEqual(['one', 'other'])
  expect(rows.map(({ fault, entries }) => [fault, entries.map(({ length }) => length)])).toEqual([
    ['crash leader', [1, 1]],
    ['power-loss all', [1, 0]],
  ])
})
