import { describe, expect, test } from 'vitest'
import type { CellVerdict } from '../../../model/verdict.ts'
import { compareRuns } from './compare.ts'
import { comparedRun } from './compared-run.ts'
import { compareMarkdown, compareTerminal } from './compare-text.ts'
import { after, before, cell, run } from './testing/verdicts.ts'

const statusesOf = (earlier: CellVerdict[], later: CellVerdict[]) =>
  Object.fromEntries(
    compareRuns(comparedRun(run('a', earlier)), comparedRun(run('b', later))).changes.map(change => [
      change.id,
      change.status,
    ]),
  )

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
