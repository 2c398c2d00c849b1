/** Systems and versions under the same fault, beside each other. */
import type { CellVerdict } from '../../../model/verdict.ts'
import { faultWords, kindOf, kinds } from '../page-data/kinds.ts'
import type { Kind } from '../page-data/kinds.ts'
import type { CellFacts, CellPoint } from '../page-data/page-data.ts'

export interface SideCell {
  id: string
  system: CellVerdict['system']
  version: string
  scenario: string
  settings: CellFacts['settings']
  faults: CellFacts['faults']
  /** Of each run that has it, oldest first. */
  points: Pick<CellPoint, 'verdict' | 'counts' | 'recovery'>[]
}

/** What became of one cell in one version, over its runs. */
export interface SideEntry {
  cell: SideCell
  runs: number
  /** Of its last run, and how many runs were of each kind, the worst first. */
  kind: Kind
  kinds: { kind: Kind; runs: number }[]
  /** Of the runs that can tell. */
  lost: Range | undefined
  skipped: Range | undefined
  /** From the fault to the first acknowledgement, and the longest time without one; ms, median of the runs that tell it. */
  firstAckMs: number | undefined
  unavailableMs: number | undefined
}

export interface Range {
  least: number
  most: number
}

export interface SideRow {
  fault: string
  /** In the order of `columns`. */
  entries: SideEntry[][]
}

export interface SideBySide {
  columns: { system: string; version: string }[]
  rows: SideRow[]
}

/** RocketMQ's words for the roles that Kafka's faults are aimed at. */
const sameRole: Readonly<Record<string, string>> = {
  master: 'leader',
  slave: 'follower',
  masters: 'leader',
  slaves: 'follower',
}

/** Faults that more than one system or version has met come first. */
export function sideBySide(cells: readonly SideCell[]): SideBySide {
  const columnOf = ({ system, version }: SideCell) => `${system}\n${version}`
  const columns = [...new Set(cells.map(columnOf))].toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  const byFault = Map.groupBy(cells, cell => faultKey(cell.faults))
  const rows = [...byFault].map(([fault, members]): SideRow => ({
    fault,
    entries: columns.map(column => members.filter(cell => columnOf(cell) === column).map(entryOf)),
  }))
  const met = ({ entries }: SideRow) => entries.filter(({ length }) => length > 0).length
  return {
    columns: columns.map(column => {
      const [system = '', version = ''] = column.split('\n')
      return { system, version }
    }),
    rows: rows.toSorted((a, b) => met(b) - met(a) || a.fault.localeCompare(b.fault)),
  }
}

/** The same fault at the same role, whatever the system calls it. */
export function faultKey(faults: CellFacts['faults']): string {
  const words = faultWords(faults.map(({ fault, target }) => ({ fault, target: sameRole[target] ?? target })))
  return words === '' ? 'no fault' : words
}

function entryOf(cell: SideCell): SideEntry {
  const { points } = cell
  const seen = points.map(kindOf)
  const told = points.filter(({ verdict }) => verdict !== 'inconclusive')
  return {
    cell,
    runs: points.length,
    kind: seen.at(-1) ?? 'inconclusive',
    kinds: kinds.map(kind => ({ kind, runs: seen.filter(one => one === kind).length })).filter(({ runs }) => runs > 0),
    lost: rangeOf(told.map(({ counts }) => counts.lost + counts.clientLost)),
    skipped: rangeOf(told.map(({ counts }) => counts.skipped)),
    firstAckMs: median(points.flatMap(({ recovery }) => recovery.firstAckMs ?? [])),
    unavailableMs: median(points.flatMap(({ recovery }) => recovery.unavailableMs ?? [])),
  }
}

const rangeOf = (values: readonly number[]): Range | undefined =>
  values.length === 0 ? undefined : { least: Math.min(...values), most: Math.max(...values) }

/** The lower of the two in the middle, so that it is one that was measured. */
export function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]
}

/** The version under which a system runs, from run.json's list. */
export const versionOf = (system: string, versions: Readonly<Record<string, string>>): string => versions[system] ?? ''
