/** Differences between two cells of the same id that make their results hard to compare. */
import { settingValue } from '../words/settings.ts'
import type { ComparedCell } from './comparison.ts'

/** `producer.acks: all → 1`, `expected lost: 0 → lost: >= 0`. Empty when one of the cells is missing or of a baseline. */
export function cellDifferences(before: ComparedCell | undefined, after: ComparedCell | undefined): string[] {
  return [...settingDifferences(before?.settings, after?.settings), ...expectationDifferences(before, after)]
}

function settingDifferences(before: ComparedCell['settings'], after: ComparedCell['settings']): string[] {
  if (before === undefined || after === undefined) return []
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map(name => ({ name, from: settingValue(before[name]), to: settingValue(after[name]) }))
    .filter(({ from, to }) => from !== to)
    .map(({ name, from, to }) => `${name}: ${from} → ${to}`)
}

function expectationDifferences(before: ComparedCell | undefined, after: ComparedCell | undefined): string[] {
  if (before?.expected === undefined || after?.expected === undefined) return []
  const [from, to] = [before.expected.join(', '), after.expected.join(', ')]
  return from === to ? [] : [`expected ${from} → ${to}`]
}
