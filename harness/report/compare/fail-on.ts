/** Conditions under which a comparison fails: the values of `compare --fail-on`. */
import { plural } from '../words/numbers.ts'
import { failOnValues } from './comparison.ts'
import type { CellChange, Comparison, Failure, FailOn } from './comparison.ts'

export const defaultFailOn: readonly FailOn[] = ['new-violations', 'vanished']

/** What each value means, for `--help`. */
export const failOnMeanings: Record<FailOn, string> = {
  'new-violations': 'a cell is violated that was not, or in more ways',
  vanished: 'a cell of the first run is not in the second',
  undecided: 'a cell is inconclusive or no longer shows its expected loss',
  'worse-figures': 'a figure is at least twice as bad',
  'changed-cells': 'a cell has other settings or expectations',
  'changed-versions': 'the versions are not the same',
}

/** The selected conditions that the comparison meets. */
export function failuresOf(
  { changes, versions }: Pick<Comparison, 'changes' | 'versions'>,
  failOn: readonly FailOn[],
): Failure[] {
  const cells = (matches: (change: CellChange) => boolean) => changes.filter(matches).length
  const counts: Record<FailOn, number> = {
    'new-violations': cells(({ status }) => status === 'newly violated'),
    vanished: cells(({ status }) => status === 'vanished'),
    undecided: cells(({ status }) => status === 'worse'),
    'worse-figures': cells(({ worseFigures }) => worseFigures.length > 0),
    'changed-cells': cells(({ differences }) => differences.length > 0),
    'changed-versions': versions.length,
  }
  const texts: Record<FailOn, (count: number) => string> = {
    'new-violations': count => `${plural(count, 'cell')} newly violated`,
    vanished: count => `${plural(count, 'cell')} vanished`,
    undecided: count => `${plural(count, 'cell')} without a verdict that had one`,
    'worse-figures': count => `${plural(count, 'cell')} with worse figures`,
    'changed-cells': count => `${plural(count, 'cell')} with other settings or expectations`,
    'changed-versions': count => `${plural(count, 'version')} changed`,
  }
  return failOnValues
    .filter(condition => failOn.includes(condition) && counts[condition] > 0)
    .map(condition => ({ condition, count: counts[condition], text: texts[condition](counts[condition]) }))
}
