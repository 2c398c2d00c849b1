/** Systems and versions under the same fault, for the page's table with one row per fault. */
import type { CellVerdict } from '../../../model/verdict.ts'
import type { CellFacts, CellPoint } from '../page-data/page-data.ts'
import { lostCount } from '../words/counts.ts'
import { faultsKey } from '../words/faults.ts'
import { kindOf, kinds } from '../words/kinds.ts'
import type { Kind } from '../words/kinds.ts'

/** One cell on one version of its system, in every run that has it. */
export interface CellOverRuns {
  id: string
  system: CellVerdict['system']
  version: string
  scenario: string
  settings: CellFacts['settings']
  faults: CellFacts['faults']
  /** One for each run, oldest first. */
  points: Pick<CellPoint, 'verdict' | 'counts' | 'recovery'>[]
}

/** The results of one cell over its runs. */
export interface CellSummary {
  cell: CellOverRuns
  runs: number
  /** Of the last run. */
  kind: Kind
  /** How many runs were of each kind, worst kind first. */
  kinds: { kind: Kind; runs: number }[]
  /** Of the runs that are not inconclusive. */
  lost: Range | undefined
  skipped: Range | undefined
  /** Time from the fault to the first acknowledgement after it, ms: median of the runs that have it. */
  firstAckMs: number | undefined
  /** Longest time without an acknowledgement, ms: median of the runs that have it. */
  unavailableMs: number | undefined
}

export interface Range {
  least: number
  most: number
}

export interface FaultRow {
  fault: string
  /** One list of cells for each of `columns`. */
  entries: CellSummary[][]
}

export interface SideBySide {
  columns: { system: string; version: string }[]
  rows: FaultRow[]
}

/** The common name of each role, by system id, such as `{ master: 'leader' }`. */
export type CommonRoles = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Rows that have cells in the most columns come first. */
export function sideBySide(cells: readonly CellOverRuns[], commonRoles: CommonRoles): SideBySide {
  const columnOf = ({ system, version }: CellOverRuns) => `${system}\n${version}`
  const columns = [...new Set(cells.map(columnOf))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const byFault = Map.groupBy(cells, cell => rowName(cell, commonRoles))
  const rows = [...byFault].map(([fault, members]): FaultRow => ({
    fault,
    entries: columns.map(column => members.filter(cell => columnOf(cell) === column).map(summaryOf)),
  }))
  const filledColumns = ({ entries }: FaultRow) => entries.filter(({ length }) => length > 0).length
  return {
    columns: columns.map(column => {
      const [system = '', version = ''] = column.split('\n')
      return { system, version }
    }),
    rows: rows.toSorted((a, b) => filledColumns(b) - filledColumns(a) || a.fault.localeCompare(b.fault)),
  }
}

/** The faults of the cell with common names for the roles, so that two systems share a row. */
function rowName({ system, faults }: CellOverRuns, commonRoles: CommonRoles): string {
  const roles = commonRoles[system] ?? {}
  return faultsKey(faults.map(({ fault, target }) => ({ fault, target: roles[target] ?? target }))) || 'no fault'
}

function summaryOf(cell: CellOverRuns): CellSummary {
  const { points } = cell
  const seen = points.map(kindOf)
  const judged = points.filter(({ verdict }) => verdict !== 'inconclusive')
  return {
    cell,
    runs: points.length,
    kind: seen.at(-1) ?? 'inconclusive',
    kinds: kinds.map(kind => ({ kind, runs: seen.filter(one => one === kind).length })).filter(({ runs }) => runs > 0),
    lost: rangeOf(judged.map(({ counts }) => lostCount(counts))),
    skipped: rangeOf(judged.map(({ counts }) => counts.skipped)),
    firstAckMs: median(points.flatMap(({ recovery }) => recovery.firstAckMs ?? [])),
    unavailableMs: median(points.flatMap(({ recovery }) => recovery.unavailableMs ?? [])),
  }
}

const rangeOf = (values: readonly number[]): Range | undefined =>
  values.length === 0 ? undefined : { least: Math.min(...values), most: Math.max(...values) }

/** The lower of the two middle values of an even list, so that the result is a value that was measured. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}
