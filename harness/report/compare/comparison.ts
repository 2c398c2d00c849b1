/** The result of a comparison, and what it is made from. */
import type { CellVerdict, VerdictWord } from '../../../model/verdict.ts'
import type { Figure, WorseFigure } from './figures.ts'

export interface ComparedCell {
  verdict: VerdictWord
  /** Outcomes and marks whose expectations failed. */
  broken: string[]
  reasons: string[]
  /** The following are unknown for cells of a baseline. */
  system?: string
  settings?: CellVerdict['settings']
  /** `lost: acked-in(cut)`, without the numbers that the sets had in this run. */
  expected?: string[]
  lost?: number
  unavailableMs?: number
  figures?: Figure[]
}

export interface ComparedRun {
  name: string
  cells: ReadonlyMap<string, ComparedCell>
  /** A baseline says nothing about cells that it does not list. */
  isBaseline: boolean
  /** Versions of systems, clients and tools, by name. Empty when the run folder does not have them. */
  versions: Readonly<Record<string, string>>
}

/** Conditions under which a comparison can fail: the values of `compare --fail-on`. */
export const failOnValues = [
  'new-violations',
  'vanished',
  'undecided',
  'worse-figures',
  'changed-cells',
  'changed-versions',
] as const
export type FailOn = (typeof failOnValues)[number]

export interface Failure {
  condition: FailOn
  count: number
  /** `2 cells newly violated`. */
  text: string
}

/** In the order of the table. */
export const statuses = [
  'newly violated',
  'vanished',
  'worse',
  'worse figures',
  'known violation',
  'fixed',
  'better',
  'new',
  'not run',
  'unchanged',
] as const
export type Status = (typeof statuses)[number]

/** What each status means, for reports. */
export const statusMeanings: Record<Status, string> = {
  'newly violated': 'violated now, or in more ways than before',
  vanished: 'only in the first run',
  worse: 'inconclusive now, or an expected loss did not happen',
  'worse figures': 'same verdict, but a figure is at least twice as bad',
  'known violation': 'violated before and now',
  fixed: 'no longer violated',
  better: 'has a better verdict',
  new: 'only in the second run',
  'not run': 'listed in the baseline, but not part of the run',
  unchanged: 'same verdict',
}

export interface CellChange {
  id: string
  status: Status
  before: ComparedCell | undefined
  after: ComparedCell | undefined
  /** Outcomes and marks whose expectations fail now and did not fail before. */
  newlyBroken: string[]
  worseFigures: WorseFigure[]
  /** Settings and expectations in which the cell itself differs: `producer.acks: all → 1`. */
  differences: string[]
}

export interface VersionChange {
  name: string
  before: string | undefined
  after: string | undefined
}

export interface Comparison {
  before: string
  after: string
  /** Versions that are not the same in both runs. Empty when one of them has no versions. */
  versions: VersionChange[]
  changes: CellChange[]
  /** The conditions of `failOn` that are met. */
  failures: Failure[]
  /** `worse`: a condition of `failOn` is met. `undecided`: a cell has no verdict any more. `fine`: neither. */
  outcome: 'worse' | 'undecided' | 'fine'
}
