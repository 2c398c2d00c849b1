import { describe, expect, test } from 'vitest'
import { compareRuns } from './compare.ts'
import { comparedBaseline, comparedRun } from './compared-run.ts'
import { updatedBaseline } from './baseline.ts'
import type { Baseline } from './baseline.ts'
import { compareMarkdown, compareTerminal } from './compare-text.ts'
import { after, cell, run } from './testing/verdicts.ts'

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
